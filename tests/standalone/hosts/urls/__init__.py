"""The ways in which projects include the URLs of plots."""
