"""The gallery, and the page and picture of each preset."""
