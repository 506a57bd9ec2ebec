"""Promises are tried through the real HTTP server too, and with an engine in this process."""

from tests.api.conftest import base_url, http, key, site
from tests.engine.conftest import engine, stage

__all__ = ["base_url", "engine", "http", "key", "site", "stage"]
