"""`tearoff openapi`: the contract of the REST API, as a file to make clients from."""

from __future__ import annotations

import click
import msgspec


@click.command()
def openapi() -> None:
    """Print openapi.json; the served one is the same. Needs no database."""
    click.echo(document())


def document() -> str:
    """OpenAPI 3.1 of every route that stands in it, indented."""
    from tearoff.api.app import create_app

    schema = create_app(None).openapi_schema.to_schema()
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=2).decode()
