"""Sealed credentials open with the right key in the right place, and nowhere else."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tearoff.errors import Misconfigured
from tearoff.store.secrets import KEY_FILE, Cipher, cipher, context

KEY = "correct horse battery staple"
PLACE = context(1, "connector", "crm")


@pytest.mark.parametrize("plain", [b"", b"s3cret", "пароль".encode(), b"\x00" * 100_000])
def test_a_secret_comes_back_whole(plain: bytes) -> None:
    assert Cipher(KEY).open(Cipher(KEY).seal(plain, PLACE), PLACE) == plain


def test_a_sealed_secret_shows_nothing_and_is_new_each_time() -> None:
    first, second = Cipher(KEY).seal(b"s3cret", PLACE), Cipher(KEY).seal(b"s3cret", PLACE)
    assert first != second
    assert b"s3cret" not in first


@pytest.mark.parametrize(
    "other", [context(2, "connector", "crm"), context(1, "channel", "crm"), context(1, "connector", "x")]
)
def test_it_does_not_open_in_another_place(other: bytes) -> None:
    with pytest.raises(Misconfigured, match="does not open"):
        Cipher(KEY).open(Cipher(KEY).seal(b"s3cret", PLACE), other)


def test_it_does_not_open_with_another_key_or_a_changed_byte() -> None:
    sealed = Cipher(KEY).seal(b"s3cret", PLACE)
    with pytest.raises(Misconfigured):
        Cipher(KEY + "r").open(sealed, PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Misconfigured):
            Cipher(KEY).open(bytes(changed), PLACE)
    for length in range(len(sealed)):
        with pytest.raises(Misconfigured):
            Cipher(KEY).open(sealed[:length], PLACE)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(Misconfigured, match="16"):
        Cipher("short")


def test_without_a_setting_the_key_is_a_file_of_the_owner_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    sealed = cipher(None, folder).seal(b"s3cret", PLACE)
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]
    assert cipher(None, folder).open(sealed, PLACE) == b"s3cret"
    assert len((folder / KEY_FILE).read_text().strip()) >= 40


def test_the_setting_goes_before_the_file_and_writes_none(tmp_path: Path) -> None:
    sealed = cipher(KEY, tmp_path).seal(b"s3cret", PLACE)
    assert Cipher(KEY).open(sealed, PLACE) == b"s3cret"
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        ciphers = list(pool.map(lambda _: cipher(None, tmp_path), range(64)))
    sealed = ciphers[0].seal(b"s3cret", PLACE)
    assert all(one.open(sealed, PLACE) == b"s3cret" for one in ciphers)
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("\n")
    with pytest.raises(Misconfigured):
        cipher(None, tmp_path)
