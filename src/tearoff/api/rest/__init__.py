"""Our own REST API, under /v1."""
