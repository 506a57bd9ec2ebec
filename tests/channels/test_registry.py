"""The reference page names every kind and every setting, and its examples are accepted."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from tearoff.channels import registry
from tearoff.channels.fcm import FcmSettings
from tearoff.channels.mailbox import MailboxSettings
from tearoff.channels.sms_http import SmsHttpSettings
from tearoff.channels.smtp import EmailSettings

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "channels.md").read_text()
SHAPES = {"email": EmailSettings, "sms_http": SmsHttpSettings, "fcm": FcmSettings, "mailbox": MailboxSettings}


def section(kind: str) -> str:
    return PAGE.split(f"\n## {kind}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("kind", registry.KINDS)
def test_the_example_of_each_kind_is_accepted(kind: str) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", section(kind), re.S)
    registry.check_settings(kind, json.loads(example))


@pytest.mark.parametrize("kind", registry.KINDS)
def test_each_setting_has_its_line_and_each_line_its_setting(kind: str) -> None:
    documented = set(re.findall(r"^\| `(\w+)` \|", section(kind), re.M)) - {"preset"}
    assert documented == {field.encode_name for field in msgspec.structs.fields(SHAPES[kind])}
