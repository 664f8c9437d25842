# Thin names for `python3 run.py …`, which does the work and runs where there is no make.
.PHONY: help run test check bench
help: ## these lines
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)
run: ## set up and serve
	@python3 run.py
test: ## set up and test; ARGS="-k outbox" for pytest
	@python3 run.py test $(ARGS)
check: ## ruff and mypy
	@python3 run.py check
bench: ## the benchmarks
	@python3 run.py bench $(ARGS)
