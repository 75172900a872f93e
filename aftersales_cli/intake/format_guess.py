"""Draft a format for a file nobody knows: columns guessed by the names other formats use, and by what cells look like."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from pathlib import Path

from aftersales_cli.errors import FileError, RefusedError, UnknownFileError
from aftersales_cli.intake.converters import CellError, convert_id, parse_amount, time_converter
from aftersales_cli.intake.fields import RECORDS, REQUIRED, TYPE_NAMES
from aftersales_cli.intake.formats import Format, load_formats, read_format, recognise
from aftersales_cli.intake.header_words import guess_columns, likely_kind
from aftersales_cli.intake.mapping import own_format_path
from aftersales_cli.language import _
from aftersales_cli.publishing import publish_text
from aftersales_cli.reading.cells import clean_cell
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import open_table
from aftersales_cli.shop import Shop

_SAMPLE_ROWS = 200
_OWN_RANK = 900
"""The owner's own formats are tried last, unless they stand in for one that is known."""
_LONG_NUMBER = 6
_TO_MOMENT = time_converter(UTC)  # which zone does not matter for telling times from other cells


@dataclass(frozen=True)
class GuessedFormat:
    """A drafted format file."""

    path: Path
    header: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    """(column, field such as ``order.paid``) for each guess."""
    unused: tuple[str, ...]
    """Columns nothing was guessed for."""


def guess_format(shop: Shop, file: Path, name: str | None = None, *, anyway: bool = False) -> GuessedFormat:
    """Write a format file for an unknown file into the shop's folder, to be checked and edited.

    ``name`` is the format's code, default the file's name. Raises WrongUsageError for a name that cannot be one,
    RefusedError if there is such a format or, unless ``anyway``, one that knows the file; FileError if the file
    holds no table.
    """
    code = name or re.sub(r"[^\w-]+", "-", file.stem).strip("-")[:40]
    path = own_format_path(shop, code)
    formats = load_formats(shop.folder)
    known = _recognised(file, formats)
    if known and not anyway:
        raise RefusedError(
            _("{file} needs no format of its own: it is known as “{name}” ({code}).", file=file.name,
              name=known.name, code=known.code),
            remedy=_("Import it as it is. If it is read wrongly, --anyway drafts one that is used instead."),
        )  # fmt: skip
    header, rows = _sample(file)
    shapes = {
        column: _shape([row[place] for row in rows if place < len(row)])
        for place, column in enumerate(header)
    }
    fields = _guess_fields(header, rows, shapes, formats)
    rank = min(_OWN_RANK, known.rank - 1) if known else _OWN_RANK
    written = publish_text(shop, path, _draft(code, rank, header, fields, shapes))
    if not shop.dry_run:
        read_format(written)  # a draft that cannot be read would stop every import
    used = {column for column, _field in fields}
    return GuessedFormat(
        written, tuple(header), tuple(fields), tuple(name for name in header if name not in used)
    )


def _recognised(file: Path, formats: Sequence[Format]) -> Format | None:
    try:
        with open_table(file, lambda header: recognise(formats, header)) as table:
            return table.match
    except UnknownFileError:
        return None


def _sample(file: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header, each name once, and the first rows with their cells in the header's order."""
    try:
        open_table(file, lambda _header: None).close()
    except UnknownFileError as error:
        if not error.headers:
            raise
        best = max(error.headers, key=lambda cells: sum(bool(cell.strip()) for cell in cells))
    else:
        raise FileError(_("{file} holds no table.", file=file.name))
    wanted = [normalise_header(cell) for cell in best]
    with open_table(file, lambda header: True if header == wanted else None) as table:
        places: dict[str, int] = {}
        for place, cell in enumerate(table.header):
            if cell.strip():
                places.setdefault(cell.strip(), place)
        rows = [
            [cells[place] if place < len(cells) else "" for place in places.values()]
            for _number, cells in islice(table.rows, _SAMPLE_ROWS)
        ]
    return list(places), rows


def _shape(cells: Sequence[str]) -> str:
    """Return ``id``, ``time``, ``money``, ``integer``, ``text``, or ``""`` for an empty column."""
    filled = [text for cell in cells if (text := clean_cell(cell))]
    if not filled:
        return ""
    if all(_is_id(text) for text in filled):
        return "id"
    if all(_is_time(text) for text in filled):
        return "time"
    if all(_is_amount(text) for text in filled):
        return "integer" if all(text.lstrip("-").isdigit() for text in filled) else "money"
    return "text"


def _is_id(text: str) -> bool:
    try:
        convert_id(text)
    except CellError:
        return False
    return sum(char.isdigit() for char in text) >= _LONG_NUMBER and not re.search(
        r"\d[./:]\d|\d{4}-\d{2}-\d{2}", text
    )


def _is_time(text: str) -> bool:
    try:
        return bool(re.search(r"\d{4}|\d+[/-]\d+", text)) and _TO_MOMENT(text) is not None
    except (CellError, ValueError, OverflowError):
        return False


def _is_amount(text: str) -> bool:
    try:
        return parse_amount(text) is not None
    except CellError:
        return False


def _guess_fields(
    header: Sequence[str], rows: Sequence[Sequence[str]], shapes: Mapping[str, str], formats: Sequence[Format]
) -> list[tuple[str, str]]:
    """Return (column, field) pairs: by known names first, then what is required by shape."""
    likely = likely_kind(header)
    if likely != "order":
        return _with_required(likely, header, rows, shapes, dict(guess_columns(likely, header)))
    known = _known_names(formats)
    votes = {column: known.get(normalise_header(column), Counter()) for column in header}
    kinds = _kinds(votes)
    found: dict[str, str] = {}
    for column in header:
        for field, _votes in sorted(votes[column].items(), key=lambda vote: (-vote[1], vote[0])):
            if (
                field.partition(".")[0] in kinds
                and _fits(field, shapes[column])
                and field not in found.values()
            ):
                found[column] = field
                break
    main = "aftersales" if "aftersales" in kinds else "order" if "order" in kinds else kinds[0]
    return _with_required(main, header, rows, shapes, found)


def _with_required(
    kind: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    shapes: Mapping[str, str],
    found: dict[str, str],
) -> list[tuple[str, str]]:
    """Guess a column for each required field that has none by name: a format without it could not be read."""
    for field in (f"{kind}.{name}" for name in REQUIRED[kind]):
        if field not in found.values():
            found[_most_telling(header, rows, shapes, found)] = field
    return [(column, found[column]) for column in header if column in found]


def _known_names(formats: Sequence[Format]) -> dict[str, Counter[str]]:
    names: dict[str, Counter[str]] = {}
    for entry in formats:
        for kind, fields in entry.columns.items():
            if kind not in RECORDS:
                continue
            for field, aliases in fields.items():
                for alias in aliases:
                    names.setdefault(alias, Counter())[f"{kind}.{field}"] += 1
    return names


def _kinds(votes: Mapping[str, Counter[str]]) -> list[str]:
    """Return the kinds of records the file seems to hold: after-sales records alone, or orders with or without lines."""
    fields = {field for counter in votes.values() for field in counter}
    only_after = sum(
        1
        for counter in votes.values()
        if counter and all(field.startswith("aftersales.") for field in counter)
    )
    if "aftersales.external_id" in fields and only_after >= 2:  # noqa: PLR2004 - one name may be chance
        return ["aftersales"]
    return ["order", "line"] if "line.title" in fields and "line.quantity" in fields else ["order"]


def _fits(field: str, shape: str) -> bool:
    kind, _dot, name = field.partition(".")
    wanted = RECORDS[kind][name]
    return (
        not shape
        or wanted in {"text", "words", "id", shape}
        or (wanted == "money" and shape in {"integer", "id"})
    )


def _most_telling(
    header: Sequence[str], rows: Sequence[Sequence[str]], shapes: Mapping[str, str], taken: Mapping[str, str]
) -> str:
    """Return the free column that looks most like a number of its own: numbers first, then most different cells."""
    free = [place for place, column in enumerate(header) if column not in taken] or list(range(len(header)))
    best = max(
        free, key=lambda place: (shapes[header[place]] == "id", len({row[place] for row in rows}), -place)
    )
    return header[best]


def _draft(
    code: str, rank: int, header: Sequence[str], fields: Sequence[tuple[str, str]], shapes: Mapping[str, str]
) -> str:
    lines = [
        "# " + _("A draft: check each guess, delete what is wrong, fill in what is missing."),
        f'code = "{code}"', "version = 1", 'platform = "other"', f'zh = "{code}"', f'en = "{code}"', f"rank = {rank}", "",
        "[detect]",
        # Every column of the file: a draft must catch nothing but files that look just like this one.
        "all = [" + ", ".join(_quoted(column) for column in dict.fromkeys(filter(str.strip, header))) + "]",
    ]  # fmt: skip
    for kind in RECORDS:
        own = [(column, field.partition(".")[2]) for column, field in fields if field.startswith(kind + ".")]
        if own and kind == "line" and not any(name == "order_external_id" for _column, name in own):
            own += [(column, "order_external_id") for column, field in fields if field == "order.external_id"]
        if own:
            lines += [
                "",
                f"[{kind}]",
                "# " + _("Fields: {names}", names=", ".join(RECORDS[kind])),
                *(f"{name} = [{_quoted(column)}]" for column, name in own),
            ]
    used = {column for column, _field in fields}
    unused = [column for column in header if column not in used]
    if unused:
        lines += ["", "# " + _("Not used yet; add a column to a field above if it belongs there:")]
        lines += [
            f"#   {_quoted(column)}  {_(TYPE_NAMES[shapes[column]]) if shapes[column] else '–'}"
            for column in unused
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped) + '"'
