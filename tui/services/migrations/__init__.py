"""Schema migrations of the history database, one module a version."""
