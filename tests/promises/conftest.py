"""Promises are tried through the real HTTP server too."""

from tests.api.conftest import base_url, http, key, site

__all__ = ["base_url", "http", "key", "site"]
