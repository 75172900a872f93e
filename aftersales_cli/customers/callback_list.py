"""The callback list as a form: its columns, and the tokens that name its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from aftersales_cli.reading.forms import Token, form_id, load_form, make_token, parse_token

__all__ = [
    "CALLBACK_FORM", "COLUMNS", "Token", "list_id", "list_words", "make_token", "parse_token",
    "recognise_callback_list",
]  # fmt: skip

CALLBACK_FORM = load_form("callback_list.toml")
COLUMNS = tuple(CALLBACK_FORM.columns)
"""The list's columns from left to right."""


def list_id(day: str, tokens: Sequence[Token], language: str) -> str:
    """Return what tells two lists apart: the same rows in the same state give the same id."""
    return form_id("callbacks", day, tokens, language)


def list_words() -> Mapping[str, Any]:
    """Return the list's texts: names in both languages under the keys of ``callback_list.toml``."""
    return CALLBACK_FORM.words


def recognise_callback_list(headers: list[str]) -> dict[str, int] | None:
    """Return column name → position (from 0) if these normalised headers are those of a callback list."""
    return CALLBACK_FORM.recognise(headers)
