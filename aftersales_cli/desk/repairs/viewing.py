"""Everything about one repair, gathered for its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from aftersales_cli.database.case_listings import get_case_row
from aftersales_cli.database.orders import get_order
from aftersales_cli.database.repairs import get_repaired_line, get_service_point, list_repair_events
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.repairs.moving import require_repair
from aftersales_cli.desk.repairs.pieces import country_of, earlier_than, piece_history
from aftersales_cli.desk.repairs.rights import Right, days_in_repair, find_rights, is_late, next_commands
from aftersales_cli.desk.repairs.telling import PLAIN, Voice, tell_customer
from aftersales_cli.desk.repairs.warranty import explain_warranty
from aftersales_cli.desk.steps import require_case
from aftersales_cli.records.cases import CaseEvent
from aftersales_cli.records.repairs import Repair, ServicePoint
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class RepairView:
    """A repair with what stands around it; texts in the current language."""

    repair: Repair
    case_title: str
    customer: str
    """The name, else number or address as far as they may be shown."""
    order_number: str
    point: ServicePoint | None
    warranty_lines: Sequence[str]
    """The arithmetic of the warranty; none for maintenance."""
    earlier: Sequence[Repair]
    """Repairs of the same piece before it."""
    rights: Sequence[Right]
    late: bool
    days: int
    """Full days with us, without those the customer took to answer a quote."""
    several: int
    """How many pieces its order line has if no serial number tells which one it is, else 0."""
    events: Sequence[CaseEvent]
    commands: Sequence[str]
    """What may be typed next."""
    text: str
    """What the customer should hear now."""
    send: str


def view_repair(shop: Shop, repair_id: int, voice: Voice = PLAIN) -> RepairView:
    """Return everything about a repair; changes nothing. Raises NotFoundError, FileError."""
    repair = require_repair(shop, repair_id)
    case = require_case(shop, repair.case_number)
    row = get_case_row(shop.database, case.number)
    order = get_order(shop.database, case.order_id) if case.order_id is not None else None
    place = repair.service_point_id
    earlier = earlier_than(repair, piece_history(shop, repair, except_id=repair.id))
    told = tell_customer(shop, repair, Voice(voice.language))
    return RepairView(
        repair=repair,
        case_title=case.title,
        customer=mask_word(row.customer) if row else "",
        order_number=(order.display_number or order.external_id) if order else case.order_external_id,
        point=get_service_point(shop.database, place) if place is not None else None,
        warranty_lines=explain_warranty(repair, shop.zone) if repair.kind == "repair" else [],
        earlier=earlier,
        rights=find_rights(repair, earlier, country=country_of(shop, case), now=shop.stamp),
        late=is_late(repair, shop.stamp),
        days=days_in_repair(repair, shop.stamp),
        several=_several(shop, repair),
        events=list_repair_events(shop.database, repair),
        commands=next_commands(repair),
        text=told.text,
        send=told.send,
    )


def _several(shop: Shop, repair: Repair) -> int:
    if repair.serial or repair.order_line_id is None:
        return 0
    line = get_repaired_line(shop.database, repair.order_line_id)
    return line.quantity if line is not None and line.quantity > 1 else 0
