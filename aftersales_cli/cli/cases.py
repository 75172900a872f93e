"""The command ``cases``: open, list and show; what else can be done to a case stands in ``cases_steps``."""

from dataclasses import dataclass

import click

from aftersales_cli.cli import cases_steps
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.cases_steps import CASE_NUMBER, read_moment, tell
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _, plural
from aftersales_cli.records.cases import OPEN_STATUSES, Case, CaseFilter, CaseRow

DEFAULT_LIMIT = 50
TITLE_COLUMNS = 32


@click.group(cls=Noun, help=N_("Open, work on and resolve after-sales cases."))
def cases() -> None:
    """Group of verbs."""


@cases.command("open", writes=True)
@option("--order", default="", help=N_("The order's number, as the file or the marketplace shows it."))
@option("--kind", default="inquiry", help=N_("Kind of case, e.g. return; default: inquiry."))
@option("--say", default="", help=N_("What the customer said."))
@option("--channel", default="platform_chat", help=N_("Where it was said; default: platform chat."))
@option("--severity", default="", help=N_("normal, high or urgent; for complaints L1 to L4."))
@option("--customer", default="", help=N_("Customer by name, phone or e-mail; default: the order's."))
@option("--reason", default="", help=N_("Reason the customer gives, e.g. defect."))
@option("--storefront", default="", help=N_("Storefront of the order; lets a case wait for its order."))
@option("--to", "assignee", default="", help=N_("Employee who works on it."))
@option("--at", help=N_("When it happened, e.g. 2026-11-21 15:20 (shop's local time); default: now."))
@option("--answered-at", help=N_("When the customer got the first answer, if already given."))
def open_(run: Run, at: str | None, answered_at: str | None, **words: str) -> None:
    """Open a case.

    Kinds, reasons and channels can be written in Chinese or English or as a beginning; an order number that fits
    several orders is never guessed.

    Example: aftersales cases open --order 123 --kind return --say "It arrived broken"
    """
    from aftersales_cli.desk.opening import open_case

    case = open_case(run.shop, at=read_moment(run, at), answered_at=read_moment(run, answered_at), **words)
    kind = run.shop.taxonomy("kinds").label(case.kind)
    lines = [_("Case {number} opened: {kind}, “{title}”.", number=case.number, kind=kind, title=case.title)]
    if case.order_id is None and case.order_external_id:
        lines.append(
            _("Order {number} has not arrived yet; the case waits for it.", number=case.order_external_id)
        )
    tell(run, case, *lines)
    _warn_of_others(run, case)


@cases.command("list")
@option("--status", default="", help=N_("Only this status, e.g. resolved."))
@option("--open", "only_open", is_flag=True, help=N_("Only cases with something left to do (the default)."))
@option("--all", "every", is_flag=True, help=N_("Resolved, closed and cancelled cases too, newest first."))
@option("--kind", default="", help=N_("Only this kind."))
@option("--assignee", default="", help=N_("Only cases of this employee."))
@option("--mine", is_flag=True, help=N_("Only my own cases."))
@option("--unassigned", is_flag=True, help=N_("Only cases nobody works on."))
@option("--storefront", default="", help=N_("Only cases of this storefront."))
@option(
    "--limit",
    type=click.IntRange(min=1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help=N_("At most so many."),
)
def list_(
    run: Run,
    status: str,
    only_open: bool,
    every: bool,
    kind: str,
    assignee: str,
    mine: bool,
    unassigned: bool,
    storefront: str,
    limit: int,
) -> None:
    """List cases, the longest open first.

    Example: aftersales cases list --mine
    """
    from aftersales_cli.database.case_listings import count_matching_cases, list_cases

    shop = run.shop
    chosen = _choose_statuses(run, status, only_open=only_open, every=every)
    wanted = CaseFilter(
        statuses=chosen,
        kind=shop.taxonomy("kinds").resolve(kind) if kind else "",
        assignee_id=_agent_id(run, assignee, mine=mine),
        unassigned=unassigned,
        storefront_id=_storefront_id(run, storefront),
    )
    rows = list_cases(shop.database, wanted, limit=limit, newest_first=chosen != OPEN_STATUSES)
    run.out.listing([_with_age(row, shop.stamp) for row in rows], _columns(run), empty=_("No such case."))
    left_out = count_matching_cases(shop.database, wanted) - len(rows) if len(rows) == limit else 0
    if left_out:
        run.out.note(
            plural(
                "{count} more case is not shown; --limit shows more.",
                "{count} more cases are not shown; --limit shows more.",
                left_out,
            )
        )


@cases.command("show")
@click.argument("number", metavar="CASE", type=CASE_NUMBER)
def show(run: Run, number: int) -> None:
    """Show a case on one page: its order, its clocks, and all that happened.

    Example: aftersales cases show 17
    """
    from aftersales_cli.cli.cases_page import write_page
    from aftersales_cli.desk.history import load_history

    history = load_history(run.shop, number)
    run.out.data(history, *write_page(run.shop, history))


for verb in cases_steps.COMMANDS:
    cases.add_command(verb)


@dataclass(frozen=True)
class _AgedCase(CaseRow):
    age_seconds: int
    """From opening to resolution, else to now."""


def _warn_of_others(run: Run, case: Case) -> None:
    from aftersales_cli.database.case_listings import list_related_cases

    if case.order_id is None:
        return
    related = list_related_cases(run.shop.database, case.number, case.order_id)
    numbers = [str(other.number) for other in related if other.status in OPEN_STATUSES]
    if numbers:
        run.out.note(_("The order has other open cases: {numbers}.", numbers=", ".join(numbers)))


def _with_age(row: CaseRow, now: str) -> _AgedCase:
    from aftersales_cli.clock import seconds_between
    from aftersales_cli.desk.contacts import mask_word

    age = max(0, seconds_between(row.opened_at, row.resolved_at or now))
    return _AgedCase(**{**vars(row), "customer": mask_word(row.customer)}, age_seconds=age)


def _choose_statuses(run: Run, status: str, *, only_open: bool, every: bool) -> tuple[str, ...]:
    if sum((bool(status), only_open, every)) > 1:
        raise click.UsageError(_("Give only one of --status, --open and --all."))
    if status:
        return (run.shop.taxonomy("case_statuses").resolve(status),)
    return () if every else OPEN_STATUSES


def _agent_id(run: Run, assignee: str, *, mine: bool) -> int | None:
    from aftersales_cli.team.agents import require_agent

    if mine:
        return run.shop.agent.id
    return require_agent(run.shop, assignee).id if assignee else None


def _storefront_id(run: Run, word: str) -> int | None:
    from aftersales_cli.team.storefronts import require_storefront

    return require_storefront(run.shop, word).id if word else None


def _columns(run: Run) -> list[Column]:
    from aftersales_cli.cli.cases_page import duration_text
    from aftersales_cli.insight.wording import shorten

    kinds, statuses, severities = (
        run.shop.taxonomy(name) for name in ("kinds", "case_statuses", "severities")
    )
    # Files get the whole title; on a terminal a row should stay on its line.
    width = None if run.shared.table_format else TITLE_COLUMNS
    return [
        Column(_("Case"), lambda row: row.number, right=True),
        Column(_("Kind"), lambda row: kinds.label(row.kind)),
        Column(_("Status"), lambda row: statuses.label(row.status)),
        Column(_("Severity"), lambda row: severities.label(row.severity)),
        Column(_("Age"), lambda row: duration_text(row.age_seconds), right=True),
        Column(_("Storefront"), lambda row: row.storefront),
        Column(_("Order"), lambda row: row.order_number),
        Column(_("Customer"), lambda row: row.customer),
        Column(_("Assignee"), lambda row: row.assignee),
        Column(_("Title"), lambda row: shorten(row.title, width) if width else row.title),
    ]
