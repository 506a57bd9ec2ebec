"""`tearoff codes`: make and check codes that prove themselves, without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from secrets import randbits

import click

from tearoff.clock import Clock
from tearoff.domain import signed_codes, vendor_codes
from tearoff.domain.signed_codes import Signed
from tearoff.errors import Misconfigured

key_option = click.option(
    "--key-file", required=True, type=click.Path(path_type=Path), help="A file that holds the key, at least 16 bytes."
)


@click.group()
def codes() -> None:
    """Codes that carry their own truth: sign them here, check them offline in a shop."""


@codes.command()
@key_option
@click.option("--expires-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day that counts.")
@click.option("--discount", default=0, show_default=True, type=click.IntRange(0, signed_codes.DISCOUNT_MAX))
@click.option("--type", "kind", default=0, show_default=True, type=click.IntRange(0, signed_codes.TYPE_MAX))
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, 1_000_000))
def sign(key_file: Path, expires_on: datetime, discount: int, kind: int, count: int) -> None:
    """Print signed codes, each different."""
    key = read_key(key_file)
    for _ in range(count):
        click.echo(signed_codes.sign(Signed(expires_on.date(), discount, kind, randbits(40)), key))


@codes.command()
@key_option
@click.argument("code")
def verify(key_file: Path, code: str) -> None:
    """Say what CODE says; exit status 1 when it is not genuine or its last day is over."""
    said = signed_codes.read(code, read_key(key_file))
    if said is None:
        raise click.ClickException("This code was not signed with the key.")
    click.echo(f"genuine\tdiscount {said.discount}\ttype {said.type}\tthrough {said.expires_on}")
    if said.expires_on < Clock().now().astimezone(UTC).date():
        raise click.ClickException("The code is genuine, and its last day is over.")


@codes.command()
@click.option("--key", required=True, envvar="TEAROFF_VENDOR_KEY", help="The vendor's key of 24 characters.")
@click.argument("code")
def decode(key: str, code: str) -> None:
    """Say what CODE of the vendor's block *Create promo code* says; exit status 1 when it is none."""
    said = vendor_codes.decode(code, key)
    if said is None:
        raise click.ClickException("This is no code of the vendor's, or not made with this key.")
    click.echo(f"type {said.type}\tdiscount {said.discount}\tthrough {said.expires_on}")


def read_key(path: Path) -> bytes:
    """The key in a file, without the line's end; raises Misconfigured."""
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise Misconfigured(f"The key file cannot be read: {error.strerror}.") from error
    if len(key) < signed_codes.KEY_BYTES_MIN:
        raise Misconfigured(f"The key has {len(key)} bytes; at least {signed_codes.KEY_BYTES_MIN} are needed.")
    return key
