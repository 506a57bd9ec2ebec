"""The bundled PostgreSQL lives through everything that processes do to each other."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tearoff.errors import Misconfigured
from tearoff.store import embedded
from tearoff.store.datadir import SOCKET_NAME
from tearoff.store.db import Database, fetch_value
from tearoff.store.embedded import Bundled

is_root = os.geteuid() == 0
as_root = pytest.mark.skipif(not is_root, reason="needs root: it is about the server's own user")
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")

USER = """
import sys
from pathlib import Path
from tearoff.store.embedded import start
running = start(Path(sys.argv[1]))
print("up", flush=True)
sys.stdin.readline()
running.close()
print("left", flush=True)
"""


class User:
    """A process of ours that uses the server until it is told to leave."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-c", USER, str(folder)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def hear(self, word: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == word

    def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.hear("left")
        self.process.wait()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A data folder made once; tests leave its server stopped."""
    path = Path(tempfile.mkdtemp(prefix="tearoff-test-"))
    path.chmod(0o711)
    yield path
    for pid in Bundled(path).dir.occupants():
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(path)


@pytest.fixture
def fresh() -> Iterator[Path]:
    """An empty folder that the server's user can enter."""
    path = Path(tempfile.mkdtemp(prefix="tearoff-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def postmaster(folder: Path) -> int:
    return int((folder / "pgdata" / "postmaster.pid").read_text().split()[0])


def is_stopped(folder: Path) -> bool:
    return not (folder / "pgdata" / "postmaster.pid").exists() and not Bundled(folder).dir.occupants()


def answer(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as conn:
        row = conn.execute(query).fetchone()
        assert row is not None
        return row[0]


PATIENCE_SECONDS = 60.0


def kill_postmaster(folder: Path) -> None:
    """Kill the server without a farewell, and wait until nobody listens."""
    bundled = Bundled(folder)
    os.kill(postmaster(folder), signal.SIGKILL)
    end = time.monotonic() + PATIENCE_SECONDS
    while bundled.listens():
        assert time.monotonic() < end
        time.sleep(0.01)


def forked(act: Callable[[], None]) -> int:
    """Run `act` in a child that is nobody, and give its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        if is_root:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        act()
        status = 0
    finally:
        os._exit(status)


def test_two_that_start_at_once_share_a_server_and_the_last_one_stops_it(cluster: Path) -> None:
    first, second = User(cluster), User(cluster)
    first.hear("up")
    second.hear("up")
    pid = postmaster(cluster)
    first.leave()
    assert postmaster(cluster) == pid
    with embedded.start(cluster) as running:
        assert answer(running.url, "SELECT 1") == 1
    assert postmaster(cluster) == pid, "a short visit, as of doctor, stops nothing that somebody uses"
    second.leave()
    assert is_stopped(cluster)


def test_after_kill_9_of_everything_it_starts_again_with_its_data(cluster: Path) -> None:
    user = User(cluster)
    user.hear("up")
    with embedded.start(cluster) as running, psycopg.connect(running.url) as conn:
        conn.execute("CREATE TABLE kept AS SELECT 42 AS n")
    user.kill()
    for pid in Bundled(cluster).dir.occupants():
        os.kill(pid, signal.SIGKILL)
    with embedded.start(cluster) as running:
        assert answer(running.url, "SELECT n FROM kept") == 42
    assert is_stopped(cluster)


def test_after_kill_9_of_its_users_the_server_is_used_again_and_then_stopped(cluster: Path) -> None:
    user = User(cluster)
    user.hear("up")
    user.kill()
    pid = postmaster(cluster)
    with embedded.start(cluster) as running:
        assert answer(running.url, "SELECT 1") == 1
        assert postmaster(cluster) == pid
    assert is_stopped(cluster)


@on_linux
def test_a_backend_that_outlives_its_postmaster_is_waited_for(cluster: Path) -> None:
    busy = "DO $$ DECLARE until timestamptz := clock_timestamp() + interval '5 s'; BEGIN "
    busy += "WHILE clock_timestamp() < until LOOP END LOOP; END $$"
    with embedded.start(cluster) as running:
        conn = psycopg.connect(running.url, autocommit=True)
        backend = conn.info.backend_pid
        thread = threading.Thread(target=conn.execute, args=[busy])
        thread.start()
        busy_now = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {backend} AND state = 'active'"
        while not answer(running.url, busy_now):
            time.sleep(0.01)
        kill_postmaster(cluster)
        assert backend in Bundled(cluster).dir.occupants()
        assert running.revive()
        assert backend not in Bundled(cluster).dir.occupants()
        thread.join()
        assert not running.revive(), "a living server is left alone"


async def test_transactions_go_on_after_the_server_was_killed_and_revived(cluster: Path) -> None:
    with embedded.start(cluster) as running:
        db = await Database.open(running.url, patience=timedelta(seconds=20))
        for _ in range(2):
            async with db.transaction() as tx:
                assert await fetch_value(tx, "SELECT 1", None, int) == 1
            kill_postmaster(cluster)
            assert running.revive()
        async with db.transaction() as tx:
            assert await fetch_value(tx, "SELECT 1", None, int) == 1
        await db.close()


@on_linux
def test_a_stale_pid_file_that_names_a_stranger_does_not_hinder(cluster: Path) -> None:
    with embedded.start(cluster):
        text = (cluster / "pgdata" / "postmaster.pid").read_text()
    stranger = subprocess.Popen(["sleep", "60"], user=Bundled(cluster).dir.owner.uid if is_root else None)
    lines = [str(stranger.pid), *text.splitlines()[1:]]
    (cluster / "pgdata" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    (cluster / "socket" / f"{SOCKET_NAME}.lock").write_text("\n".join(lines) + "\n")
    with embedded.start(cluster) as running:
        assert answer(running.url, "SELECT 1") == 1
    stranger.kill()
    stranger.wait()


def test_nobody_but_the_owner_gets_in(cluster: Path) -> None:
    with embedded.start(cluster) as running:
        assert answer(running.url, "SHOW listen_addresses") == ""
        assert (cluster / "socket").stat().st_mode & 0o777 == 0o700
        assert (cluster / "secret").stat().st_mode & 0o777 == 0o600
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(running.url, password="guess")


def test_letters_of_every_alphabet_change_case(cluster: Path) -> None:
    with embedded.start(cluster) as running:
        assert answer(running.url, "SELECT lower('ПРОМО')") == "промо"


def test_a_lost_secret_is_named(cluster: Path) -> None:
    secret = cluster / "secret"
    secret.rename(cluster / "away")
    with pytest.raises(Misconfigured, match="secret is missing"):
        embedded.start(cluster)
    (cluster / "away").rename(secret)


def test_a_wrong_secret_is_named(cluster: Path) -> None:
    with embedded.start(cluster):
        right = (cluster / "secret").read_text()
        (cluster / "secret").write_text("wrong")
        with pytest.raises(Misconfigured, match="is not the password"):
            embedded.start(cluster)
        (cluster / "secret").write_text(right)


def test_a_server_that_does_not_start_says_why(cluster: Path) -> None:
    own = cluster / "operator.conf"
    own.write_text("no_such_setting = on\n")
    own.chmod(0o644)
    with pytest.raises(Misconfigured, match="no_such_setting"):
        embedded.start(cluster)
    own.write_text("work_mem = '7MB'\n")
    with embedded.start(cluster) as running:
        assert answer(running.url, "SHOW work_mem") == "7MB"
    own.unlink()


def test_a_first_start_that_was_torn_leaves_nothing(cluster: Path) -> None:
    (cluster / "pgdata-torn").mkdir()
    with embedded.start(cluster):
        assert not (cluster / "pgdata-torn").exists()


def test_an_ordinary_user_needs_no_root(fresh: Path) -> None:
    fresh.chmod(0o777)

    def use() -> None:
        with embedded.start(fresh / "data") as running:
            assert answer(running.url, "SELECT 1") == 1
        assert is_stopped(fresh / "data")

    assert forked(use) == 0
    assert (fresh / "data").stat().st_mode & 0o777 == 0o700


@as_root
def test_a_folder_of_another_user_is_refused(cluster: Path) -> None:
    def use() -> None:
        with pytest.raises(Misconfigured, match="cannot be used"):
            embedded.start(cluster)

    assert forked(use) == 0


@as_root
def test_a_folder_that_the_server_cannot_reach_is_refused_with_the_reason(fresh: Path) -> None:
    wall = fresh / "wall"
    wall.mkdir(mode=0o700)
    with pytest.raises(Misconfigured, match=f"cannot enter {wall}"):
        embedded.start(wall / "data")
    assert not (wall / "data").exists()


@as_root
def test_programs_that_the_server_cannot_reach_are_copied_once(fresh: Path) -> None:
    (fresh / "wall").mkdir(mode=0o700)
    package = embedded.binaries().parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            (fresh / "wall" / part.name).symlink_to(part)
    for _ in range(2):
        bundled = Bundled(fresh / "data", fresh / "wall" / package.name / "pginstall" / "bin")
        with bundled.start() as running:
            assert answer(running.url, "SELECT 1") == 1
            program = Path(f"/proc/{postmaster(fresh / 'data')}/exe").readlink()
            assert program.is_relative_to(fresh / "data")
    assert len(list((fresh / "data").glob("postgresql-*"))) == 1


def test_a_long_path_gets_its_socket_elsewhere(fresh: Path) -> None:
    bundled = Bundled(fresh / ("it's long " * 12))
    assert len(os.fsencode(bundled.dir.socket / SOCKET_NAME)) <= 107
    with bundled.start() as running:
        assert answer(running.url, "SELECT 1") == 1
    bundled.dir.socket.rmdir()
