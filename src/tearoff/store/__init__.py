"""PostgreSQL; the only place with SQL. One file a noun."""
