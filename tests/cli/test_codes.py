"""`tearoff codes`: sign, verify and decode without a database."""

from click.testing import CliRunner

from tearoff.cli.codes import codes

VENDOR_KEY = "eSSuperKeyXXXXXXXXXXXXXX"


def call(*words: str):
    return CliRunner().invoke(codes, list(words))


def test_a_signed_code_is_genuine_and_a_changed_one_is_not(tmp_path) -> None:
    key = tmp_path / "key"
    key.write_text("a key for one shop only\n")
    made = call("sign", "--key-file", str(key), "--expires-on", "2190-01-01", "--discount", "15", "--count", "3")
    first, *rest = made.output.split()
    assert len({first, *rest}) == 3
    said = call("verify", "--key-file", str(key), first)
    assert (said.exit_code, said.output) == (0, "genuine\tdiscount 15\ttype 0\tthrough 2190-01-01\n")
    changed = first[:-1] + ("0" if first[-1] != "0" else "1")
    assert call("verify", "--key-file", str(key), changed).exit_code == 1


def test_a_code_past_its_day_is_genuine_and_refused(tmp_path) -> None:
    key = tmp_path / "key"
    key.write_text("a key for one shop only\n")
    code = call("sign", "--key-file", str(key), "--expires-on", "2020-01-02").output.strip()
    said = call("verify", "--key-file", str(key), code)
    assert said.exit_code == 1
    assert "last day is over" in said.output


def test_the_vendors_code_is_told_apart_from_nonsense() -> None:
    said = call("decode", "--key", VENDOR_KEY, "SG3Q-64G5-7CDB-37RW")
    assert said.output == "type 10\tdiscount 99\tthrough 2077-01-01\n"
    assert call("decode", "--key", VENDOR_KEY, "AAAA-64G5-7CDB-37RW").exit_code == 1
