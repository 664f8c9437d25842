"""Jobs: thin functions that take ids, may run twice or late, and claim their row before they touch it."""
