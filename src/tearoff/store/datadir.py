"""The data folder of the bundled PostgreSQL: what lies where, which user owns it, and the locks its users hold.

<data folder>/   gate          taken alone while somebody starts or stops the server
                 users         shared by every process that uses the server; who gets it alone is the last
                 secret        the password of the database's only role
                 server.conf   the settings, written at each start; operator.conf beside it is the operator's and wins
                 pgdata/       the cluster
                 socket/       the unix socket, in a folder of its own with mode 0700
                 log/          the server's own log, one file a weekday
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from tearoff.clock import monotonic
from tearoff.errors import Misconfigured

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES_MAX = 103  # Linux takes 107, macOS 103
GATE_SECONDS_MAX = 360
UNPRIVILEGED = "nobody"


class Owner(msgspec.Struct, frozen=True):
    """The user that the server runs as; `is_other` when that is not the user of this process."""

    uid: int
    gid: int
    is_other: bool

    def run(self, *command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as the owner, with a clean environment, and capture what it says."""
        if self.is_other:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        words = [str(word) for word in command]
        return subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False, **options
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether the owner reaches this folder; asked of the kernel, as access lists count too."""
        return self.run("/bin/sh", "-c", 'cd -- "$0"', folder).returncode == 0

    def make(self, folder: Path) -> None:
        """Make a folder that only the owner reads, or check that an existing one is such."""
        try:
            folder.mkdir(mode=0o700)
            os.chown(folder, self.uid, self.gid)
        except FileExistsError:
            found = folder.lstat()
            if found.st_uid != self.uid or found.st_mode & 0o170077 != 0o040000:
                raise Misconfigured(f"{folder} must be a folder that only user {self.uid} can read (0700).") from None


class DataDir:
    """The paths, the owner and the locks of one data folder; made and checked by `prepare`."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self.cluster = self.path / "pgdata"
        self.secret = self.path / "secret"
        self.log = self.path / "log"
        self.socket = self._socket_folder()
        self.owner = self._owner()

    def prepare(self) -> None:
        """Make the folders and the secret; raises Misconfigured with the reason where that cannot be."""
        try:
            if not self.path.exists():
                self._check_reach(next(folder for folder in self.path.parents if folder.exists()))
                self.path.mkdir(parents=True)
                self.path.chmod(0o711 if self.owner.is_other else 0o700)
            self._check_reach(self.path)
            for folder in (self.socket, self.log):
                self.owner.make(folder)
        except OSError as error:
            raise Misconfigured(f"The data folder {self.path} cannot be used: {error}.") from error

    def password(self) -> str:
        """The secret of this folder, made at the first call."""
        if not self.secret.exists():
            if self.cluster.exists():
                raise Misconfigured(f"{self.secret} is missing, and {self.cluster} cannot be opened without it.")
            fresh = self.secret.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32))
                os.fchown(file.fileno(), self.owner.uid, self.owner.gid)
                os.fsync(file.fileno())
            fresh.rename(self.secret)
        return self.secret.read_text(encoding="ascii").strip()

    @contextmanager
    def gate(self) -> Iterator[None]:
        """Nobody else starts or stops the server inside this block."""
        with open(self._lock_file("gate"), "rb") as file:
            end = monotonic() + GATE_SECONDS_MAX
            while not locked(file.fileno(), fcntl.LOCK_EX):
                if monotonic() > end:
                    raise Misconfigured(f"Another process has held {self.path / 'gate'} for {GATE_SECONDS_MAX} s.")
                time.sleep(0.02)
            yield

    def enter(self) -> int:
        """Become a user of the server: a descriptor that holds the shared lock until it is closed."""
        descriptor = self._lock_file("users")
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        return descriptor

    def occupants(self) -> list[int]:
        """The processes that still work in the cluster, also those whose postmaster is dead; needs /proc."""
        return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _works_in(entry, self.cluster)]

    def _lock_file(self, name: str) -> int:
        try:
            return os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Misconfigured(f"The data folder {self.path} cannot be used: {error}.") from error

    def _socket_folder(self) -> Path:
        inside = self.path / "socket"
        if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX:
            return inside
        return Path("/tmp") / f"tearoff-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]}"

    def _owner(self) -> Owner:
        """Who owns the cluster already; else this user, or nobody in the place of root."""
        me = os.geteuid()
        try:
            found = self.cluster.stat()
            uid, gid = found.st_uid, found.st_gid
        except OSError:
            uid, gid = me, os.getegid()
        if me not in (0, uid):
            raise Misconfigured(f"{self.cluster} belongs to user {uid}; run as that user, or as root.")
        if uid == 0:
            entry = pwd.getpwnam(UNPRIVILEGED)
            uid, gid = entry.pw_uid, entry.pw_gid
        return Owner(uid, gid, uid != me)

    def _check_reach(self, path: Path) -> None:
        if not self.owner.is_other or self.owner.can_enter(path):
            return
        wall = next(folder for folder in [*reversed(path.parents), path] if not self.owner.can_enter(folder))
        raise Misconfigured(
            f"PostgreSQL does not run as root but as user {self.owner.uid}, which cannot enter {wall}: "
            f"choose a data folder that it can reach, such as /var/lib/tearoff."
        )


def locked(descriptor: int, kind: int) -> bool:
    """Try to take a file lock without waiting."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _works_in(entry: Path, folder: Path) -> bool:
    try:
        return (entry / "cwd").readlink() == folder
    except OSError:
        return False
