"""Record what customers ask to return, exchange, have repaired or paid back, and have it judged."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from aftersales_cli.clock import local_day, to_text
from aftersales_cli.database.returns import (
    change_request,
    insert_request,
    insert_return_line,
    name_case_product,
)
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.opening import open_case, record_answer
from aftersales_cli.desk.returns.asking import (
    describe_products,
    find_amount,
    find_asked_order,
    refuse_asking_around,
    refuse_doubling,
    require_revisable,
    resolve_kind,
)
from aftersales_cli.desk.returns.books import open_books
from aftersales_cli.desk.returns.choosing_lines import choose_lines
from aftersales_cli.desk.returns.deciding import decide, require_request
from aftersales_cli.desk.returns.flagging import find_flag
from aftersales_cli.desk.returns.judging import judge_now
from aftersales_cli.desk.returns.ledger_checks import check_request
from aftersales_cli.desk.returns.policy_records import Judgement
from aftersales_cli.desk.returns.proposing import decide_by, keep_verdict
from aftersales_cli.desk.returns.request_moments import refuse_before_order
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case, require_path, take_step
from aftersales_cli.language import _
from aftersales_cli.records.cases import Case
from aftersales_cli.records.ledger import OrderLedger
from aftersales_cli.records.orders import Order
from aftersales_cli.records.returns import ReturnRequest
from aftersales_cli.shop import Shop

_STATUS = {
    "auto_approved": "auto_approved",
    # A person may say yes at a glance; what the rules would refuse, a person looks at.
    "approved": "submitted",
    "rejected": "needs_manual",
    "needs_evidence": "needs_evidence",
    "needs_manual": "needs_manual",
}
"""Verdict of the rules → state of the request."""


def request_return(
    shop: Shop,
    *,
    order: str = "",
    case_number: int | None = None,
    lines: Sequence[str] = (),
    everything: bool = False,
    kind: str = "return",
    reason: str = "",
    condition: str = "",
    amount: Decimal | None = None,
    say: str = "",
    channel: str = "platform_chat",
    storefront: str = "",
    again: int | None = None,
    more: bool = False,
    at: datetime | None = None,
    answered_at: datetime | None = None,
) -> ReturnRequest:
    """Record a request about an order, in a new case or the given one, and let the policy judge it.

    ``lines`` are words like ``CUP=2``; ``amount`` is what is asked back, by default what the pieces cost.
    ``again`` is the rejected request this one revises; ``more`` says that it is asked for beside what the
    marketplace has on record. ``answered_at`` is when the customer got the first answer
    to it. Approved by rule, its parcel is awaited; everything
    else waits for a person. Raises NotFoundError, WrongUsageError and RefusedError.
    """
    with changing(shop, "returns.request") as writing:
        previous = require_revisable(shop, again) if again is not None else None
        if previous is not None and case_number is None and not order:
            case_number = previous.case_number
        kind_code = resolve_kind(shop, kind)
        reason_code = shop.taxonomy("reasons").resolve(reason) if reason else ""
        case = require_case(shop, case_number) if case_number is not None else None
        found = find_asked_order(shop, case, order, storefront)
        books = open_books(shop, found.id)
        chosen = choose_lines(books, lines, everything=everything)
        refuse_asking_around(shop, found, chosen, previous)
        if not more:
            refuse_doubling(shop, found, chosen, to_text(at) if at else shop.stamp)
        check_request(books, chosen)
        asked_amount = find_amount(books, chosen, kind_code, amount)
        refuse_before_order(shop, found, at)
        if case is None:
            case = open_case(
                shop,
                kind=kind_code,
                say=say,
                order=found.external_id,
                storefront=_storefront_code(shop, found),
                channel=channel,
                reason=reason_code,
                at=at,
                answered_at=answered_at,
            )
            moment = case.opened_at
        else:
            require_path(shop, case, "assign")
            moment = check_case_moment(shop, case, at)
            case = _sort_case(shop, case, kind_code, at=moment)
            if answered_at is not None and case.first_reply_at is None:
                case = record_answer(shop, case, answered_at)
        writing.touch("case", case.number)
        request_id = insert_request(
            shop.database,
            {
                "case_number": case.number,
                "order_id": found.id,
                "revision": previous.revision + 1 if previous else 1,
                "previous_id": previous.id if previous else None,
                "origin": "own",
                "kind": kind_code,
                "status": "submitted",
                "reason": reason_code or case.reason_final or case.reason_first,
                "condition": shop.taxonomy("conditions").resolve(condition) if condition else "",
                "requested_at": moment,
                "requested_on": local_day(moment, shop.zone).isoformat(),
                "requested_by": shop.agent.code,
                "currency": found.currency,
                "asked_amount": asked_amount,
                "decide_by": decide_by(shop, moment, case.platform_due_at),
            },
        )
        writing.touch("return", request_id)
        _store_lines(shop, case, request_id, books, chosen)
        note = describe_products(books, chosen)
        record_event(
            shop, case.number, "return_requested", at=moment, field="review", after="submitted", note=note
        )
        flag = find_flag(shop, case.customer_id, at=moment)
        change_request(shop.database, request_id, expected="submitted", changes={"flag": flag})
        return judge_request(shop, require_request(shop, request_id), at=moment)


def judge_request(shop: Shop, request: ReturnRequest, *, at: str) -> ReturnRequest:
    """Let the policy judge a submitted request and store what it says. Inside ``writing``."""
    judged = judge_now(shop, request.id)
    judgement = judged.judgement
    changes = keep_verdict(shop, request.id, judged, at=at)
    status = _STATUS[judgement.verdict]
    if status == request.status:
        change_request(shop.database, request.id, expected=request.status, changes=changes)
        return require_request(shop, request.id)
    return decide(shop, request, status, at=at, event="judged", note=_rule_note(judgement), changes=changes)


def _storefront_code(shop: Shop, order: Order) -> str:
    storefront = get_storefront(shop.database, order.storefront_id)
    assert storefront is not None
    return storefront.code


def _sort_case(shop: Shop, case: Case, kind: str, *, at: str) -> Case:
    """Let a case that was only an inquiry so far be of the kind the customer asks for."""
    if case.kind not in ("inquiry", "other"):
        return case
    return take_step(shop, case, "triage", at=at, changes={"kind": kind})


def _store_lines(
    shop: Shop, case: Case, request_id: int, books: OrderLedger, chosen: Mapping[int | None, int]
) -> None:
    for order_line_id, pieces in chosen.items():
        line = books.line(order_line_id)
        assert line is not None, "chosen among these"
        insert_return_line(
            shop.database,
            request_id,
            order_line_id=order_line_id,
            sku=line.sku,
            title=line.title,
            asked=pieces,
        )
        if line.sku or line.title:
            name_case_product(shop.database, case.number, sku=line.sku, title=line.title, quantity=pieces)


def _rule_note(judgement: Judgement) -> str:
    return judgement.decided.rule.name if judgement.decided is not None else _("no rule")
