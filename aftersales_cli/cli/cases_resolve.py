"""The verb ``cases resolve``, for one case or many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales_cli.cli.base import option
from aftersales_cli.cli.cases_bulk import Chosen, bulk_verb
from aftersales_cli.cli.cases_steps import MINUTES, read_moment
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _

if TYPE_CHECKING:
    from aftersales_cli.records.cases import Case
    from aftersales_cli.shop import Shop


@bulk_verb("resolve")
@option("--cause", default="", help=N_("What it was caused by, e.g. packaging; says who is at fault."))
@option("--resolution", default="", help=N_("How it ended; default: what is usual for the kind."))
@option("--reason", default="", help=N_("The true reason, if it differs from the first one."))
@option("--note", "remark", default="", help=N_("A remark for the case's history."))
@MINUTES
def resolve(
    run: Run,
    chosen: Chosen,
    cause: str,
    resolution: str,
    reason: str,
    remark: str,
    minutes: int | None,
    at: str | None,
) -> None:
    """Record that a case is solved. Money and goods are moved by you, not by this command.

    Example: aftersales cases resolve 17 --cause packaging

    Example: aftersales cases resolve --where "incident=3" --cause packaging
    """
    from aftersales_cli.desk.ending import resolve_case

    moment = read_moment(run, at)

    def step(shop: Shop, number: int) -> Case:
        return resolve_case(
            shop,
            number,
            resolution=resolution,
            cause=cause,
            reason=reason,
            note=remark,
            minutes=minutes,
            at=moment,
        )

    chosen.carry_out(run, "resolve", step, lambda case: [_resolved_text(run, case)])


def _resolved_text(run: Run, case: Case) -> str:
    resolution = run.shop.taxonomy("resolutions").label(case.resolution)
    if case.cause in {"", "unknown"}:
        return _("Case {number} is resolved: {resolution}.", number=case.number, resolution=resolution)
    return _(
        "Case {number} is resolved: {resolution}; cause: {cause}.",
        number=case.number,
        resolution=resolution,
        cause=run.shop.taxonomy("causes").label(case.cause),
    )


COMMANDS = (resolve,)
"""Registered by ``cases``."""
