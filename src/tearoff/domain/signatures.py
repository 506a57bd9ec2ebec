"""Signatures of webhooks: who has the secret can tell that a call came from here, when, and that it is whole.

The form is that of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, the secret as base64 behind `whsec_`.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

SECRET_BYTES = 32
PREFIX = "whsec_"
ROTATION = timedelta(hours=24)
"""How long calls are signed with the old secret too, so that a receiver may change over at leisure."""


def shown(secret: bytes) -> str:
    """The secret as its owner gets it, once."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secrets: Sequence[bytes], id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a call: its id, the same in every repeat, the instant in seconds, and a signature a secret."""
    seconds = str(int(at.timestamp()))
    signed = b".".join((id.encode(), seconds.encode(), body))
    marks = [base64.b64encode(hmac.digest(secret, signed, sha256)).decode() for secret in secrets]
    found = {"webhook-id": id, "webhook-timestamp": seconds}
    return found | ({"webhook-signature": " ".join(f"v1,{mark}" for mark in marks)} if marks else {})
