"""What the columns of a file of requests mean: as the user says, as a saved format, else by their headings."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftersales_cli.errors import UnknownFileError
from aftersales_cli.intake.columns import Columns
from aftersales_cli.intake.fields import RECORDS
from aftersales_cli.intake.formats import Format, load_formats, recognise
from aftersales_cli.intake.header_words import guess_columns
from aftersales_cli.intake.mapping import mapped_document, mapped_format, not_a_mapping
from aftersales_cli.intake.other_rows import PRIVATE
from aftersales_cli.intake.survey_questions import FRAME
from aftersales_cli.intake.surveys import asks_for_help
from aftersales_cli.language import _
from aftersales_cli.reading.headers import normalise_header
from aftersales_cli.reading.tables import open_table
from aftersales_cli.shop import Shop

_PREFIX = "request."
_CHINA_FORM = "提交答卷时间"
"""问卷星's column of the time, which is that of China."""
_BEFORE_SURVEYS = 295
"""The shop's own word counts more than a survey's frame; the marketplaces' own files are tried before both."""


@dataclass(frozen=True)
class RequestFormat:
    """How a file of requests is read."""

    format: Format
    document: dict[str, Any] | None
    """What can be saved; None for a format that is saved already."""
    columns: tuple[tuple[str, str], ...]
    """(column, field) of what was found by the headings, to be told."""
    left: tuple[str, ...] = ()
    """Columns that mean nothing here and go into a note, to be told."""

    @property
    def mapping(self) -> str:
        """The mapping as it is kept with the import, so that rejected rows can come back; ``""`` if saved."""
        return json.dumps(self.document, ensure_ascii=False) if self.document else ""


def choose_request_format(
    shop: Shop, path: Path, mappings: Sequence[str], *, name: str = ""
) -> RequestFormat:
    """Return how to read a file of requests; ``mappings`` are words ``COLUMN=FIELD``, ``name`` is to save it by.

    What the mappings leave open is guessed by the headings; a mapping counts more than a guess.
    Raises UnknownFileError naming the columns if the headings do not tell, WrongUsageError for a wrong mapping,
    FileError.
    """
    given = [_full(word) for word in mappings]
    if not given:
        saved = [entry for entry in load_formats(shop.folder) if "request" in entry.columns]
        if found := _recognised(path, saved):
            return RequestFormat(found, None, (), _left(found, _header(path, list(_columns(found)))))
    header = _header(path, [word.rpartition("=")[0] for word in given])
    taken = {normalise_header(word.rpartition("=")[0]) for word in given}
    fields = {word.rpartition("=")[2] for word in given}
    free = ["" if normalise_header(column) in taken else column for column in header]
    guessed = [(column, field) for column, field in guess_columns("request", free) if field not in fields]
    if not given and not any(field == "request.said" for _column, field in guessed):
        raise _no_words(path, header)
    document = mapped_document([*given, *(f"{column}={field}" for column, field in guessed)], name=name)
    document["rank"] = _BEFORE_SURVEYS
    if any(normalise_header(column) == _CHINA_FORM for column in document["detect"]["all"]):
        document["timezone"] = "Asia/Shanghai"
    fmt = mapped_format(document)
    return RequestFormat(fmt, document, tuple(guessed), _left(fmt, header))


def left_places(header: Sequence[str], taken: Collection[int]) -> list[int]:
    """Return the columns for a note: neither taken, nor personal data, nor made by the form's own program."""
    return [
        place
        for place, name in enumerate(header)
        if name.strip()
        and place not in taken
        and (plain := normalise_header(name)) not in FRAME
        and not PRIVATE.search(plain)
    ]


def refuse_requests(fmt: Format, header: list[str], file: str) -> None:
    """Raise UnknownFileError for requests that would be filed as answers of a survey, and be forgotten."""
    if asks_for_help(fmt, header):
        raise UnknownFileError(
            _("{file} holds requests of customers, not answers of a survey.", file=file),
            remedy=_("Open cases from it, and keep its format for the inbox: "
                     "aftersales cases import FILE --save-format NAME"),
            headers=(tuple(header),),
        )  # fmt: skip


def _columns(fmt: Format) -> tuple[str, ...]:
    return tuple(name for need in fmt.must for name in need.of[: need.count])


def _left(fmt: Format, header: Sequence[str]) -> tuple[str, ...]:
    taken = Columns(fmt, header).all_places("request")
    return tuple(header[place].strip() for place in left_places(header, taken))


def _full(word: str) -> str:
    """Return a mapping with its kind: ``订单号=order_number`` → ``订单号=request.order_number``."""
    column, separator, field = word.rpartition("=")
    field = field.strip().removeprefix(_PREFIX)
    if not separator or field not in RECORDS["request"]:
        raise not_a_mapping(word, list(RECORDS["request"]))
    return f"{column}={_PREFIX}{field}"


def _recognised(path: Path, formats: list[Format]) -> Format | None:
    try:
        with open_table(path, lambda header: recognise(formats, header)) as table:
            return table.match
    except UnknownFileError:
        return None


def _header(path: Path, columns: Sequence[str]) -> list[str]:
    """Return the header that has these columns, else the row most like a header."""
    wanted = {normalise_header(column) for column in columns}
    try:
        with open_table(path, lambda header: True if wanted and wanted <= set(header) else None) as table:
            return table.header
    except UnknownFileError as error:
        if not error.headers:
            raise
        return list(max(error.headers, key=lambda cells: sum(bool(cell.strip()) for cell in cells)))


def _no_words(path: Path, header: Sequence[str]) -> UnknownFileError:
    names = ", ".join(" ".join(cell.split()) for cell in header if cell.strip())
    return UnknownFileError(
        _("No column of {file} seems to hold what customers ask for. Its columns: {columns}",
          file=path.name, columns=names),
        remedy=_(
            "Say what they mean, e.g. --map COLUMN=said --map COLUMN=order_number; fields: {fields}",
            fields=", ".join(RECORDS["request"]),
        ),
        headers=(tuple(header),),
    )  # fmt: skip
