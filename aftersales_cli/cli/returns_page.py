"""The page ``returns show`` prints."""

from collections.abc import Iterator

from aftersales_cli.cli.run import Run
from aftersales_cli.clock import local_text
from aftersales_cli.desk.returns.flagging import flag_text
from aftersales_cli.desk.returns.looking import LineView, ReturnView
from aftersales_cli.desk.returns.policy_records import REASONS
from aftersales_cli.desk.returns.policy_words import payer_text
from aftersales_cli.desk.returns.reviewing import reasons_text
from aftersales_cli.language import N_, _, plural
from aftersales_cli.money import format_money
from aftersales_cli.records.returns import Review
from aftersales_cli.shop import Shop

_ALWAYS = 3
"""So many first columns are always shown."""

_STEPS = {
    "auto": N_("by rule"),
    "first": N_("review"),
    "second": N_("second person"),
    "sample": N_("check"),
}


def print_page(run: Run, view: ReturnView) -> None:
    """Print a request on one page, or as JSON."""
    if run.out.as_json:
        run.out.data(view)
        return
    for line in _head(run.shop, view):
        run.out.line(line)
    run.out.line()
    _print_lines(run, view)
    for line in (*_money(view), *_verdicts(run.shop, view), *_movements(run.shop, view), *_open(view)):
        run.out.line(line)


def _head(shop: Shop, view: ReturnView) -> Iterator[str]:
    request, zone = view.request, shop.zone
    yield " · ".join(
        (
            _("Return request {number}", number=request.id),
            shop.taxonomy("kinds").label(request.kind),
            shop.taxonomy("review_states").label(request.status),
            _("case {number}", number=request.case_number),
            _("order {number}", number=view.order.external_id if view.order else "–"),
        )
    )
    said = [
        _("Reason: {name}", name=shop.taxonomy("reasons").label(request.reason)),
        _("Goods: {name}", name=shop.taxonomy("conditions").label(request.condition)),
        _asked(view),
    ]
    yield "  " + " · ".join(said)
    asked = _(
        "Requested {moment} by {name}",
        moment=local_text(request.requested_at, zone),
        name=request.requested_by,
    )
    if request.previous_id:
        asked += _("; asks again what request {number} was refused", number=request.previous_id)
    if view.following:
        asked += _("; asked again as request {number}", number=view.following)
    yield "  " + asked
    if request.status_raw:
        yield "  " + _("The marketplace says: {status}", status=request.status_raw)
    if request.flag:
        yield "  " + _("Please note: {text}", text=flag_text(request.flag))


def _asked(view: ReturnView) -> str:
    """Say what is asked back, and what the pieces cost where that is other money."""
    request = view.request
    text = _("Asked: {amount}", amount=format_money(request.asked_amount, request.currency))
    pieces = sum(entry.line.asked for entry in view.lines)
    # A cent for each piece is rounding.
    if request.asked_amount is None or view.worth is None or abs(request.asked_amount - view.worth) <= pieces:
        return text
    return _(
        "{asked} (the pieces cost {worth})", asked=text, worth=format_money(view.worth, request.currency)
    )


def _print_lines(run: Run, view: ReturnView) -> None:
    """Print the products; a stage nothing has reached yet takes no room."""
    titles = [
        _("Bought"), _("Asked"), _("Approved"), _("Received"), _("Accepted"), _("Damaged"), _("Wrong"), _("Short"),
        _("Refused"), _("Replaced"), _("Paid back"),
    ]  # fmt: skip
    stages = [_stages(view, entry) for entry in view.lines]
    shown = [index for index in range(len(titles)) if index < _ALWAYS or any(row[index] for row in stages)]
    decided = any(entry.line.disposition for entry in view.lines)
    rows = [
        [_product(view, entry), *(row[index] for index in shown), _money_back(view, entry)]
        + ([run.shop.taxonomy("dispositions").label(entry.line.disposition)] if decided else [])
        for entry, row in zip(view.lines, stages, strict=True)
    ]
    heads = [_("Product"), *(titles[index] for index in shown), _("Money back")]
    right = [False, *[True] * len(shown), True]
    run.out.table(heads + ([_("Goods go")] if decided else []), rows, right + ([False] if decided else []))


def _stages(view: ReturnView, entry: LineView) -> list[int]:
    line = entry.line
    given = [asked for asked in (view.ledger.asked if view.ledger else ()) if asked.return_line_id == line.id]
    return [
        entry.ledger.bought if entry.ledger else line.asked,
        line.asked,
        line.approved,
        line.received,
        line.accepted,
        line.damaged,
        line.wrong,
        line.short,
        line.rejected,
        sum(asked.replaced for asked in given),
        sum(asked.refunded for asked in given),
    ]


def _product(view: ReturnView, entry: LineView) -> str:
    return entry.line.title or entry.line.sku or (view.order.title if view.order else "")


def _money_back(view: ReturnView, entry: LineView) -> str:
    if entry.ledger is None or view.ledger is None:
        return "–"
    return _(
        "{back} of {paid}",
        back=format_money(entry.ledger.refunded_amount + entry.ledger.by_platform, view.ledger.currency),
        paid=format_money(entry.ledger.goods, view.ledger.currency),
    )


def _money(view: ReturnView) -> Iterator[str]:
    ledger = view.ledger
    if ledger is None:
        return
    yield ""
    text = _(
        "Order: paid {paid}, of this postage {postage}; goes back {given}, can still go back {left}.",
        paid=format_money(ledger.paid, ledger.currency),
        postage=format_money(ledger.postage, ledger.currency),
        given=format_money(ledger.given, ledger.currency),
        left=format_money(ledger.left, ledger.currency),
    )
    yield (
        text
        if ledger.paid_known
        else text + " " + _("(No file says what was paid; worked out from the prices.)")
    )


def _verdicts(shop: Shop, view: ReturnView) -> Iterator[str]:
    request = view.request
    yield ""
    yield _("Verdict")
    if view.proposal:
        said = shop.taxonomy("review_states").label(view.proposal)
        if view.proposal == "approved":
            said = _("the rules allow it; it waits for a person")
        yield "  " + _("The rules say: {verdict}.", verdict=said)
    for review in view.reviews:
        yield "  " + _verdict(shop, review)
    if request.decide_by and request.decided_at is None:
        yield "  " + _("To be decided by {moment}.", moment=local_text(request.decide_by, shop.zone))
    if payer := payer_text(request.postage_by):
        yield "  " + _("Postage: {text}.", text=payer)
    if request.sampled:
        yield "  " + _("Drawn for a check by somebody else.")
    yield "  " + _("Why, in full: {command}", command=f"aftersales returns explain {request.id}")


def _verdict(shop: Shop, review: Review) -> str:
    name = "review_verdicts" if review.verdict in ("agrees", "disagrees") else "review_states"
    parts = [shop.taxonomy(name).label(review.verdict)]
    if review.step == "auto":
        parts += [review.rules.replace(",", ", ")] if review.rules else []
        parts += [_(REASONS[code]) for code in review.reason.split(",") if code in REASONS]
    else:
        parts += [reasons_text(shop, review.reason)] if review.reason else []
        parts.append(review.reviewer)
    return f"{local_text(review.at, shop.zone)}  {_(_STEPS[review.step])}: {'; '.join(parts)}"


def _movements(shop: Shop, view: ReturnView) -> Iterator[str]:
    lines = [*_parcels(shop, view), *_payments(shop, view)]
    if lines:
        yield ""
        yield _("Goods and money")
        yield from ("  " + line for line in lines)
    if view.evidence:
        yield ""
        yield plural(
            "{count} file of evidence: {command}",
            "{count} files of evidence: {command}",
            len(view.evidence),
            command=f"aftersales returns evidence list {view.request.case_number}",
        )


def _parcels(shop: Shop, view: ReturnView) -> Iterator[str]:
    states = shop.taxonomy("parcel_states")
    for parcel in view.axes.parcels:
        way = _("Parcel to us") if parcel.direction == "in" else _("Parcel to the customer")
        name = " ".join(part for part in (way, parcel.carrier, parcel.number) if part)
        until = parcel.expected_by if parcel.status in ("awaiting", "in_transit") else None
        state = states.label(parcel.status)
        yield f"{name}: {state}" + (_(", expected by {day}", day=until) if until else "")
    for sent in view.axes.replacements:
        yield _(
            "Instead: {pieces} × {title}, {state} {number}",
            pieces=sent.quantity,
            title=sent.title,
            state=shop.taxonomy("replacement_states").label(sent.status),
            number=sent.number,
        ).rstrip()
    for repair in view.axes.repairs:
        state = shop.taxonomy("repair_states").label(repair.status)
        yield _("Repair {number}: {state}", number=repair.id, state=state)


def _payments(shop: Shop, view: ReturnView) -> Iterator[str]:
    for record in view.platform_refunds:
        yield _(
            "The marketplace's refund {number}: {amount}, {status}",
            number=record.external_id,
            amount=format_money(record.amount, record.currency),
            status=record.status_raw,
        )
    for plan in view.axes.plans:
        state = shop.taxonomy("refund_plan_states").label(plan.status)
        route = shop.taxonomy("refund_routes").label(plan.route)
        text = _("Refund {number}: {state}, {route}", number=plan.id, state=state, route=route)
        yield text + (
            _(", due by {moment}", moment=local_text(plan.due_at, shop.zone))
            if plan.due_at and plan.status not in ("succeeded", "void")
            else ""
        )


def _unplanned(view: ReturnView) -> list[str]:
    """Name the pieces that are owed for and stand in no refund, once some do."""
    if view.request.kind != "return" or view.request.origin == "platform" or view.ledger is None:
        return []
    books = {asked.return_line_id: asked.refunded + asked.replaced for asked in view.ledger.asked}
    if not any(books.get(entry.line.id) for entry in view.lines):
        return []
    return [
        f"{left} × {_product(view, entry)}"
        for entry in view.lines
        if (left := entry.line.accepted + entry.line.damaged - books.get(entry.line.id, 0)) > 0
    ]


def _open(view: ReturnView) -> Iterator[str]:
    if view.extras:
        yield ""
        yield _("Came and was not expected: {what}", what="; ".join(view.extras))
        yield "  " + _(
            "Ask the customer; then send it back ({ship}) or record a request for it.",
            ship=f"aftersales returns ship {view.request.id} --out",
        )
    if missing := _unplanned(view):
        yield ""
        yield _(
            "Still to be planned: {what}: {command}",
            what=", ".join(missing),
            command=f"aftersales refunds plan {view.request.id}",
        )
    if view.next_command:
        yield ""
        yield _("Next: {command}", command=view.next_command)
