"""The mails of the house: an invitation, and a link for a forgotten password."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

LANGUAGES = ("en", "uk")


class Letter(msgspec.Struct, frozen=True):
    """What one mail says."""

    subject: str
    text: str


INVITATION: Mapping[str, Letter] = {
    "en": Letter(
        "An invitation to {project}",
        "{inviter} invites you to the project {project} in Tearoff.\n\n"
        "Open this link within seven days to join:\n{link}\n\n"
        "Whoever has the link can join in your name; do not pass it on.\n",
    ),
    "uk": Letter(
        "Запрошення до {project}",
        "{inviter} запрошує вас до проєкту {project} у Tearoff.\n\n"
        "Відкрийте це посилання протягом семи днів:\n{link}\n\n"
        "Кожен, хто має посилання, може приєднатися від вашого імені; не передавайте його.\n",
    ),
}
RESET: Mapping[str, Letter] = {
    "en": Letter(
        "A new password for Tearoff",
        "Somebody asked for a new password for {email}.\n\n"
        "Open this link within an hour to choose one:\n{link}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n",
    ),
    "uk": Letter(
        "Новий пароль для Tearoff",
        "Хтось попросив новий пароль для {email}.\n\n"
        "Відкрийте це посилання протягом години, щоб обрати його:\n{link}\n\n"
        "Якщо це були не ви, нічого не робіть: ваш пароль залишиться тим самим.\n",
    ),
}


def written(letters: Mapping[str, Letter], language: str, **words: str) -> Letter:
    """The letter in the language, or in English, with its words; each word on one line."""
    letter = letters.get(language, letters["en"])
    told = {name: " ".join(word.split()) for name, word in words.items()}
    return Letter(letter.subject.format(**told), letter.text.format(**told))
