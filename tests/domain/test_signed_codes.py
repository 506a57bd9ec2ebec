"""Codes that prove themselves: ours and the vendor's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearoff.domain import signed_codes, vendor_codes
from tearoff.domain.signed_codes import Signed
from tearoff.domain.vendor_codes import VendorCode
from tearoff.errors import Invalid

KEY = b"a shop's own key"
VENDOR_KEY = "eSSuperKeyXXXXXXXXXXXXXX"
said = st.builds(
    Signed,
    st.dates(date(2020, 1, 1), date(2199, 1, 1)),
    st.integers(0, 99),
    st.integers(0, 31),
    st.integers(0, 2**40 - 1),
)


@given(said)
def test_what_was_signed_is_read_back_however_it_was_typed(what: Signed) -> None:
    code = signed_codes.sign(what, KEY)
    assert len(code) == 27
    typed = code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert signed_codes.read(typed, KEY) == what


@given(said, st.integers(0, 23), st.sampled_from(signed_codes.ALPHABET))
def test_one_wrong_letter_or_another_key_is_no_code(what: Signed, place: int, letter: str) -> None:
    letters = signed_codes.sign(what, KEY).replace("-", "")
    forged = letters[:place] + letter + letters[place + 1 :]
    assert (signed_codes.read(forged, KEY) is None) == (forged != letters)
    assert signed_codes.read(letters, b"somebody else's!") is None


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        signed_codes.sign(Signed(date(2300, 1, 1), 100, 32, -1), b"short")
    assert [p.pointer for p in refused.value.problems] == ["/discount", "/type", "/nonce", "/expiresOn", "/key"]


def test_the_published_examples_of_the_vendor_hold() -> None:
    assert vendor_codes.check_letter("151231Y16") == "N"
    what = VendorCode(date(2077, 1, 1), 10, 99)
    assert vendor_codes.encode(what, VENDOR_KEY) == "SG3Q-64G5-7CDB-37RW"
    assert vendor_codes.decode("SG3Q-64G5-7CDB-37RW", VENDOR_KEY) == what


@pytest.mark.parametrize("day", [date(2015, 12, 31), date(2026, 2, 28)])
@pytest.mark.parametrize("discount", [0, 5, 99])
def test_the_vendors_codes_go_there_and_back(day: date, discount: int) -> None:
    what = VendorCode(day, 24, discount)
    code = vendor_codes.encode(what, VENDOR_KEY)
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    assert vendor_codes.decode(code.lower(), VENDOR_KEY) == what
    assert vendor_codes.decode("AAAA" + code[4:], VENDOR_KEY) is None


@pytest.mark.parametrize("code", ["", "SG3Q", "????-????-????-????", "A" * 40])
def test_what_is_no_code_of_the_vendors_is_none(code: str) -> None:
    assert vendor_codes.decode(code, VENDOR_KEY) is None
