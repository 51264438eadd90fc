"""An app of the tests: a table with a column of each sort, for what a database is asked."""
