"""The words of a survey: questions and messages of templates/surveys, ready to paste."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.desk.rule_files import read_toml
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _, pick
from aftersales_cli.resources import data_files

FOLDER = "templates/surveys"
_NEEDED = ("question", "reason", "with_link", "without_link", "invitation", "reminder")
_OPTIONAL = ("resolved",)
_SHOP_WORDS = ("[店铺]", "[Shop]")


@dataclass(frozen=True)
class SurveyTexts:
    """The words of one type of survey: a key of the file → its text in both languages."""

    type: str
    entries: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Facts:
    """What a message says about one invitation."""

    shop: str
    code: str
    link: str
    """The setting's address with its braces, ``""`` for none."""
    until: str


def load_texts(kind: str, shop_folder: Path | None) -> SurveyTexts:
    """Read the shop's own words of a type, else the shipped ones.

    Raises FileError for a file that cannot be read, WrongUsageError naming file and key for a wrong entry.
    """
    path = data_files(FOLDER, shop_folder)[f"{kind}.toml"]
    document = read_toml(path)
    for key, texts in document.items():
        known = key in (*_NEEDED, *_OPTIONAL)
        if not known or not isinstance(texts, dict) or not all(isinstance(t, str) for t in texts.values()):
            raise WrongUsageError(
                _("{path}: “[{key}]” is not known here or no text.", path=path, key=key),
                remedy=_(
                    'Write [KEY] with zh = "…" and en = "…"; the keys: {keys}.',
                    keys=", ".join((*_NEEDED, *_OPTIONAL)),
                ),
            )
    missing = [key for key in _NEEDED if not document.get(key)]
    if missing:
        raise WrongUsageError(
            _("{path}: “[{key}]” is missing.", path=path, key=missing[0]),
            remedy=_("Copy it from the shipped file of the same name."),
        )
    return SurveyTexts(kind, document)


def question_of(texts: SurveyTexts, shop_name: str, language: str | None = None) -> str:
    """Return the question itself, with the shop's name in it."""
    return _with_shop(pick(texts.entries["question"], language), shop_name)


def write_text(texts: SurveyTexts, facts: Facts, *, language: str, reminder: bool = False) -> str:
    """Return the message to one customer in their language (zh or en)."""

    def say(key: str) -> str:
        return pick(texts.entries.get(key, {}), language)

    link = facts.link.replace("{code}", facts.code).replace("{type}", texts.type)
    values = {
        "how": say("with_link" if link else "without_link"),
        "question": say("question"),
        "reason": say("reason"),
        "resolved": say("resolved"),
        "code": facts.code,
        "link": link,
        "until": facts.until,
    }
    message = say("reminder" if reminder else "invitation").strip()
    # Replaced by hand: a brace somebody forgot in a text of the shop's own must not stop the day's list.
    for name, value in values.items():
        message = message.replace(f"{{{name}}}", value)
    return _with_shop(message, facts.shop)


def _with_shop(text: str, shop_name: str) -> str:
    for word in _SHOP_WORDS:
        text = text.replace(word, shop_name)
    return text
