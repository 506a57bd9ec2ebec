"""The bundled PostgreSQL: started when the first process of ours comes, stopped when the last one leaves.

    running = start(None)      # or a folder
    … running.url …
    running.close()

A killed process leaves nothing to repair: its locks fall with it, a server that still lives is used again, and one that
is dead is started once its last backend is gone.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shlex
import shutil
import socket
import sys
import time
from pathlib import Path
from subprocess import CompletedProcess
from types import TracebackType
from typing import Self

import psycopg
from psycopg.conninfo import make_conninfo

from tearoff.clock import monotonic
from tearoff.config import default_data_dir
from tearoff.errors import Misconfigured
from tearoff.store import queries
from tearoff.store.datadir import SOCKET_NAME, DataDir, locked
from tearoff.store.memory import buffers_mb, memory_mb
from tearoff.store.programs import binaries, reachable

__all__ = ["Bundled", "Running", "binaries", "start"]

START_SECONDS_MAX = 300  # recovery after a crash replays up to max_wal_size
STOP_SECONDS_MAX = 60
LAUNCHES_MAX = 3  # without /proc, left-over backends show only by a launch that fails
PAUSE_SECONDS = 0.05
SETTINGS = Path(__file__).parent / "embedded.conf"
SQL = queries.load("server")


def start(data_dir: Path | None = None) -> Running:
    """A running server on this folder, used by this process until `close()`; safe when several start at once."""
    return Bundled(data_dir or default_data_dir(is_root=os.geteuid() == 0)).start()


class Running:
    """This process's share in a running server."""

    def __init__(self, bundled: Bundled, url: str, presence: int) -> None:
        self.url = url
        self.direct_url = url
        self._bundled = bundled
        self._presence: int | None = presence

    def revive(self) -> bool:
        """Start the server again if it died under us; True when that was needed."""
        return not self._bundled.listens() and self._bundled.bring_up()

    def close(self) -> None:
        """Leave; the last to leave stops the server. A second call does nothing."""
        if self._presence is not None:
            presence, self._presence = self._presence, None
            self._bundled.leave(presence)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class Bundled:
    """The launcher of one data folder; `source` is the folder of the programs."""

    def __init__(self, data_dir: Path, source: Path | None = None) -> None:
        self.dir = DataDir(data_dir)
        self._source = source or binaries()
        self._bin = self._source
        self._password = ""

    def start(self) -> Running:
        """Take part in the server of this folder, making and starting it where needed."""
        self.dir.prepare()
        with self.dir.gate():
            self._bin = reachable(self._source, self.dir.owner, self.dir.path)
            self._password = self.dir.password()
            self._initialise()
            presence = self.dir.enter()
            try:
                self._bring_up()
                self._create_database()
            except BaseException:
                os.close(presence)
                raise
        return Running(self, self._conninfo("tearoff"), presence)

    def leave(self, presence: int) -> None:
        """Give the presence back, and stop the server if no other process holds one."""
        with self.dir.gate():
            try:
                if locked(presence, fcntl.LOCK_EX):
                    self._stop()
            finally:
                os.close(presence)

    def is_alive(self) -> bool:
        """Whether the server answers a query."""
        try:
            with psycopg.connect(self._conninfo("postgres"), connect_timeout=5) as conn:
                conn.execute(SQL.alive)
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Misconfigured(f"{self.dir.secret} is not the password of {self.dir.cluster}.") from error
            return False
        return True

    def listens(self) -> bool:
        """Whether a postmaster holds the socket, ready for queries or not."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            try:
                probe.connect(str(self.dir.socket / SOCKET_NAME))
            except (ConnectionRefusedError, FileNotFoundError):
                return False
            except OSError:
                return True
        return True

    def bring_up(self) -> bool:
        """Start the server unless it lives; True when it had to be started."""
        with self.dir.gate():
            return self._bring_up()

    def _bring_up(self) -> bool:
        began, launches = monotonic(), 0
        while not self.is_alive():
            # who listens is starting, recovering or stopping; who still works in the cluster is about to notice
            # that its postmaster is dead: both are waited for, never fought
            if not self.listens() and not self.dir.occupants():
                if launches == LAUNCHES_MAX:
                    raise Misconfigured(f"The bundled PostgreSQL does not start. {self._last_words()}")
                launches += 1
                self._launch()
            if monotonic() - began > START_SECONDS_MAX:
                raise Misconfigured(f"The bundled PostgreSQL does not answer. {self._last_words()}")
            time.sleep(PAUSE_SECONDS)
        return launches > 0

    def _launch(self) -> None:
        if sys.platform == "linux":
            # their process ids may belong to strangers by now; nobody listens and nobody works here, so they are stale
            for stale in (self.dir.cluster / "postmaster.pid", self.dir.socket / f"{SOCKET_NAME}.lock"):
                stale.unlink(missing_ok=True)
        options = f"-c config_file={shlex.quote(str(self._write_settings()))}"
        words = ("-D", self.dir.cluster, "-l", self.dir.log / "start.log", "-o", options)
        self._pg("pg_ctl", "start", *words, "-w", "-t", str(START_SECONDS_MAX))

    def _stop(self) -> None:
        if not self.listens():
            return
        done = self._pg("pg_ctl", "stop", "-D", self.dir.cluster, "-m", "fast", "-w", "-t", str(STOP_SECONDS_MAX))
        if done.returncode and self.listens():
            raise Misconfigured(f"The bundled PostgreSQL does not stop. {done.stderr.strip()}")

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there, so that a crash leaves none or a whole one."""
        for left in self.dir.path.glob("pgdata-*"):
            shutil.rmtree(left, ignore_errors=True)
        major = self._pg("postgres", "--version").stdout.split()[-1].split(".")[0]
        version = self.dir.cluster / "PG_VERSION"
        if version.exists():
            if version.read_text().strip() != major:
                raise Misconfigured(f"{self.dir.cluster} is of PostgreSQL {version.read_text().strip()}, not {major}.")
            return
        # a name of its own: the initdb of a killed process may still write into the last one
        fresh = self.dir.path / f"pgdata-{secrets.token_hex(4)}"
        self.dir.owner.make(fresh)
        words = (
            "--username=tearoff",
            f"--pwfile={self.dir.secret}",
            "--auth-local=scram-sha-256",
            "--auth-host=reject",
        )
        for letters in ("C.UTF-8", "C"):  # not every system has the first; without it only ASCII letters change case
            done = self._pg("initdb", *words, "-E", "UTF8", "--locale=C", f"--lc-ctype={letters}", "-D", fresh)
            if done.returncode == 0:
                fresh.rename(self.dir.cluster)
                return
        raise Misconfigured(f"The bundled PostgreSQL cannot make its cluster. {done.stderr.strip()}")

    def _create_database(self) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as conn:
            if conn.execute(SQL.has_database, {"name": "tearoff"}).fetchone() is None:
                conn.execute(SQL.create_database)

    def _write_settings(self) -> Path:
        """Settings are ours and written at each start; an operator's own stand in operator.conf beside them and win.

        They stay out of the cluster: root must not write where the server's user could have laid a link.
        """
        text = SETTINGS.read_text(encoding="utf-8")
        places = {"unix_socket_directories": self.dir.socket, "log_directory": self.dir.log}
        for name, folder in places.items():
            text += f"{name} = '{str(folder).replace(chr(39), chr(39) * 2)}'\n"
        memory = memory_mb()
        text += f"shared_buffers = {buffers_mb(memory)}MB\neffective_cache_size = {max(256, memory // 2)}MB\n"
        fresh = self.dir.path / "server.conf.new"
        fresh.write_text(text + "include_if_exists = 'operator.conf'\n", encoding="utf-8")
        fresh.chmod(0o644)
        return fresh.rename(self.dir.path / "server.conf")

    def _pg(self, program: str, *words: str | Path) -> CompletedProcess[str]:
        return self.dir.owner.run(self._bin / program, *words, cwd=self.dir.path)

    def _conninfo(self, database: str) -> str:
        return make_conninfo(
            host=str(self.dir.socket), port=5432, user="tearoff", password=self._password, dbname=database
        )

    def _last_words(self) -> str:
        """The end of the newest log, for the operator."""
        logs = sorted(self.dir.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        return f"{logs[-1]} ends: {logs[-1].read_text(errors='replace')[-600:].strip()}" if logs else ""
