"""Print results: tables aligned for wide characters, JSON with stable keys, or csv."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column of a listing."""

    title: str
    """Heading, already translated."""
    value: Callable[[Any], object]
    """Takes a record, returns what to show."""
    right: bool = False


class Output:
    """Prints data on standard output and everything else on standard error.

    Raises WrongUsageError for an unknown table format before anything is printed.
    """

    def __init__(self, *, as_json: bool = False, table_format: str | None = None) -> None:
        self.as_json = as_json
        self.table_format = table_format
        if table_format is not None:
            _check_format(table_format)

    def data(self, value: object, *lines: str) -> None:
        """Print one result: ``value`` as JSON, or the lines for people."""
        if self.as_json:
            click.echo(json.dumps(to_plain(value), ensure_ascii=False, indent=2))
        else:
            for line in lines:
                click.echo(line)

    def listing(self, records: Sequence[Any], columns: Sequence[Column], *, empty: str) -> None:
        """Print records as a table; ``empty`` is said on standard error if there are none.

        With JSON every field of a record is printed under its own name.
        """
        if self.as_json:
            click.echo(json.dumps([to_plain(record) for record in records], ensure_ascii=False, indent=2))
            return
        if not records:
            self.note(empty)
            return
        rows = [[_cell(column.value(record)) for column in columns] for record in records]
        click.echo(
            self._table([column.title for column in columns], rows, [column.right for column in columns])
        )

    def table(
        self, titles: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[bool] = ()
    ) -> None:
        """Print a small table of ready values (not for JSON)."""
        cells = [[_cell(value) for value in row] for row in rows]
        click.echo(self._table(list(titles), cells, list(right) or [False] * len(titles)))

    def line(self, text: str = "") -> None:
        """Print a line for people on standard output (nothing under ``--json``)."""
        if not self.as_json:
            click.echo(text)

    def note(self, text: str) -> None:
        """Say something beside the data, on standard error."""
        click.echo(text, err=True)

    def _table(self, titles: list[str], rows: list[list[str]], right: list[bool]) -> str:
        if self.table_format == "csv":
            return _as_csv([titles, *rows])
        import tabulate as tables

        # Else a heading is two columns wider than its words, which short columns of numbers have no room for.
        tables.MIN_PADDING = 0
        chosen = self.table_format or "simple"
        sides = ["right" if flag else "left" for flag in right]
        return tables.tabulate(rows, titles, tablefmt=chosen, disable_numparse=True, colalign=sides)


def _check_format(name: str) -> None:
    from tabulate import tabulate_formats

    if name != "csv" and name not in tabulate_formats:
        raise WrongUsageError(
            _("There is no table format “{name}”.", name=name),
            remedy=_("Choose csv or one of: {names}", names=", ".join(tabulate_formats)),
        )


def _as_csv(rows: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for row in rows:
        # A spreadsheet would run a text that begins like this as a formula.
        writer.writerow(["'" + cell if cell.startswith(_FORMULA_STARTS) else cell for cell in row])
    return stream.getvalue().rstrip("\n")


def _cell(value: object) -> str:
    text = "–" if value is None or value == "" else str(value)
    return " ".join(text.split())


def to_plain(value: object) -> Any:
    """Turn records, days, paths and mappings into what JSON can hold; keys keep their names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: to_plain(entry) for key, entry in asdict(value).items() if not key.startswith("_")}
    if isinstance(value, Mapping):
        return {str(key): to_plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(entry) for entry in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value
