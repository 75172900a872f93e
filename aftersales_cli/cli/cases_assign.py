"""The verb ``cases assign``: by name or by rule, one case or all that are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aftersales_cli.cli.base import option
from aftersales_cli.cli.cases_bulk import WHERE, YES, BulkCommand, Chosen, check_choice
from aftersales_cli.cli.cases_steps import AT_HELP, CASE_NUMBER, read_moment, tell
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from aftersales_cli.desk.assignment import Choice
    from aftersales_cli.records.cases import Case
    from aftersales_cli.shop import Shop


@click.command("assign", cls=BulkCommand, writes=True)
@click.argument("number", metavar="[CASE]", type=CASE_NUMBER, required=False)
@click.argument("agent", metavar="[AGENT]", required=False, default="")
@option("--to", "taker", default="", metavar="AGENT", help=N_("The employee, where --where names the cases."))
@option("--auto", is_flag=True, help=N_("Let the rules choose: templates/settings/assignment.toml."))
@WHERE
@YES
@option("--at", help=AT_HELP)
def assign(
    run: Run,
    number: int | None,
    agent: str,
    taker: str,
    auto: bool,
    where: tuple[str, ...],
    yes: bool,
    at: str | None,
) -> None:
    """Give a case to an employee, by code or name, or to whom the rules choose.

    With --auto and no case every open case nobody works on is given out, all or none. With --where the cases are
    shown first and given out, all or none, with --yes. Only the owner or a manager can take a case away from who
    works on it.

    Example: aftersales cases assign 17 lan

    Example: aftersales cases assign --where "kind=complaint status=new storefront=tmall-1" --to lan
    """
    from aftersales_cli.desk.assigning import auto_assign_case, give_case

    if (agent and taker) or auto == bool(agent or taker):
        raise click.UsageError(_("Name the employee, or let the rules choose with --auto."))
    agent = agent or taker
    if where:
        check_choice(number, where, yes=yes)
        _assign_many(run, Chosen(None, where, yes), agent, read_moment(run, at))
    elif number is None:
        if not auto:
            raise click.UsageError(_("Name one case by its number, or many with --where."))
        _assign_free(run)
    elif auto:
        case, choice = auto_assign_case(run.shop, number, at=read_moment(run, at))
        tell(run, case, _works_line(run, case), _rule_line(choice))
    else:
        case, since = give_case(run.shop, number, agent, at=read_moment(run, at))
        tell(run, case, _works_line(run, case, since=since))


def _assign_many(run: Run, chosen: Chosen, agent: str, at: datetime | None) -> None:
    from aftersales_cli.desk.assigning import assign_case, auto_assign_case

    def step(shop: Shop, number: int) -> Case:
        if agent:
            return assign_case(shop, number, agent, at=at)
        return auto_assign_case(shop, number, at=at)[0]

    chosen.carry_out(run, "assign", step, lambda case: [_works_line(run, case)])


def _assign_free(run: Run) -> None:
    from aftersales_cli.desk.assigning import assign_free_cases

    given = assign_free_cases(run.shop)
    lines = [f"{_works_line(run, case)} {_rule_line(choice)}" for case, choice in given]
    tell(run, [case for case, _choice in given], *lines)
    if not given:
        run.out.note(_("There is no open case that nobody works on and a rule fits."))


def _works_line(run: Run, case: Case, *, since: str = "") -> str:
    """Say who works on a case; ``since`` when, if that was so already."""
    from aftersales_cli.clock import local_text
    from aftersales_cli.database.agents import get_agent

    worker = get_agent(run.shop.database, case.assignee_id) if case.assignee_id is not None else None
    name = worker.name if worker else "–"
    if since:
        moment = local_text(since, run.shop.zone)
        return _(
            "{name} works on case {number} already, since {moment}.",
            name=name,
            number=case.number,
            moment=moment,
        )
    return _("{name} works on case {number}.", name=name, number=case.number)


def _rule_line(choice: Choice) -> str:
    return _(
        "Rule: {rule}; open cases before: {count}, the fewest of {of} who fit.",
        rule=choice.rule,
        count=choice.open_cases,
        of=choice.of,
    )


COMMANDS = (assign,)
"""The verbs of this module."""
