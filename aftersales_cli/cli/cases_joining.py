"""The verbs of ``cases`` for cases that belong together: merge, link, split."""

from __future__ import annotations

import click

from aftersales_cli.cli.base import option
from aftersales_cli.cli.cases_steps import CASE_NUMBER, case_verb, read_moment, tell
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _


@case_verb("merge")
@click.argument("into", metavar="INTO", type=CASE_NUMBER)
@option("--note", "remark", default="", help=N_("A remark for the history of both."))
def merge(run: Run, number: int, into: int, remark: str, at: str | None) -> None:
    """Make a case part of another one, if somebody opened two for the same matter.

    What was said stays on the page where it was said; both pages name each other. It counts in no figure.

    Example: aftersales cases merge 18 17
    """
    from aftersales_cli.desk.joining import merge_case

    case = merge_case(run.shop, number, into, note=remark, at=read_moment(run, at))
    tell(run, case, _("Case {number} is now part of case {other}.", number=number, other=into))


@case_verb("link", with_moment=False)
@click.argument("other", metavar="OTHER", type=CASE_NUMBER)
@option("--note", "remark", default="", help=N_("A remark for the history of both."))
def link(run: Run, number: int, other: int, remark: str) -> None:
    """Show two cases on each other's page.

    Example: aftersales cases link 17 12
    """
    from aftersales_cli.desk.joining import link_cases

    case = link_cases(run.shop, number, other, note=remark)
    tell(run, case, _("Cases {number} and {other} are linked.", number=number, other=other))


@case_verb("split")
@option("--say", required=True, help=N_("What the customer said about the second matter."))
@option("--kind", default="", help=N_("Kind of the new case, e.g. return; default: inquiry."))
def split(run: Run, number: int, say: str, kind: str, at: str | None) -> None:
    """Open a linked case for a second matter of the same customer and order.

    Example: aftersales cases split 17 --say "And I need an invoice" --kind invoice
    """
    from aftersales_cli.desk.joining import split_case

    case = split_case(run.shop, number, say, kind=kind, at=read_moment(run, at))
    tell(
        run,
        case,
        _(
            "Case {number} opened beside case {other}: {kind}, “{title}”.",
            number=case.number,
            other=number,
            kind=run.shop.taxonomy("kinds").label(case.kind),
            title=case.title,
        ),
    )


COMMANDS = (merge, link, split)
"""In the order in which the help shows them."""
