"""Numbers as options and arguments: what is no number, or more than the database can hold, is told clearly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aftersales_cli.errors import NotFoundError

LARGEST = 2**63 - 1
"""The largest whole number SQLite keeps."""

CLICK_NAMES = (N_("text"), N_("integer"), N_("integer range"), N_("path"))
"""Names of Click's types, as help pages show them."""


class WholeNumber(click.types.IntParamType):
    """A whole number within limits; wrong usage (exit code 2) if it is none."""

    def __init__(self, *, minimum: int = -LARGEST, maximum: int = LARGEST) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        number = self._read(value, param, ctx)
        if number < self.minimum:
            self.fail(_("It must be at least {limit}.", limit=self.minimum), param, ctx)
        if number > self.maximum:
            self.fail(_("It must be at most {limit}.", limit=self.maximum), param, ctx)
        return number

    def _read(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return int(value)
        except ValueError:
            self.fail(_("“{value}” is not a whole number.", value=value), param, ctx)


class RecordNumber(WholeNumber):
    """The number of a thing in the shop; what no database can hold is not found (exit code 3).

    ``missing`` returns the error for a number that does not exist.
    """

    def __init__(self, missing: Callable[[int], NotFoundError]) -> None:
        super().__init__()
        self.missing = missing

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; raises what ``missing`` returns."""
        number = self._read(value, param, ctx)
        if not 1 <= number <= LARGEST:
            raise self.missing(number)
        return number


def within_reach(kind: click.ParamType[Any]) -> click.ParamType[Any]:
    """Replace Click's own whole numbers, which know no largest one, by ours."""
    if isinstance(kind, click.IntRange):
        return WholeNumber(
            minimum=-LARGEST if kind.min is None else kind.min,
            maximum=LARGEST if kind.max is None else kind.max,
        )
    return WholeNumber() if type(kind) is click.types.IntParamType else kind
