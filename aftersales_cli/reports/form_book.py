"""What the workbooks that staff fill in have in common: their parts, where they are put, how long a text may be."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from aftersales_cli.language import pick
from aftersales_cli.reports.form_guide import Terms, write_guide
from aftersales_cli.reports.form_sheet import FormSheet, HiddenLists, new_form_book, write_form_sheets
from aftersales_cli.shop import Shop

_LONGEST_SAID = 300
"""Characters of the customer's words that a row shows: as much as fits its height."""


def make_form_book(
    shop: Shop,
    words: Mapping[str, Any],
    sheets: Sequence[FormSheet],
    *,
    title: str,
    identity: str,
    terms: Mapping[str, Terms],
) -> Workbook:
    """Return a workbook of these sheets with its guide, the lists of its choices, and its ``identity`` in it.

    ``words`` are the texts of the form's file, ``terms`` the words its guide explains.
    """
    book = new_form_book(shop, title, identity)
    lists = HiddenLists()
    write_form_sheets(book, sheets, lists)
    write_guide(book, words, terms)
    lists.write(book, identity)
    return book


def form_file(shop: Shop, name: str, out: Path | None) -> Path:
    """Return where a form is to stand: in the outbox, or at ``out`` (a file or a folder)."""
    if out is None:
        return shop.folder / "outbox" / name
    return out / name if out.is_dir() else out


def cut_said(said: str) -> str:
    """Return as much of the customer's words as a row can show."""
    return said if len(said) <= _LONGEST_SAID else said[: _LONGEST_SAID - 1] + "…"


def meaning_of(entry: Mapping[str, str]) -> str:
    """Return what a word means, from its entry with ``meaning_zh`` and ``meaning_en``."""
    return pick({"zh": entry["meaning_zh"], "en": entry["meaning_en"]})
