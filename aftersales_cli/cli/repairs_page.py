"""The page ``repairs show`` prints, and the parts of it other verbs show as well."""

from collections.abc import Iterator

from aftersales_cli.clock import local_text
from aftersales_cli.database.agents import list_agents
from aftersales_cli.desk.repairs.rights import repair_is_open
from aftersales_cli.desk.repairs.viewing import RepairView
from aftersales_cli.language import _, plural
from aftersales_cli.money import format_money
from aftersales_cli.shop import Shop

WARRANTY = "repair_warranties"
"""The list that names ``in``, ``out`` and ``unknown``."""


def write_page(shop: Shop, view: RepairView) -> list[str]:
    """Return the lines of a repair's page, with local times and names in the current language."""
    lines = [_title(shop, view), f"  {_piece(view)}", ""]
    lines += [_("{name}: {value}", name=name, value=value) for name, value in _facts(shop, view) if value]
    lines += write_warranty(shop, view)
    lines += write_rights(view)
    lines += ["", _("What happened"), *_timeline(shop, view)]
    if view.commands:
        lines += ["", _("Possible now"), *(f"  {command}" for command in view.commands)]
    if view.text and repair_is_open(view.repair):
        lines += ["", _("For the customer ({place})", place=view.send), f"  {view.text}"]
    return lines


def write_warranty(shop: Shop, view: RepairView) -> list[str]:
    """Return the verdict on the warranty with its arithmetic; nothing for maintenance."""
    repair = view.repair
    if repair.kind != "repair":
        return []
    verdict = shop.taxonomy(WARRANTY).label(repair.warranty)
    if repair.warranty_until:
        verdict = _("{verdict} (until {day})", verdict=verdict, day=repair.warranty_until)
    lines = [_("{name}: {value}", name=_("Warranty"), value=verdict)]
    lines += [f"  {line}" for line in view.warranty_lines]
    if view.several:
        lines.append(
            "  "
            + _(
                "The order has {count} of these: only a serial number (--serial) tells whether this one was repaired "
                "before.",
                count=view.several,
            )
        )
    return lines


def write_rights(view: RepairView) -> list[str]:
    """Return what the customer may ask for instead, with source and the command that begins it."""
    if not view.rights:
        return []
    lines = ["", _("The customer's rights")]
    for right in view.rights:
        lines.append(f"  {right.text}")
        if right.source:
            lines.append("  " + _("Source: {source}. This is not legal advice.", source=right.source))
    repair = view.repair
    if not view.order_number:
        return lines
    piece = f"{repair.sku}=1 " if repair.sku else ""
    command = f"aftersales returns request --case {repair.case_number} {piece}--kind exchange --reason defect"
    return [*lines, "  " + _("To exchange it: {command}", command=command)]


def _title(shop: Shop, view: RepairView) -> str:
    repair = view.repair
    parts = [
        _("Repair {number}", number=repair.id),
        shop.taxonomy("kinds").label(repair.kind),
        shop.taxonomy("repair_states").label(repair.status),
        _("overdue") if view.late else "",
    ]
    return " · ".join(part for part in parts if part)


def _piece(view: RepairView) -> str:
    repair = view.repair
    serial = _("serial number {serial}", serial=repair.serial) if repair.serial else ""
    return " · ".join(part for part in (repair.product, repair.sku, serial) if part)


def _facts(shop: Shop, view: RepairView) -> Iterator[tuple[str, str]]:
    repair = view.repair
    parts = (str(repair.case_number), view.case_title, view.customer)
    yield _("Case"), " · ".join(part for part in parts if part)
    yield _("Order"), view.order_number
    point = view.point
    yield (
        _("Service point"),
        ", ".join(p for p in (point.name, point.address, point.phone) if p) if point else "",
    )
    yield _("Appointment"), local_text(repair.appointment_at, shop.zone) if repair.appointment_at else ""
    yield _("Problem"), repair.problem
    yield _("Diagnosis"), repair.diagnosis
    yield _("Quote"), _quote(view)
    cost = repair.parts_cost
    yield _("Parts cost"), format_money(cost, repair.currency) if cost is not None else ""
    yield _("Received on"), _received(shop, view)
    back = " ".join(part for part in (repair.carrier, repair.number) if part)
    shipped = local_text(repair.shipped_at, shop.zone) if repair.shipped_at else ""
    yield _("Shipped back"), f"{shipped} {back}".strip()
    states = shop.taxonomy("repair_states")
    yield (
        _("Earlier repairs of this piece"),
        ", ".join(
            f"{other.id} ({local_text(other.booked_at, shop.zone)[:10]}, {states.label(other.status)})"
            for other in view.earlier
        ),
    )


def _quote(view: RepairView) -> str:
    repair = view.repair
    if repair.quote is None:
        return ""
    amount = format_money(repair.quote, repair.currency)
    if repair.approved_at:
        return _("{amount}, accepted by the customer", amount=amount)
    if repair.status == "declined":
        return _("{amount}, declined by the customer", amount=amount)
    return _("{amount}, waiting for the customer's answer", amount=amount)


def _received(shop: Shop, view: RepairView) -> str:
    repair = view.repair
    if repair.received_at is None:
        return ""
    received = local_text(repair.received_at, shop.zone)
    days = plural("1 day with us", "{count} days with us", view.days)
    if repair.due_at is None or repair.shipped_at is not None or repair.ended_at is not None:
        return f"{received}, {days}"
    return _(
        "{received}, {days}; due back by {due}",
        received=received,
        days=days,
        due=local_text(repair.due_at, shop.zone)[:10],
    )


def _timeline(shop: Shop, view: RepairView) -> list[str]:
    agents = {agent.code: agent.name for agent in list_agents(shop.database)}
    states = shop.taxonomy("repair_states")
    lines = []
    for event in view.events:
        name = _("sent back as it was") if event.type == "repair_sent_back" else states.label(event.after)
        note = event.note.removeprefix(f"#{view.repair.id}").strip()
        line = f"  {local_text(event.at, shop.zone)}  {name} · {agents.get(event.actor, event.actor)}"
        lines.append(f"{line}: {note}" if note else line)
    return lines
