"""The code of a country as order files write it: a code already, or a name in English or Chinese."""

from functools import lru_cache

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _

_ALIASES = {
    "uk": "GB",
    "el": "GR",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "great britain": "GB",
    "usa": "US",
    "united states of america": "US",
    "mainland china": "CN",
    "中国大陆": "CN",
    "prc": "CN",
    "republic of korea": "KR",
    "russian federation": "RU",
    "czech republic": "CZ",
    "the netherlands": "NL",
}
_CODE_LENGTH = 2
_NO_COUNTRY = frozenset({"ZZ", "XA", "XB", "QO"})
"""Codes for unknown places, tests and seas."""


def country_code(text: str) -> str:
    """Return the ISO 3166 code for a code or name, the text itself if it is neither."""
    cleaned = " ".join(text.split()).casefold()
    if found := _ALIASES.get(cleaned):
        return found
    if len(cleaned) == _CODE_LENGTH and cleaned.isascii():
        return cleaned.upper()
    return _names().get(cleaned, text.strip()) if cleaned else ""


def require_country(text: str) -> str:
    """Return the ISO 3166 code for a code or name; raises WrongUsageError if there is no such country."""
    code = country_code(text)
    if code in _names().values() and code not in _NO_COUNTRY:
        return code
    raise WrongUsageError(
        _("“{country}” is no country.", country=text),
        remedy=_("Give its two letters, e.g. CN or DE, its name, or “all”."),
    )


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 - heavy, and most files have codes

    return {
        name.casefold(): code
        for language in ("en", "zh")
        for code, name in Locale(language).territories.items()
        if len(code) == _CODE_LENGTH and code.isalpha()
    }
