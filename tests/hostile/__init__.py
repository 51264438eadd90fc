"""An app whose plots do what they must not, to show that a render process may."""
