"""Texts in the user's language: gettext for the code's texts, zh/en keys for data files."""

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DOMAIN = "aftersales"
LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "en"
_LOCALE_DIR = Path(__file__).parent / "locale"
_CATALOGUES = {"zh": "zh_CN"}
_current = DEFAULT_LANGUAGE


@cache
def _translations(language: str) -> gettext.NullTranslations:
    if language not in _CATALOGUES:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, _LOCALE_DIR, [_CATALOGUES[language]], fallback=True)


def use_language(language: str) -> None:
    """Make ``language`` (``zh`` or ``en``) that of every text from now on, Click's own texts included."""
    global _current  # noqa: PLW0603 - one process speaks one language at a time, as in gettext itself
    _current = language
    # Click looks its texts up through the standard library's current domain and the environment.
    os.environ["LANGUAGE"] = _CATALOGUES.get(language, "C")
    gettext.bindtextdomain(DOMAIN, _LOCALE_DIR)
    gettext.textdomain(DOMAIN)


def current_language() -> str:
    """Return the language in use, ``zh`` or ``en``."""
    return _current


def _(text: str, /, **values: object) -> str:
    """Translate ``text`` and fill its ``{names}`` from ``values``."""
    translated = _translations(_current).gettext(text) if text else ""
    return translated.format(**values) if values else translated


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """Translate with the form for ``count``; ``{count}`` is always filled."""
    return _translations(_current).ngettext(one, many, count).format(count=count, **values)


def N_(text: str) -> str:  # noqa: N802 - the usual gettext name for "translate later"
    """Mark ``text`` for the catalogue; it is translated where it is shown."""
    return text


def pick(texts: Mapping[str, str], language: str | None = None) -> str:
    """Choose from a data file's ``{"zh": …, "en": …}`` the text in the given or current language."""
    return texts.get(language or _current) or texts.get("en") or next(iter(texts.values()), "")


def parse_language(text: str) -> str | None:
    """Return ``zh`` or ``en`` for words like ``zh_CN.UTF-8``, ``en-GB``, ``中文``; None if neither."""
    lowered = text.strip().lower()
    if lowered.startswith("zh") or lowered in {"中文", "chinese"}:
        return "zh"
    if lowered.startswith("en") or lowered in {"英文", "c", "posix", "c.utf-8"}:
        return "en"
    return None


def system_language() -> str:
    """Return the language of the environment's locale, English if it is neither of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return parse_language(value) or DEFAULT_LANGUAGE
    return DEFAULT_LANGUAGE
