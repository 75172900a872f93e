"""The chain a case is passed up, read from ``templates/settings/escalation.toml``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftersales_cli.desk.rule_files import FOLDER, read_toml, remembered
from aftersales_cli.errors import FileError
from aftersales_cli.language import _
from aftersales_cli.resources import data_files

FILE_NAME = "escalation.toml"
DEFAULT = "default"
OCCASIONS = ("graded", "missed")


@dataclass(frozen=True)
class Step:
    """One person to be told."""

    to: str
    """A role or an employee's code."""
    after: str
    """``graded``: at once; ``missed``: when a promise ran out, or by hand."""


Chains = Mapping[str, tuple[Step, ...]]
"""Severity (or ``default``) → its steps, lowest first."""


def load_chains(shop_folder: Path | None = None) -> Chains:
    """Read the chains; the shop's file replaces the shipped one. Raises FileError naming file and key."""
    return remembered(_read_chains, FILE_NAME, shop_folder)


def _read_chains(shop_folder: Path | None) -> Chains:
    path = data_files(FOLDER, shop_folder)[FILE_NAME]
    chains = {severity: _read_steps(path, severity, table) for severity, table in read_toml(path).items()}
    if DEFAULT not in chains:
        raise _broken(path, _("the table [{key}] is missing", key=DEFAULT))
    return chains


def steps_for(chains: Chains, severity: str) -> tuple[Step, ...]:
    """Return the steps of a severity, else those of ``default``."""
    return chains.get(severity, chains[DEFAULT])


def next_step(steps: Sequence[Step], escalations: int) -> Step:
    """Return the step that follows after so many escalations; past the end it stays the last one."""
    return steps[min(escalations, len(steps) - 1)]


def _read_steps(path: Path, severity: str, table: Any) -> tuple[Step, ...]:
    rows = table.get("steps") if isinstance(table, dict) else None
    if not isinstance(rows, list) or not rows:
        raise _broken(path, _("[{key}] has no list “steps”", key=severity))
    return tuple(_read_step(path, severity, row) for row in rows)


def _read_step(path: Path, severity: str, row: Any) -> Step:
    to = row.get("to") if isinstance(row, dict) else None
    if not isinstance(to, str) or not to.strip():
        raise _broken(path, _("a step of [{key}] does not say “to” whom", key=severity))
    after = row.get("after", "missed")
    if after not in OCCASIONS:
        raise _broken(
            path,
            _(
                "“after” in [{key}] is “{value}”, not one of {choices}",
                key=severity,
                value=after,
                choices=", ".join(OCCASIONS),
            ),
        )
    return Step(to.strip(), after)


def _broken(path: Path, reason: str) -> FileError:
    return FileError(
        _("{path} is not a list of whom to tell: {reason}.", path=path, reason=reason),
        remedy=_('Write it like the shipped file: [default] steps = [{{ to = "owner", after = "missed" }}].'),
    )
