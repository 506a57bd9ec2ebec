"""How addresses are written, and what finds a contact."""

import pytest

from tearoff.domain.contacts import ContactChange, Locator, email_of, language_of, phone_of, time_zone_of, token_of


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (" Olena@X.Test ", "olena@x.test"),
        ("o'brien+tag@sub.x.test", "o'brien+tag@sub.x.test"),
        ("я@пошта.укр", "я@пошта.укр"),
    ],
)
def test_an_email_is_kept_as_it_is_looked_up(sent, kept):
    assert email_of(sent) == kept


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "x",
        "x@",
        "@x.test",
        "a b@x.test",
        "a@@x.test",
        "a@x",
        "a..b@x.test",
        ".a@x.test",
        "a@-x.test",
        "a@x.test>",
        "a" * 65 + "@x.test",
        "a@x.test\r\nBcc: b@x.test",
    ],
)
def test_what_is_no_email_is_said_to_be_none(sent):
    with pytest.raises(ValueError, match="is not valid email"):
        email_of(sent)


@pytest.mark.parametrize("sent", ["+38 (050) 123-45-67", "380501234567", "38.050.123.45.67"])
def test_a_phone_is_kept_in_digits(sent):
    assert phone_of(sent) == "380501234567"


@pytest.mark.parametrize("sent", ["", "12", "phone", "1" * 16, "+", "380-50-CALL-ME"])
def test_what_is_no_phone_is_said_to_be_none(sent):
    with pytest.raises(ValueError, match="is not valid phone number"):
        phone_of(sent)


@pytest.mark.parametrize("sent", ["", "a b", "x" * 2001, "tok\0en", "tökén"])
def test_what_is_no_token_is_said_to_be_none(sent):
    with pytest.raises(ValueError, match="is not valid token"):
        token_of(sent)


def test_codes_of_languages_and_names_of_zones():
    assert (language_of("UK"), language_of("en_GB"), language_of("")) == ("uk", "en-gb", "")
    assert (time_zone_of("Europe/Kyiv"), time_zone_of("")) == ("Europe/Kyiv", "")
    for read, text in ((language_of, "English!"), (time_zone_of, "GMT+25")):
        with pytest.raises(ValueError, match="is not valid"):
            read(text)


def test_the_first_address_of_each_kind_identifies_and_the_later_change_wins():
    def email(value: str) -> Locator:
        return Locator(kind="email", value=value)

    first = ContactChange(
        locators=(email("a@x.test"), email("b@x.test")), first_name="A", last_name="L", fields={1: "x"}
    )
    later = ContactChange(locators=(email("c@x.test"),), first_name="", fields={1: None, 2: "y"})
    assert first.identity.email == "a@x.test"
    merged = first.then(later)
    assert (merged.first_name, merged.last_name, merged.fields) == ("", "L", {1: None, 2: "y"})
    assert [x.value for x in merged.locators] == ["a@x.test", "b@x.test", "c@x.test"]
