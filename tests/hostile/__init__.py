"""An app with hostile kinds and sources, for tests of render processes."""
