"""One case or many: verbs that take a number, or ``--where`` and ``--yes``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, tell
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from aftersales_cli.desk.bulk import BulkChange, BulkResult
    from aftersales_cli.shop import Shop

Done = TypeVar("Done")

WHERE = option(
    "--where",
    multiple=True,
    metavar="KEY=VALUE",
    help=N_(
        'Every case that fits, e.g. "kind=complaint status=new storefront=tmall-1". Keys: kind, status, severity, '
        "storefront, assignee, incident, before, since, cases; open cases if no status is named."
    ),
)
YES = option("--yes", is_flag=True, help=N_("Really do it to all cases of --where, not only show it."))


@dataclass(frozen=True)
class Chosen:
    """The one case or the many that a command is about."""

    number: int | None
    where: tuple[str, ...]
    yes: bool

    def carry_out(
        self,
        run: Run,
        verb: str,
        step: Callable[[Shop, int], Done],
        lines: Callable[[Done], Iterable[str]],
    ) -> None:
        """Take a step with one case and tell ``lines`` of it; of many show, or with --yes do, the same."""
        if not self.where:
            assert self.number is not None
            done = step(run.shop, self.number)
            tell(run, done, *lines(done))
            return
        from aftersales_cli.desk.bulk import change_many
        from aftersales_cli.desk.choosing import parse_where

        result = change_many(run.shop, parse_where(run.shop, self.where), step, verb=verb, really=self.yes)
        tell_bulk(run, result, asked=self.yes)


class BulkCommand(Command):
    """A verb whose first argument, the number of a case, is not there if --where names the cases."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words of a command line."""
        if not any(word == "--where" or word.startswith("--where=") for word in args):
            return super().parse_args(ctx, args)
        ctx.params["number"] = None
        every = self.params
        try:
            self.params = [parameter for parameter in every if parameter.name != "number"]
            return super().parse_args(ctx, args)
        finally:
            self.params = every


def bulk_verb(name: str) -> Callable[[Callable[..., Any]], Command]:
    """Declare a verb that gets a ``Chosen`` as ``chosen``: of a case's number, or of --where and --yes."""

    def decorate(function: Callable[..., Any]) -> Command:
        def called(run: Run, number: int | None, where: tuple[str, ...], *, yes: bool, **values: Any) -> None:
            check_choice(number, where, yes=yes)
            function(run, chosen=Chosen(number, where, yes), **values)

        called.__doc__ = function.__doc__
        # Click keeps a function's options with it until the command is made.
        called.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        body = WHERE(YES(option("--at", help=AT_HELP)(called)))
        command = click.command(name, cls=BulkCommand, writes=True)(body)
        command.params.insert(
            0, click.Argument(["number"], metavar="[CASE]", type=CASE_NUMBER, required=False)
        )
        return command

    return decorate


def check_choice(number: int | None, where: tuple[str, ...], *, yes: bool) -> None:
    """Refuse a command that names neither one case nor many, or both; raises UsageError."""
    if (number is None) == (not where):
        raise click.UsageError(_("Name one case by its number, or many with --where."))
    if yes and not where:
        raise click.UsageError(_("--yes goes with --where."))


def tell_bulk(run: Run, result: BulkResult, *, asked: bool) -> None:
    """Tell what was done to each case, or would be, and how to do it."""
    problems = [entry for entry in result.cases if entry.problem]
    changes = [entry for entry in result.cases if not entry.problem]
    run.out.data(result, *(_line(run, entry) for entry in changes))
    for entry in problems:
        run.out.note(_("#{number} not possible: {problem}", number=entry.number, problem=entry.problem))
    if not result.cases:
        run.out.note(_("No case fits."))
    elif asked:
        run.out.note(plural("{count} case changed.", "{count} cases changed.", len(result.cases)))
        if run.shop.dry_run:
            run.out.note(_("Dry run: nothing was changed."))
    elif problems:
        run.out.note(
            plural(
                "Nothing was changed, nor will --yes change anything while {count} case cannot take the step.",
                "Nothing was changed, nor will --yes change anything while {count} cases cannot take the step.",
                len(problems),
            )
        )
    else:
        run.out.note(
            plural(
                "Nothing was changed. To do it to this {count} case, run again with --yes.",
                "Nothing was changed. To do it to these {count} cases, run again with --yes.",
                len(result.cases),
            )
        )


def _line(run: Run, entry: BulkChange) -> str:
    what = "; ".join(_changes(run, entry.changes)) or _("no visible change")
    return f"#{entry.number} {entry.title}: {what}"


_TAXONOMIES = {
    "kind": "kinds",
    "severity": "severities",
    "complexity": "complexities",
    "reason_first": "reasons",
    "status": "case_statuses",
    "resolution": "resolutions",
    "cause": "causes",
}


def _changes(run: Run, changes: Mapping[str, tuple[object, object]]) -> Iterable[str]:
    for field, (before, after) in changes.items():
        if field == "archived_at":
            yield _("into the archive") if after else _("out of the archive")
        else:
            yield f"{_value(run, field, before)} → {_value(run, field, after)}"


def _value(run: Run, field: str, value: object) -> str:
    if not value:
        return "–"
    if field in _TAXONOMIES:
        return run.shop.taxonomy(_TAXONOMIES[field]).label(str(value))
    from aftersales_cli.database.agents import get_agent

    found = get_agent(run.shop.database, int(str(value)))
    return found.name if found else str(value)
