"""The steps of a repair on the bench. They are recorded here; nothing is sent, paid or shipped by them.

Each returns the repair with what its customer should hear. Each raises RefusedError if the repair is not where the
step begins, naming who was faster; WrongUsageError for a moment before the last step; NotFoundError.
"""

from collections.abc import Mapping
from datetime import datetime

from aftersales_cli.database.repairs import send_back
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.repairs.moving import (
    open_repair,
    overtaken,
    require_repair,
    require_step,
    step_moment,
    take_repair_step,
)
from aftersales_cli.desk.repairs.rights import move_due
from aftersales_cli.desk.repairs.telling import PLAIN, Told, Voice, tell_customer
from aftersales_cli.desk.steps import record_event
from aftersales_cli.desk.words import require_text
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.money import format_money
from aftersales_cli.records.repairs import Repair
from aftersales_cli.shop import Shop


def diagnose_repair(
    shop: Shop,
    repair_id: int,
    text: str,
    *,
    not_covered: str = "",
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record what is at fault; ``not_covered`` says why the warranty does not cover it, e.g. water damage."""
    require_text(text)
    with changing(shop, "repairs.diagnose") as writing:
        repair = open_repair(shop, writing, repair_id)
        require_step(shop, repair, "diagnosed")
        changes = {"diagnosis": text.strip(), **_uncover(repair, not_covered)}
        note = _joined(text, not_covered)
        repair = take_repair_step(shop, repair, "diagnosed", at=at, changes=lambda _at: changes, note=note)
        return tell_customer(shop, repair, voice)


def quote_repair(
    shop: Shop,
    repair_id: int,
    amount: int,
    *,
    not_covered: str = "",
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record what the repair would cost the customer, in minor units; refused for what the warranty covers."""
    with changing(shop, "repairs.quote") as writing:
        repair = open_repair(shop, writing, repair_id)
        require_step(shop, repair, "quoted")
        changes = _uncover(repair, not_covered)
        if repair.warranty == "in" and not changes:
            raise RefusedError(
                _(
                    "Repair {number} is in warranty until {day}: it costs the customer nothing.",
                    number=repair.id,
                    day=repair.warranty_until,
                ),
                remedy=_(
                    "Begin with “aftersales repairs start {number}”, or say with --not-covered why the warranty "
                    "does not cover it.",
                    number=repair.id,
                ),
            )
        repair = take_repair_step(
            shop,
            repair,
            "quoted",
            at=at,
            changes=lambda moment: {**changes, "quote": amount, "quoted_at": moment},
            note=_joined(format_money(amount, repair.currency), not_covered),
        )
        return tell_customer(shop, repair, voice)


def approve_repair(
    shop: Shop,
    repair_id: int,
    *,
    note: str = "",
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that the customer accepts the quote; the time this took is added to when the piece is due."""
    with changing(shop, "repairs.approve") as writing:
        repair = open_repair(shop, writing, repair_id)

        def changes(moment: str) -> Mapping[str, object]:
            if repair.due_at is None or repair.quoted_at is None:
                return {"approved_at": moment}
            moved = move_due(repair.due_at, since=repair.quoted_at, until=moment)
            return {"approved_at": moment, "due_at": moved}

        words = _joined(format_money(repair.quote, repair.currency), note)
        after = take_repair_step(shop, repair, "approved", at=at, changes=changes, note=words)
        return tell_customer(shop, after, voice)


def decline_repair(
    shop: Shop,
    repair_id: int,
    *,
    note: str = "",
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that the customer does not want the repair; a piece that is here has to go back, see ship_repair."""
    with changing(shop, "repairs.decline") as writing:
        repair = open_repair(shop, writing, repair_id)
        repair = take_repair_step(shop, repair, "declined", at=at, note=note.strip(), ends=True)
        return tell_customer(shop, repair, voice)


def start_repair(
    shop: Shop,
    repair_id: int,
    *,
    free: bool = False,
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that the work has begun: in warranty, after the customer's yes, or ``free`` of charge."""
    with changing(shop, "repairs.start") as writing:
        repair = open_repair(shop, writing, repair_id)
        require_step(shop, repair, "in_repair")
        if repair.status == "tested":
            raise RefusedError(
                _("Repair {number} has been tested already.", number=repair.id),
                remedy=_("Ship it: {command}", command=f"aftersales repairs ship {repair.id}"),
            )
        unpaid = repair.status == "diagnosed" and repair.kind == "repair" and repair.warranty != "in"
        if unpaid and not free:
            raise RefusedError(
                _("Repair {number} is not known to be in warranty, and nothing is quoted.", number=repair.id),
                remedy=_(
                    "Quote it: aftersales repairs quote {number} AMOUNT. If it costs the customer nothing: --free.",
                    number=repair.id,
                ),
            )
        note = _("free of charge") if unpaid else ""
        repair = take_repair_step(shop, repair, "in_repair", at=at, note=note)
        return tell_customer(shop, repair, voice)


def try_repair(
    shop: Shop,
    repair_id: int,
    *,
    result: str = "",
    failed: bool = False,
    parts: int | None = None,
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record a trial run; ``failed`` goes on with the work. ``parts`` are what the parts cost, in minor units."""
    with changing(shop, "repairs.test") as writing:
        repair = open_repair(shop, writing, repair_id)
        repair = take_repair_step(
            shop,
            repair,
            "tested",
            at=at,
            changes=lambda _at: _parts(repair, parts),
            note=_joined(_("failed") if failed else "", result),
        )
        if failed:
            repair = take_repair_step(shop, repair, "in_repair", at=at)
            return Told(repair, "", "")
        return tell_customer(shop, repair, voice)


def ship_repair(
    shop: Shop,
    repair_id: int,
    *,
    carrier: str = "",
    number: str = "",
    parts: int | None = None,
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that the piece is on its way back; also one that was declined or cannot be repaired."""
    with changing(shop, "repairs.ship") as writing:
        repair = open_repair(shop, writing, repair_id)
        sent = {"carrier": carrier.strip(), "number": "".join(number.split())}
        words = " ".join(text for text in sent.values() if text)
        if repair.status in {"declined", "unrepairable"}:
            return Told(
                _send_back(shop, repair, carrier=sent["carrier"], number=sent["number"], at=at), "", ""
            )
        repair = take_repair_step(
            shop,
            repair,
            "shipped_back",
            at=at,
            changes=lambda moment: {**sent, "shipped_at": moment, **_parts(repair, parts)},
            note=words,
        )
        return tell_customer(shop, repair, voice)


def finish_repair(
    shop: Shop,
    repair_id: int,
    *,
    note: str = "",
    parts: int | None = None,
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that the customer has the piece back; straight after the test it was handed over at the counter."""
    with changing(shop, "repairs.finish") as writing:
        repair = open_repair(shop, writing, repair_id)
        repair = take_repair_step(
            shop,
            repair,
            "done",
            at=at,
            changes=lambda moment: {"shipped_at": repair.shipped_at or moment, **_parts(repair, parts)},
            note=note.strip(),
            ends=True,
        )
        return tell_customer(shop, repair, voice)


def give_up_repair(
    shop: Shop,
    repair_id: int,
    text: str,
    *,
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that the piece cannot be repaired, and why."""
    require_text(text)
    with changing(shop, "repairs.give_up") as writing:
        repair = open_repair(shop, writing, repair_id)
        repair = take_repair_step(
            shop,
            repair,
            "unrepairable",
            at=at,
            changes=lambda _at: {"diagnosis": text.strip()},
            note=text.strip(),
            ends=True,
        )
        return tell_customer(shop, repair, voice)


def solve_repair(
    shop: Shop,
    repair_id: int,
    *,
    note: str = "",
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that a booked piece works again without being sent in."""
    with changing(shop, "repairs.solve") as writing:
        repair = open_repair(shop, writing, repair_id)
        repair = take_repair_step(shop, repair, "solved_remotely", at=at, note=note.strip(), ends=True)
        return tell_customer(shop, repair, voice)


def _joined(*parts: str) -> str:
    return " · ".join(part.strip() for part in parts if part.strip())


def _parts(repair: Repair, cost: int | None) -> dict[str, object]:
    return {} if cost is None else {"parts_cost": (repair.parts_cost or 0) + cost}


def _uncover(repair: Repair, reason: str) -> dict[str, object]:
    """Return what changes if the warranty does not cover the fault."""
    if not reason.strip():
        return {}
    if repair.kind != "repair":
        raise WrongUsageError(
            _("Maintenance has no warranty."),
            remedy=_("Leave --not-covered out; quote it if it costs money."),
        )
    return {"warranty": "out", "not_covered": reason.strip()}


def _send_back(shop: Shop, repair: Repair, *, carrier: str, number: str, at: datetime | None) -> Repair:
    if repair.received_at is None or repair.shipped_at is not None:
        raise RefusedError(
            _("Repair {number} has no piece here that could go back.", number=repair.id),
            remedy=_("“aftersales repairs show {number}” tells what happened.", number=repair.id),
        )
    moment = step_moment(shop, repair, at)
    if not send_back(shop.database, repair.id, at=moment, carrier=carrier, number=number):
        raise overtaken(shop, repair)
    note = f"#{repair.id} {carrier} {number}".strip()
    record_event(
        shop, repair.case_number, "repair_sent_back", at=moment, field="repair",
        before=repair.status, after=repair.status, note=note,
    )  # fmt: skip
    return require_repair(shop, repair.id)
