"""Book a repair or maintenance, after help from afar was offered."""

from dataclasses import dataclass
from datetime import date, datetime

from aftersales_cli.clock import local_text, to_text
from aftersales_cli.database.repairs import (
    get_repaired_line,
    insert_repair,
    list_case_repairs,
    list_piece_repairs,
)
from aftersales_cli.desk.assigning import customer_language, take_if_free
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.repairs.guidance import Guidance, choose_guidance, load_guidance
from aftersales_cli.desk.repairs.moving import record_step, require_repair, take_repair_step
from aftersales_cli.desk.repairs.pieces import (
    Piece,
    choose_piece,
    clean_serial,
    currency_of,
    find_warranty,
    piece_history,
    require_same_product,
)
from aftersales_cli.desk.repairs.points import require_working_point
from aftersales_cli.desk.repairs.rights import repair_is_open
from aftersales_cli.desk.repairs.telling import PLAIN, Told, Voice, tell_customer
from aftersales_cli.desk.repairs.warranty import Warranty, count_rounds
from aftersales_cli.desk.steps import check_case_moment, require_case, require_path, take_step
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.repairs import Repair
from aftersales_cli.shop import Shop

KINDS = ("repair", "maintenance")


@dataclass(frozen=True)
class Booking:
    """What is wanted; what is empty or None is found out or left open."""

    kind: str = ""
    """``repair`` or ``maintenance``; that of the case if empty."""
    product: str = ""
    serial: str = ""
    problem: str = ""
    point: str = ""
    appointment: datetime | None = None
    bought_on: date | None = None
    """Day the warranty counts from, if the order does not tell it."""
    warranty_months: int | None = None
    guided: bool = False
    """The customer has tried the help from afar, or it does not fit."""


def book_repair(
    shop: Shop,
    number: int,
    booking: Booking,
    *,
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Book a repair for an open case; ``voice`` is about the customer's text.

    Raises RefusedError if help from afar was not offered, the piece is in repair already, or the case has ended;
    WrongUsageError, NotFoundError.
    """
    with changing(shop, "repairs.book", number) as writing:
        case = require_case(shop, number)
        require_path(shop, case, "assign")
        moment = check_case_moment(shop, case, at)
        kind = _choose_kind(case, booking.kind)
        piece = choose_piece(shop, case, booking.product, clean_serial(booking.serial))
        require_same_product(shop, piece)
        _require_free(shop, case, piece)
        if kind == "repair" and not booking.guided:
            _require_guidance(shop, case, piece, booking)
        case = _begin(shop, case, at=moment)
        repair_id = _store(shop, case, piece, kind, booking, at=moment)
        writing.touch("repair", repair_id)
        return tell_customer(shop, require_repair(shop, repair_id), voice)


def find_guidance(shop: Shop, number: int, *, product: str = "") -> list[Guidance]:
    """Return the texts of help from afar that fit a case's product and words; changes nothing.

    Raises NotFoundError, WrongUsageError if it is not clear which product is meant, FileError.
    """
    case = require_case(shop, number)
    open_repairs = [repair for repair in list_case_repairs(shop.database, number) if repair_is_open(repair)]
    if not product and len(open_repairs) == 1:
        product = open_repairs[0].product
    else:
        product = choose_piece(shop, case, product, "").product
    return choose_guidance(load_guidance(shop.folder), product=product, problem=case.title)


def guide_language(shop: Shop, number: int) -> str:
    """Return the language the customer of a case is guided in, ``zh`` or ``en``."""
    return customer_language(shop, require_case(shop, number))


def solve_case_remotely(
    shop: Shop,
    number: int,
    note: str,
    *,
    product: str = "",
    at: datetime | None = None,
    voice: Voice = PLAIN,
) -> Told:
    """Record that help from afar cured the fault of a case, booked already or not.

    Raises RefusedError if its piece has been received, WrongUsageError, NotFoundError.
    """
    if not note.strip():
        raise WrongUsageError(_("The text is empty."), remedy=_("Say what helped."))
    with changing(shop, "repairs.solve", number) as writing:
        case = require_case(shop, number)
        require_path(shop, case, "assign")
        repair = _open_booking(shop, case, product)
        if repair is None:
            moment = check_case_moment(shop, case, at)
            piece = choose_piece(shop, case, product, "")
            _require_free(shop, case, piece)
            case = _begin(shop, case, at=moment)
            booking = Booking(product=product, guided=True)
            repair = require_repair(shop, _store(shop, case, piece, "repair", booking, at=moment))
        writing.touch("repair", repair.id)
        repair = take_repair_step(shop, repair, "solved_remotely", note=note.strip(), at=at, ends=True)
        return tell_customer(shop, repair, voice)


def _choose_kind(case: Case, kind: str) -> str:
    if kind:
        assert kind in KINDS
        return kind
    return "maintenance" if case.kind == "maintenance" else "repair"


def _open_booking(shop: Shop, case: Case, product: str) -> Repair | None:
    """Return the open repair of a case that is meant; None if there is none."""
    found = [repair for repair in list_case_repairs(shop.database, case.number) if repair.ended_at is None]
    if product:
        piece = choose_piece(shop, case, product, "")
        found = [repair for repair in found if repair.product == piece.product]
    if len(found) <= 1:
        return found[0] if found else None
    names = ", ".join(f"{repair.id} ({repair.product})" for repair in found)
    raise WrongUsageError(
        _("Case {number} has several open repairs: {repairs}.", number=case.number, repairs=names),
        remedy=_("Say which one: {command}", command="aftersales repairs solve REPAIR"),
    )


def _require_free(shop: Shop, case: Case, piece: Piece) -> None:
    """Refuse a second repair of a piece that is in repair."""
    same = [repair for repair in piece_history(shop, piece) if repair_is_open(repair)]
    if not same and piece.order_line_id is not None:
        same = _full_line(shop, piece.order_line_id)
    if not piece.serial and piece.order_line_id is None:
        same += [
            repair
            for repair in list_case_repairs(shop.database, case.number)
            if repair_is_open(repair) and not repair.serial and repair.product == piece.product
        ]
    if same:
        state = shop.taxonomy("repair_states").label(same[0].status)
        raise RefusedError(
            _(
                "{product} is in repair already: repair {repair} of case {number} is “{state}”.",
                product=piece.product,
                repair=same[0].id,
                number=same[0].case_number,
                state=state,
            ),
            remedy=_(
                "Go on there: {command}. For another piece of the same kind give --serial.",
                command=f"aftersales repairs show {same[0].id}",
            ),
        )


def _full_line(shop: Shop, order_line_id: int) -> list[Repair]:
    """Return the open repairs of an order line if they are as many as pieces were bought."""
    line = get_repaired_line(shop.database, order_line_id)
    pieces = list_piece_repairs(shop.database, serial="", order_line_id=order_line_id)
    busy = [repair for repair in pieces if repair_is_open(repair)]
    return busy if line is not None and len(busy) >= line.quantity else []


def _require_guidance(shop: Shop, case: Case, piece: Piece, booking: Booking) -> None:
    """Refuse a booking as long as help from afar was not tried."""
    said = f"{booking.problem} {case.title}"
    found = choose_guidance(load_guidance(shop.folder), product=piece.product, problem=said)
    if found:
        titles = "; ".join(entry.title for entry in found)
        raise RefusedError(
            _("The customer can try something first: {titles}.", titles=titles),
            remedy=_(
                "“aftersales repairs guide {number}” shows the text. If it was tried or does not fit, book with "
                "--guided.",
                number=case.number,
            ),
        )


def _begin(shop: Shop, case: Case, *, at: str) -> Case:
    case = take_if_free(shop, case, at=at)
    return take_step(shop, case, "resume", at=at) if case.status in {"new", "triaged"} else case


def _store(shop: Shop, case: Case, piece: Piece, kind: str, booking: Booking, *, at: str) -> int:
    point = require_working_point(shop, booking.point) if booking.point else None
    earlier = piece_history(shop, piece)
    warranty = Warranty()
    if kind == "repair":
        warranty = find_warranty(
            shop,
            case,
            piece,
            earlier,
            bought_on=booking.bought_on,
            months=booking.warranty_months,
            told_at=at,
        )
    repair_id = insert_repair(
        shop.database,
        {
            "case_number": case.number,
            "order_line_id": piece.order_line_id,
            "kind": kind,
            "status": "booked",
            "sku": piece.sku,
            "product": piece.product,
            "serial": piece.serial,
            **warranty_columns(warranty),
            "round": count_rounds(earlier) if kind == "repair" else 1,
            "service_point_id": point.id if point else None,
            "problem": booking.problem.strip(),
            "appointment_at": _appointment(shop, booking, at),
            "booked_at": at,
            "currency": currency_of(shop, case, piece),
        },
    )
    note = " · ".join(part for part in (piece.product, booking.problem.strip()) if part)
    record_step(shop, require_repair(shop, repair_id), before="", after="booked", at=at, note=note)
    return repair_id


def warranty_columns(warranty: Warranty) -> dict[str, object]:
    """Return what a repair keeps of its warranty."""
    return {
        "warranty": warranty.verdict,
        "warranty_until": warranty.until.isoformat() if warranty.until else None,
        "warranty_since": warranty.since,
        "warranty_from": warranty.start.isoformat() if warranty.start else None,
        "warranty_months": warranty.months,
        "months_basis": warranty.basis,
        "warranty_added": warranty.added,
    }


def _appointment(shop: Shop, booking: Booking, at: str) -> str | None:
    if booking.appointment is None:
        return None
    moment = to_text(booking.appointment)
    if moment < at:
        raise WrongUsageError(
            _(
                "The appointment {appointment} is before the booking ({booked}).",
                appointment=local_text(moment, shop.zone),
                booked=local_text(at, shop.zone),
            ),
            remedy=_("Give a later time with --appointment, or say with --at when it was booked."),
        )
    return moment
