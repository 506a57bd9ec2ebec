"""The address that the API listens on: waited for a moment, refused with a sentence."""

import threading

import pytest

from tearoff.cli.listening import listen
from tearoff.errors import Misconfigured


def test_an_address_that_is_being_left_is_had_once_it_is_free() -> None:
    with listen("127.0.0.1", 0) as leaving:
        port = leaving.getsockname()[1]
        threading.Timer(0.3, leaving.close).start()
        with listen("127.0.0.1", port) as opened:
            assert opened.getsockname()[1] == port


def test_an_address_that_stays_taken_is_refused() -> None:
    with listen("127.0.0.1", 0) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"Nothing can listen on 127.0.0.1:{port}"):
            listen("127.0.0.1", port, patience=0.2)
