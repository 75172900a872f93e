"""A line on the terminal that shows how a long import goes on."""

import sys
import time

import click

from aftersales_cli.language import _

_PATIENCE_SECONDS = 1.0
_PAUSE_SECONDS = 0.2


class RowProgress:
    """Shows rows, rate and what is left of one file on standard error; silent where that is no terminal."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._begin = self._last = time.monotonic()
        self._shown = False

    def __call__(self, rows: int, share: float | None) -> None:
        """Take note of the rows so far; work of less than a second shows nothing."""
        now = time.monotonic()
        if (
            not sys.stderr.isatty()
            or now - self._begin < _PATIENCE_SECONDS
            or now - self._last < _PAUSE_SECONDS
        ):
            return
        self._last, self._shown = now, True
        click.echo(
            "\r\x1b[K" + describe_progress(self._name, rows, now - self._begin, share), err=True, nl=False
        )

    def end(self) -> None:
        """Wipe the line, so that the result stands alone."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def describe_progress(name: str, rows: int, seconds: float, share: float | None) -> str:
    """Return the line: rows, rows per second, and how long the rest will take if the share is known."""
    text = _(
        "{name}: {rows} rows, {rate} a second", name=name, rows=f"{rows:,}", rate=f"{rows / seconds:,.0f}"
    )
    if share:
        left = seconds * (1 - share) / share
        text += " · " + _("{share}, about {left} s left", share=f"{share:.0%}", left=f"{left:.0f}")
    return text
