"""Take in a piece for repair, and learn from its serial number."""

from dataclasses import replace
from datetime import date, datetime

from aftersales_cli.database.cases import get_case
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.repairs.booking import warranty_columns
from aftersales_cli.desk.repairs.moving import open_repair, require_step, take_repair_step
from aftersales_cli.desk.repairs.pieces import (
    Piece,
    clean_serial,
    earlier_than,
    find_warranty,
    piece_history,
)
from aftersales_cli.desk.repairs.rights import due_after, repair_is_open
from aftersales_cli.desk.repairs.telling import PLAIN, Told, Voice, tell_customer
from aftersales_cli.desk.repairs.warranty import count_rounds
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.repairs import Repair
from aftersales_cli.shop import Shop


def receive_repair(
    shop: Shop,
    repair_id: int,
    *,
    serial: str = "",
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that the piece has come in; from now on it is due back after ``repairs.days``.

    A serial number read off it may tell of earlier repairs: warranty and round are found anew. ``voice`` is
    about the customer's text. Raises RefusedError naming who was faster, or if that piece is in repair already;
    WrongUsageError, NotFoundError.
    """
    with changing(shop, "repairs.receive") as writing:
        repair = open_repair(shop, writing, repair_id)
        require_step(shop, repair, "received")
        booked = repair.serial
        known = _serial_changes(shop, repair, clean_serial(serial))
        days = shop.settings.repairs.days
        repair = take_repair_step(
            shop,
            repair,
            "received",
            at=at,
            changes=lambda moment: {
                **known,
                "received_at": moment,
                "due_at": due_after(moment, days, shop.zone),
            },
            note=str(known.get("serial", "")),
        )
        told = tell_customer(shop, repair, voice)
        return replace(told, booked_serial=booked if booked != repair.serial else "")


def _serial_changes(shop: Shop, repair: Repair, serial: str) -> dict[str, object]:
    """Return what a serial number that was not known at booking changes."""
    if not serial or serial == repair.serial:
        return {}
    piece = Piece(repair.product, repair.sku, serial, repair.order_line_id)
    history = piece_history(shop, piece, except_id=repair.id)
    for other in history:
        if other.serial == serial and repair_is_open(other):
            raise RefusedError(
                _(
                    "The piece with the number {serial} is in repair {repair} already.",
                    serial=serial,
                    repair=other.id,
                ),
                remedy=_("Look there: {command}", command=f"aftersales repairs show {other.id}"),
            )
    changes: dict[str, object] = {"serial": serial}
    if repair.kind == "repair":
        case = get_case(shop.database, repair.case_number)
        assert case is not None
        given = repair.warranty_from if repair.warranty_since == "given" else None
        warranty = find_warranty(
            shop,
            case,
            piece,
            earlier_than(repair, history),
            bought_on=date.fromisoformat(given) if given else None,
            months=repair.warranty_months if repair.months_basis == "given" else None,
            told_at=repair.booked_at,
        )
        rounds = count_rounds(earlier_than(repair, history))
        changes |= {**warranty_columns(warranty), "round": rounds}
    return changes
