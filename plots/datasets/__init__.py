"""Optional app of uploaded tables, which are stored as Parquet files and drawn as sources."""
