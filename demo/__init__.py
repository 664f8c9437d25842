"""The demo: two schools, a course a child could use, real timetables. All of its people are made up."""
