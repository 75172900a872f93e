"""One step on the axis of a repair: the guarded change, and its event in the case's history."""

from collections.abc import Callable, Mapping
from datetime import datetime

from aftersales_cli.clock import local_text
from aftersales_cli.database.agents import find_agent
from aftersales_cli.database.repairs import change_repair, get_repair, list_repair_events
from aftersales_cli.desk.axes import REPAIR, require_following
from aftersales_cli.desk.moments import check_moment
from aftersales_cli.desk.repairs.rights import next_commands
from aftersales_cli.desk.steps import record_event
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.repairs import Repair
from aftersales_cli.shop import Shop, Writing


def require_repair(shop: Shop, repair_id: int) -> Repair:
    """Return the repair with this number; raises NotFoundError."""
    repair = get_repair(shop.database, repair_id)
    if repair is None:
        raise missing_repair(repair_id)
    return repair


def open_repair(shop: Shop, writing: Writing, repair_id: int) -> Repair:
    """Return a repair about to be changed, named in the audit entry with its case; raises NotFoundError."""
    repair = require_repair(shop, repair_id)
    writing.touch("case", repair.case_number)
    writing.touch("repair", repair.id)
    return repair


def missing_repair(repair_id: int) -> NotFoundError:
    """Return the error for a repair that does not exist."""
    return NotFoundError(
        _("There is no repair {number}.", number=repair_id),
        remedy=_("“aftersales repairs list --all” shows all repairs."),
    )


def require_step(shop: Shop, repair: Repair, after: str) -> None:
    """Refuse a step the axis does not have from here; if somebody just did it, RefusedError says who."""
    if after in REPAIR.following[repair.status]:
        return
    if repair.status == after:
        raise _already_done(shop, repair)
    commands = next_commands(repair)
    require_following(
        REPAIR,
        repair.status,
        after,
        subject=_("Repair {number}", number=repair.id),
        remedy=_("Possible now: {commands}", commands="; ".join(commands)) if commands else "",
    )


def take_repair_step(
    shop: Shop,
    repair: Repair,
    after: str,
    *,
    at: datetime | None,
    changes: Callable[[str], Mapping[str, object]] | None = None,
    note: str = "",
    ends: bool = False,
) -> Repair:
    """Bring a repair into its next state, with its event; ``repair`` is what the caller saw.

    ``changes`` takes the stored moment of the step and returns what else is set. Has its state changed since, nothing happens and RefusedError says who was faster. To be used inside
    ``changing``. Raises WrongUsageError for a moment before the last step.
    """
    require_step(shop, repair, after)
    moment = step_moment(shop, repair, at)
    values: dict[str, object] = {**(changes(moment) if changes else {}), "status": after}
    if ends:
        values["ended_at"] = moment
    if not change_repair(shop.database, repair.id, expected=repair.status, changes=values):
        raise overtaken(shop, repair)
    record_step(shop, repair, before=repair.status, after=after, at=moment, note=note)
    return require_repair(shop, repair.id)


def step_moment(shop: Shop, repair: Repair, given: datetime | None) -> str:
    """Return when a step happened, never before the last one; raises WrongUsageError."""
    events = list_repair_events(shop.database, repair)
    earliest = max((event.at for event in events), default=repair.booked_at)
    return check_moment(given, now=shop.now, earliest=earliest, zone=shop.zone)


def record_step(shop: Shop, repair: Repair, *, before: str, after: str, at: str, note: str = "") -> None:
    """Append the event of a step; its note begins with the repair's number, e.g. ``#4 water damage``."""
    record_event(
        shop,
        repair.case_number,
        f"repair_{after}",
        at=at,
        field="repair",
        before=before,
        after=after,
        note=f"#{repair.id} {note}".strip(),
    )


def overtaken(shop: Shop, seen: Repair) -> RefusedError:
    """Return the error for a repair that somebody else has taken further since it was looked at."""
    return _already_done(shop, require_repair(shop, seen.id))


def _already_done(shop: Shop, repair: Repair) -> RefusedError:
    state = shop.taxonomy("repair_states").label(repair.status)
    remedy = "; ".join(next_commands(repair))
    remedy = _("Possible now: {commands}", commands=remedy) if remedy else ""
    events = list_repair_events(shop.database, repair)
    last = next((event for event in reversed(events) if event.after == repair.status), None)
    if last is None:
        return RefusedError(
            _("Repair {number} has been changed by somebody else.", number=repair.id), remedy=remedy
        )
    moment = local_text(last.at, shop.zone)
    if last.actor == shop.agent.code:
        message = _(
            "You did this already: repair {number} is “{state}” since {moment}.",
            number=repair.id,
            state=state,
            moment=moment,
        )
        return RefusedError(message, remedy=remedy)
    found = find_agent(shop.database, last.actor)
    return RefusedError(
        _(
            "{name} was faster: repair {number} is “{state}” since {moment}.",
            name=found.name if found else last.actor,
            number=repair.id,
            state=state,
            moment=moment,
        ),
        remedy=remedy,
    )
