"""Every error that a caller may meet, with the facts that explain it.

TearoffError
├── Invalid          the request breaks rules; carries all problems at once
├── Unauthorized     no key, or a key that is not known
├── Forbidden        the key's scope, or the person's role, does not cover this
│   ├── PasswordTemporary    the password must be changed first
│   ├── CsrfMismatch         a browser's write came without the token of its session
│   └── OtherProject         a browser's page shows another project than its session has open
├── NotFound         nothing here has that name, or it belongs to another project
├── Conflict         the request contradicts what is already so
│   ├── KeyReused        the same idempotency or claim key with another request
│   ├── ClaimReturned    the key of a returned claim is spent
│   ├── CapReached       the contact has had as many codes as the pool allows
│   ├── NotIssuable      the code or pool is not there to be handed out
│   ├── DraftChanged     somebody saved another draft since this one was begun
│   ├── OutsideWindow    the code or pool is handed out at another time
│   └── NotRedeemable    the code cannot be used now, or not by this contact
├── PoolEmpty        no code fits
├── Throttled        too many codes were named that are not the caller's
├── Overloaded       the queue is at its bound; try again later
├── Unavailable      the database does not answer; the outcome of what was under way is unknown
│   └── StorageFull      the database has no room left; nothing was changed
├── TooLarge         a body or batch passes its limit
├── Unreadable       a body has a content type that the route does not read
│   └── Packed           a body is compressed
├── LeaseLost        somebody else took the work over
├── TemplateError    a template cannot be compiled or rendered (velocity/ derives from it)
├── DeliveryFailed   a channel refused or did not answer
├── SourceFailed     a data source refused or did not answer
└── Misconfigured    a setting or file of the operator is wrong

`type` is the stable code of docs/reference/errors.md; `str(error)` is a sentence for people.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with a request: a JSON pointer (or `line N`) and a sentence."""

    pointer: str
    detail: str


class TearoffError(Exception):
    """The root of the tree; `type` is stable, the message is for people."""

    type: ClassVar[str] = "error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(TearoffError):
    """The request breaks rules; `problems` holds every one of them."""

    type = "invalid"

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.pointer}: {p.detail}" if p.pointer else p.detail for p in problems))
        self.problems = problems


class Unauthorized(TearoffError):
    """No key was sent, or it is not a live key."""

    type = "unauthorized"


class Forbidden(TearoffError):
    """The caller is known, but their scope or role does not cover the route."""

    type = "forbidden"


class PasswordTemporary(Forbidden):
    """The person signed in with a one-time password and must change it first."""

    type = "password-temporary"

    def __init__(self) -> None:
        super().__init__("The password is for one time; change it first.")


class CsrfMismatch(Forbidden):
    """A write of a browser does not carry the token of its session."""

    type = "csrf-token"

    def __init__(self) -> None:
        super().__init__("Send the csrfToken of GET /v1/session in the header X-CSRF-Token.")


class OtherProject(Forbidden):
    """The page that asks shows another project than the one that its session has open by now."""

    type = "other-project"

    def __init__(self) -> None:
        super().__init__("Another project is open in this browser by now; nothing was read or changed.")


class NotFound(TearoffError):
    """Nothing in this project has that name."""

    type = "not-found"

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"No {kind} {key!r} in this project.")
        self.kind, self.key = kind, key


class Conflict(TearoffError):
    """The request contradicts what is already so."""

    type = "conflict"


class KeyReused(Conflict):
    """The same key came with another request."""

    type = "key-reused"

    def __init__(self, key: str) -> None:
        super().__init__(f"The key {key!r} was used before with another request.")
        self.key = key


class ClaimReturned(Conflict):
    """The claim under this key was returned, or its code revoked; the key is spent."""

    type = "claim-returned"

    def __init__(self, key: str) -> None:
        super().__init__(f"The claim under the key {key!r} was returned or revoked; claim again under a new key.")
        self.key = key


class NotRedeemable(Conflict):
    """The code cannot be used; `status` is one of the nine that a code can have, `reason` the rule behind it."""

    type = "not-redeemable"

    def __init__(self, status: str, reason: str | None, detail: str) -> None:
        super().__init__(detail)
        self.status, self.reason = status, reason or status
        self.rule = reason


class CapReached(Conflict):
    """The contact has had as many codes of the pool as its cap allows."""

    type = "cap-reached"

    def __init__(self, pool: str) -> None:
        super().__init__(f"The contact has had as many codes of the pool {pool!r} as it may.")
        self.pool = pool


class NotIssuable(Conflict):
    """The code or the pool is not there to be handed out."""

    type = "not-issuable"


class OutsideWindow(Conflict):
    """The code or the pool is handed out at another time."""

    type = "outside-issue-window"


class DraftChanged(Conflict):
    """Somebody saved another draft since the one that this is based on."""

    type = "draft-changed"

    def __init__(self, key: str, by: str, at: datetime) -> None:
        when = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        super().__init__(
            f"{by or 'Somebody'} saved another draft of the workflow {key!r} at {when}, so this one was not saved; "
            "look at it, or save yours over it."
        )
        self.key, self.by, self.at = key, by, at


class PoolEmpty(TearoffError):
    """No code of the pool fits the criteria now."""

    type = "pool-empty"

    def __init__(self, pool: str, criteria: str = "") -> None:
        super().__init__(f"No code of the pool {pool!r} fits{criteria and ' ' + criteria}.")
        self.pool = pool


class Throttled(TearoffError):
    """Somebody asks too often, or named too many codes that are not theirs; `retry_after` is in seconds."""

    type = "throttled"

    def __init__(self, retry_after: int, detail: str = "Too many codes were tried; try again later.") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Overloaded(TearoffError):
    """Too many requests wait already; `retry_after` is in seconds."""

    type = "overloaded"

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__("Too many requests are waiting; try again shortly.")
        self.retry_after = retry_after


class Unavailable(TearoffError):
    """The database does not answer, or the connection was lost; ask again with the same keys."""

    type = "unavailable"

    def __init__(self, detail: str = "The database does not answer; try again shortly.") -> None:
        super().__init__(detail)


class StorageFull(Unavailable):
    """The database has no room left; `retry_after` is in seconds."""

    type = "storage-full"
    retry_after = 60

    def __init__(self) -> None:
        super().__init__("The database has no room left, so nothing was changed; its operator must make room.")


class TooLarge(TearoffError):
    """A body or a batch passes its limit."""

    type = "too-large"

    def __init__(self, what: str, limit: str) -> None:
        super().__init__(f"The {what} is larger than {limit}.")


class Unreadable(TearoffError):
    """The body has a content type that this route does not read."""

    type = "unreadable"

    def __init__(self, content_type: str, wanted: str = "application/json") -> None:
        super().__init__(f"The content type {content_type!r} is not read here; send {wanted}.")


class Packed(Unreadable):
    """The body is compressed, and routes read bodies only as they are."""

    def __init__(self, encoding: str) -> None:
        TearoffError.__init__(self, f"The content encoding {encoding[:40]!r} is not read here; send the body as it is.")


class LeaseLost(TearoffError):
    """The lease ran out and somebody else took the work over."""

    type = "lease-lost"


class TemplateError(TearoffError):
    """A template cannot be compiled or rendered."""

    type = "template"


class DeliveryFailed(TearoffError):
    """A channel did not take a message.

    `permanent`: trying again cannot help. `is_definite`: the message surely never left; False when the outcome is
    unknown, as after a connection lost behind DATA.
    """

    type = "delivery-failed"

    def __init__(
        self, detail: str, *, permanent: bool, is_definite: bool = True, retry_after: float | None = None
    ) -> None:
        super().__init__(detail)
        self.permanent, self.is_definite, self.retry_after = permanent, is_definite, retry_after


class SourceFailed(TearoffError):
    """A data source gave no usable answer; `permanent`: trying again cannot help."""

    type = "source-failed"

    def __init__(self, name: str, detail: str, *, permanent: bool) -> None:
        super().__init__(f"The data source {name!r}: {detail}")
        self.name, self.permanent = name, permanent


class Misconfigured(TearoffError):
    """A setting, file or environment of the operator is wrong; the sentence says what to do."""

    type = "misconfigured"
