"""Explain a file that no format knows: its columns, the nearest formats, and how to name the columns."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.formats import Format, nearest
from aftersales_cli.intake.header_words import guess_columns, likely_kind
from aftersales_cli.intake.other_documents import other_document
from aftersales_cli.language import N_, _, plural

_MOST_COLUMNS = 30
_LONGEST_NAME = 40
_LOOKS_LIKE = {
    "review": N_("It looks like buyers' reviews."),
    "tracking": N_("It looks like the tracking of parcels."),
    "survey": N_("It looks like the answers of a survey."),
    "chat": N_("It looks like a report on chat service."),
}
_NO_ORDERS = {
    "settlement": N_("It looks like a settlement or an account statement: it holds no orders."),
    "promotion": N_("It looks like figures of a promotion: it holds no orders."),
}


def explain_unknown(path: Path, formats: Sequence[Format], error: UnknownFileError) -> UnknownFileError:
    """Return the error that says which header was found, which formats come near, and what to do."""
    header = max(error.headers, key=lambda cells: sum(bool(cell.strip()) for cell in cells))
    kind = likely_kind(header)
    lines = [
        _(
            "{file} is no file this program knows. Its columns: {columns}",
            file=path.name,
            columns=_shown(header),
        )
    ]
    other = other_document(header)
    if other and kind not in _LOOKS_LIKE:
        lines.append(_(_NO_ORDERS[other]))
        return UnknownFileError("\n  ".join(lines), remedy=_instead(other, path), headers=error.headers)
    if kind in _LOOKS_LIKE:
        lines.append(_(_LOOKS_LIKE[kind]))
        formats = [entry for entry in formats if kind in entry.columns]
    lines += [
        _("Nearest: {name} ({code}); missing: {missing}", name=fmt.name, code=fmt.code,
          missing=", ".join(missing) or "–")
        for fmt, missing in nearest(formats, header)
    ]  # fmt: skip
    return UnknownFileError("\n  ".join(lines), remedy=_advice(header, kind), headers=error.headers)


def _shown(header: Sequence[str]) -> str:
    names = [" ".join(cell.split())[:_LONGEST_NAME] for cell in header if cell.strip()]
    if not names:
        return "–"
    shown = ", ".join(names[:_MOST_COLUMNS])
    rest = len(names) - _MOST_COLUMNS
    return shown if rest <= 0 else shown + " " + plural("… and {count} more", "… and {count} more", rest)


def _as_typed(word: str) -> str:
    """Return a word as one types it in a shell; Chinese letters need no quotes, double ones do everywhere."""
    if not re.search(r"[\s'&|;<>()*?#~\[\]{}\"$`\\!^%]", word):
        return word
    return shlex.quote(word) if re.search(r"[\"$`\\!]", word) else f'"{word}"'


def _instead(other: str, path: Path) -> str:
    export = _("Export the order list or the after-sales list instead.")
    if other != "settlement":
        return export
    compare = _(
        "To compare it with the refunds: aftersales refunds reconcile {file}", file=_as_typed(path.name)
    )
    return f"{export} {compare}"


def _advice(header: Sequence[str], kind: str) -> str:
    guessed = guess_columns(kind, header) if kind in _LOOKS_LIKE else []
    words = " ".join(f"--map {_as_typed(f'{column}={field}')}" for column, field in guessed)
    if not words:
        words = "--map COLUMN=order.external_id --map COLUMN=order.paid …"
    return _(
        "Name the columns yourself: {mapping}, and keep that with --save-format NAME. Or have a format drafted from "
        "the file: aftersales orders formats new FILE",
        mapping=words,
    )
