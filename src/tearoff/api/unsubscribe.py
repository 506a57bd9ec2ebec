"""Where List-Unsubscribe leads: one click from the mail program (RFC 8058), or a page with one button for a person."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response
from litestar.params import Parameter

from tearoff.actions import unsubscribes
from tearoff.api.routing import Route

Token = Annotated[str, Parameter(max_length=2000)]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="robots" content="noindex">
<title>{title}</title><body style="font-family:sans-serif;max-width:30em;margin:4em auto"><h1>{title}</h1>{body}"""
ASK = PAGE.format(title="Unsubscribe", body='<form method="post"><button>Stop these mails</button></form>')
DONE = PAGE.format(title="Unsubscribed", body="<p>You will get no more mails from this sender.</p>")


async def ask(request: Request[Any, Any, Any], token: Token) -> Response[str]:
    """A page with a button: opening the link changes nothing, because mail scanners open links too."""
    unsubscribes.read(request.app.state.site.cipher, token)
    return Response(ASK, media_type="text/html")


async def unsubscribe(request: Request[Any, Any, Any], token: Token) -> Response[str]:
    """Never write to the address of the link again."""
    site = request.app.state.site
    whom = unsubscribes.read(site.cipher, token)
    async with site.db.transaction() as tx:
        await unsubscribes.unsubscribe(tx, whom, now=site.clock.now())
    return Response(DONE, media_type="text/html")


ROUTES = [
    Route("GET", "/u/{token:str}", "open", ask),
    Route("POST", "/u/{token:str}", "open", unsubscribe, accepts="any"),
]
