"""An app with a table that has a column of each type, for tests of queries."""
