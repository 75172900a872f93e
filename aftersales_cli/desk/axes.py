"""The axes on which a case moves beside its own status: review, parcel, refund, replacement, repair.

Each is a table from state to the states that may follow; rules only: values in, values out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aftersales_cli.desk.repairs.rights import repair_is_open
from aftersales_cli.desk.returns.held_goods import held_lines
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import N_, _
from aftersales_cli.records.axes import AskedFor, CaseAxes, OpenEnd
from aftersales_cli.records.returns import ReturnLine
from aftersales_cli.taxonomy import load_taxonomy


@dataclass(frozen=True)
class Axis:
    """One axis: what it is called, its states, and which of them are ends."""

    name: str
    """As people read it, untranslated."""
    taxonomy: str
    """The list that names its states."""
    following: Mapping[str, tuple[str, ...]]

    @property
    def ends(self) -> frozenset[str]:
        """States after which nothing is left to do."""
        return frozenset(state for state, following in self.following.items() if not following)


REVIEW = Axis(
    N_("review"),
    "review_states",
    {
        "submitted": ("auto_approved", "approved", "rejected", "needs_evidence", "needs_manual", "withdrawn"),
        "needs_evidence": ("submitted", "approved", "rejected", "needs_manual", "withdrawn", "expired"),
        "needs_manual": ("approved", "rejected", "needs_evidence", "withdrawn"),
        "auto_approved": ("withdrawn", "expired"),
        "approved": ("withdrawn", "expired"),
        # A rejected request comes back only as a new revision.
        "rejected": (),
        "withdrawn": (),
        # Its goods came late: a person decides anew.
        "expired": ("needs_manual",),
    },
)

PARCEL = Axis(
    N_("parcel"),
    "parcel_states",
    {
        "awaiting": ("in_transit", "partly_received", "received", "lost", "expired"),
        "in_transit": ("partly_received", "received", "lost"),
        "partly_received": ("received", "lost"),
        # A parcel that was given up may still turn up.
        "lost": ("received", "partly_received"),
        "expired": ("in_transit", "received", "partly_received"),
        "received": (),
    },
)

REFUND = Axis(
    N_("refund"),
    "refund_plan_states",
    {
        "planned": ("approved", "void"),
        "approved": ("requested", "succeeded", "failed", "void"),
        "requested": ("succeeded", "failed"),
        "failed": ("requested", "succeeded", "void"),
        "succeeded": (),
        "void": (),
    },
)

REPLACEMENT = Axis(
    N_("replacement"),
    "replacement_states",
    {"reserved": ("shipped", "void"), "shipped": ("delivered", "void"), "delivered": (), "void": ()},
)

REPAIR = Axis(
    N_("repair"),
    "repair_states",
    {
        "booked": ("received", "solved_remotely", "declined"),
        "received": ("diagnosed",),
        "diagnosed": ("quoted", "in_repair", "unrepairable"),
        "quoted": ("approved", "declined"),
        "approved": ("in_repair",),
        "in_repair": ("tested", "unrepairable"),
        "tested": ("shipped_back", "in_repair", "done"),
        "shipped_back": ("done",),
        "done": (),
        "unrepairable": (),
        "declined": (),
        "solved_remotely": (),
    },
)


def require_following(axis: Axis, before: str, after: str, *, subject: str, remedy: str = "") -> None:
    """Refuse a step the axis does not have; ``subject`` names the thing, e.g. ``Refund 4``.

    Raises RefusedError that names the present state and what may follow it.
    """
    following = axis.following[before]
    if after in following:
        return
    names = load_taxonomy(axis.taxonomy)
    message = _(
        "{subject} is “{before}” and cannot become “{after}”.",
        subject=subject,
        before=names.label(before),
        after=names.label(after),
    )
    possible = ", ".join(names.label(state) for state in following)
    raise RefusedError(
        message,
        remedy=remedy
        or (_("Possible now: {states}.", states=possible) if possible else _("This is an end.")),
    )


def open_ends(axes: CaseAxes) -> list[OpenEnd]:
    """Return what of a case is not at an end on an axis that applies, with the command that goes on from there.

    What was begun has to be ended; and what was approved has to have come about: goods back and inspected,
    then money, a replacement or a repair. What is mirrored from a marketplace is moved there and holds nobody up.
    """
    return [*_ends_of_requests(axes), *_ends_begun(axes)]


_DECIDED = ("auto_approved", "approved")
_UNDER_WAY = ("awaiting", "in_transit", "partly_received")
"""States in which a parcel is still expected; one that was given up may turn up, but nobody waits for it."""


def _end(axis: Axis, subject: str, state: str, command: str) -> OpenEnd:
    return OpenEnd(axis.name, subject, load_taxonomy(axis.taxonomy).label(state), f"aftersales {command}")


def _ends_begun(axes: CaseAxes) -> Iterator[OpenEnd]:
    """Yield what was begun and is not over."""
    for parcel in axes.parcels:
        # What was sent to the customer is out of our hands; only its loss would be a matter again.
        is_gone = parcel.direction == "out" and parcel.status != "awaiting"
        if parcel.status in _UNDER_WAY and parcel.origin == "own" and not is_gone:
            name = _("Parcel {number}", number=parcel.number or parcel.id)
            verb = "receive" if parcel.direction == "in" else "show"
            yield _end(PARCEL, name, parcel.status, f"returns {verb} {parcel.request_id or parcel.id}")
    for plan in axes.plans:
        if plan.status not in REFUND.ends:
            name = _("Refund {number}", number=plan.id)
            verb = "approve" if plan.status == "planned" and plan.second_needed else "pay"
            yield _end(REFUND, name, plan.status, f"refunds {verb} {plan.id}")
    for sent in axes.replacements:
        if sent.status not in REPLACEMENT.ends:
            name = _("Replacement {number}", number=sent.id)
            verb = "ship" if sent.status == "reserved" else "deliver"
            yield _end(REPLACEMENT, name, sent.status, f"replacements {verb} {sent.id}")
    for repair in axes.repairs:
        if repair_is_open(repair):
            name = _("Repair {number}", number=repair.id)
            yield _end(REPAIR, name, repair.status, f"repairs show {repair.id}")


def _ends_of_requests(axes: CaseAxes) -> Iterator[OpenEnd]:
    for asked in axes.asked:
        yield from _ends_of_request(axes, asked)


def _ends_of_request(axes: CaseAxes, asked: AskedFor) -> Iterator[OpenEnd]:
    request = asked.request
    if request.origin == "platform":
        return
    name = _("Return request {number}", number=request.id)
    if request.status not in (*_DECIDED, *REVIEW.ends, "expired"):
        yield _end(REVIEW, name, request.status, f"returns review {request.id}")
    for line in held_lines(asked, axes.parcels):
        product = line.title or line.sku or name
        if line.disposition:
            command = f"aftersales returns ship {request.id} --out --number …"
            yield OpenEnd(PARCEL.name, product, _("to go back to the customer"), command)
        else:
            command = f"aftersales returns inspect {request.id} --disposition return"
            yield OpenEnd(PARCEL.name, product, _("here, though the request was not granted"), command)
    if request.status not in _DECIDED or request.ended_at:
        return
    if request.kind in ("return", "exchange"):
        yield from _goods_missing(axes, asked, name)
    if missing := _outcome_missing(axes, asked):
        axis, state, command = missing
        yield OpenEnd(axis.name, name, state, f"aftersales {command}")


def _goods_missing(axes: CaseAxes, asked: AskedFor, name: str) -> Iterator[OpenEnd]:
    """Yield what is missing between the approval and the inspection of every piece."""
    request = asked.request
    parcels = [
        parcel for parcel in axes.parcels if parcel.request_id == request.id and parcel.direction == "in"
    ]
    if any(parcel.status in _UNDER_WAY for parcel in parcels):
        return  # The parcel itself says so.
    gave_up = bool(parcels) and all(parcel.status in ("lost", "expired") for parcel in parcels)
    for line in asked.lines:
        product = line.title or line.sku or name
        looked_at = line.accepted + line.damaged + line.wrong + line.rejected
        if line.disposition == "keep" or (gave_up and not line.received):
            continue
        if line.inspected < line.approved:
            verb = "inspect" if line.received > looked_at else "receive"
            state = _("not inspected") if line.received > looked_at else _("not here yet")
            yield OpenEnd(PARCEL.name, product, state, f"aftersales returns {verb} {request.id}")
        elif looked_at and not line.disposition:
            state = _("what to do with the goods is not decided")
            command = f"aftersales returns inspect {request.id} --disposition …"
            yield OpenEnd(PARCEL.name, product, state, command)


def _outcome_missing(axes: CaseAxes, asked: AskedFor) -> tuple[Axis, str, str] | None:
    """Return what an approved request still has to lead to: its axis, what is missing, and the command."""
    request = asked.request
    if request.kind == "repair":
        return (
            None if axes.repairs else (REPAIR, _("no repair booked"), f"repairs book {request.case_number}")
        )
    owed = any(_is_owed(request.kind, line) for line in asked.lines)
    replaced = any(
        sent.status != "void" and sent.request_id in (request.id, None) for sent in axes.replacements
    )
    planned = any(plan.status != "void" and plan.request_id in (request.id, None) for plan in axes.plans)
    if not owed or replaced or planned or axes.platform_refunded:
        return None
    if request.kind == "exchange":
        return REPLACEMENT, _("nothing sent instead"), f"replacements reserve {request.id}"
    return REFUND, _("no refund planned"), f"refunds plan {request.id}"


def _is_owed(kind: str, line: ReturnLine) -> bool:
    """Tell whether the customer is owed something for a line: for goods that are back, or need not come back."""
    if kind == "refund_only" or line.disposition == "keep":
        return line.approved > 0
    return line.accepted + line.damaged > 0
