"""People: what each role may do, and how an email is compared."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime
from typing import Literal, get_args

import msgspec

from tearoff.errors import Problem

Role = Literal["owner", "editor", "viewer"]
ROLES: tuple[str, ...] = get_args(Role)
EMAIL_MAX, NAME_MAX = 254, 200
EMAIL = re.compile(r"[^@\s<>\"'(),:;\\]+@[^@\s<>\"'(),:;\\]+")
RIGHTS_NEEDED = {"reveal": "may_reveal", "export": "may_export"}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in; of the installation, not of a project."""

    person_id: int
    email: str
    name: str
    password_hash: str
    is_password_temporary: bool
    is_administrator: bool
    language: str
    last_project_id: int | None
    created_at: datetime
    disabled_at: datetime | None
    last_seen_at: datetime | None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in person in the project that is open: one of the two kinds of callers, beside the API key."""

    project_id: int
    person_id: int
    email: str
    role: Role
    may_reveal: bool
    may_export: bool
    is_administrator: bool

    @property
    def name(self) -> str:
        """What logs of changes call the caller."""
        return self.email

    @property
    def subject(self) -> str:
        """Against whom wrong guesses of codes are counted."""
        return f"person:{self.person_id}"

    @property
    def facts(self) -> dict[str, int]:
        """What the audit log notes beside the name."""
        return {"personId": self.person_id}

    @property
    def standing(self) -> str:
        """How a refusal names the caller."""
        return f"The role {self.role!r}"

    def may(self, need: str, method: str) -> bool:
        """Whether the person may call a route: rights open codes in full and exports, roles everything else."""
        right = RIGHTS_NEEDED.get(need)
        if right is not None and not getattr(self, right):
            return False
        if method == "GET" or self.role == "owner":
            return True
        return self.role == "editor" and need != "administer"


def normalised_email(text: str) -> str:
    """The email as it is kept and compared."""
    return unicodedata.normalize("NFC", text.strip()).lower()


def email_problems(email: str, pointer: str = "/email") -> list[Problem]:
    """What is wrong with a normalised email; `somebody@localhost` is one."""
    if EMAIL.fullmatch(email) and len(email) <= EMAIL_MAX and email.isprintable():
        return []
    return [Problem(pointer, f"This is not an email address of at most {EMAIL_MAX} characters.")]


def name_problems(name: str) -> list[Problem]:
    """What is wrong with a person's name; it may be empty."""
    if len(name) <= NAME_MAX and (not name or name.isprintable()):
        return []
    return [Problem("/name", f"A name has at most {NAME_MAX} printable characters.")]


def fresh_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hash_of_token(token: str) -> bytes:
    """What is kept of such a token: it is random, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).digest()
