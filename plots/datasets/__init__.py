"""Uploaded tables: read, checked, kept as Parquet in Django's storage, and drawn as any source."""
