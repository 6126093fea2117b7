"""Great Expectations suites for raw tables and for the totals about to be published."""
