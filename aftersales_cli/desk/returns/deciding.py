"""What every decision on a request does to it, whoever makes it: rules or people."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from aftersales_cli.clock import local_day, local_text
from aftersales_cli.database.cases import list_case_events
from aftersales_cli.database.returns import (
    change_request,
    change_return_line,
    expect_parcel,
    get_request,
    list_return_lines,
)
from aftersales_cli.desk.axes import REVIEW, require_following
from aftersales_cli.desk.returns.ledger import GRANTED
from aftersales_cli.desk.steps import record_event
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.returns import ReturnLine, ReturnRequest
from aftersales_cli.shop import Shop

WITH_GOODS = ("return", "exchange")
"""Kinds of request whose goods come back."""

_ENDS = ("rejected", "withdrawn", "expired")


def require_request(shop: Shop, request_id: int) -> ReturnRequest:
    """Return the request with this number; raises NotFoundError."""
    request = get_request(shop.database, request_id)
    if request is None:
        raise missing_request(request_id)
    return request


def missing_request(request_id: int) -> NotFoundError:
    """Return the error for a request that does not exist."""
    return NotFoundError(
        _("There is no return request {number}.", number=request_id),
        remedy=_("“aftersales returns list --all” shows all requests."),
    )


def decide(
    shop: Shop,
    request: ReturnRequest,
    status: str,
    *,
    at: str,
    event: str,
    note: str = "",
    approved: Mapping[int, int] | None = None,
    changes: Mapping[str, object] | None = None,
) -> ReturnRequest:
    """Bring a request into a state of the review, with its event. Inside ``writing``.

    ``approved`` maps return lines to approved pieces, all that were asked if None. ``request`` is what the
    caller saw: if it has changed since, RefusedError says so.
    """
    require_following(REVIEW, request.status, status, subject=subject(request.id))
    values: dict[str, object] = {**(changes or {}), "status": status}
    if status in GRANTED or status in _ENDS:
        values["decided_at"] = request.decided_at or at
    if status in GRANTED:
        values["sampled"] = int(is_sampled(request, shop.settings.returns.sample_rate))
        values |= _grant(shop, request, approved, at=at)
    elif status in _ENDS:
        values["ended_at"] = at
        values["sampled"] = int(
            status == "rejected" and is_sampled(request, shop.settings.returns.sample_rate)
        )
    if not change_request(shop.database, request.id, expected=request.status, changes=values):
        raise overtaken(shop, request)
    record_event(
        shop,
        request.case_number,
        event,
        at=at,
        field="review",
        before=request.status,
        after=status,
        note=_join(subject(request.id), note),
    )
    return require_request(shop, request.id)


def subject(request_id: int) -> str:
    """Name a request in a sentence."""
    return _("Return request {number}", number=request_id)


def is_about(note: str, request_id: int) -> bool:
    """Tell whether an event's note begins with a request's name, in whatever language it was written."""
    return re.search(rf"(?<!\d){request_id}(?!\d)", note.split(":", maxsplit=1)[0]) is not None


def overtaken(shop: Shop, seen: ReturnRequest) -> RefusedError:
    """Return the refusal for a request that somebody else has changed meanwhile, naming who and when."""
    current = require_request(shop, seen.id)
    status = shop.taxonomy("review_states").label(current.status)
    moved = [
        event
        for event in list_case_events(shop.database, current.case_number)
        if event.field == "review" and is_about(event.note, seen.id)
    ]
    last = moved[-1] if moved and moved[-1].after == current.status else None
    if last is not None and last.actor != shop.agent.code:
        message = _(
            "{name} was faster: return request {number} is “{status}” since {moment}.",
            name=last.actor,
            number=seen.id,
            status=status,
            moment=local_text(last.at, shop.zone),
        )
    else:
        message = _("Return request {number} is “{status}” already.", number=seen.id, status=status)
    return RefusedError(message, remedy=f"aftersales returns show {seen.id}")


def is_sampled(request: ReturnRequest, rate: float) -> bool:
    """Tell whether a decision is drawn for a later check; the same request always gives the same answer."""
    digest = hashlib.sha256(f"{request.id} {request.case_number} {request.requested_at}".encode()).digest()
    return int.from_bytes(digest[:8]) < rate * 2**64


def check_quantities(lines: Sequence[ReturnLine], quantities: Mapping[int, int]) -> None:
    """Refuse to approve more than was asked, or nothing at all."""
    for line in lines:
        if quantities.get(line.id, 0) > line.asked:
            raise WrongUsageError(
                _(
                    "{title}: {asked} pieces are asked, so that {count} cannot be approved.",
                    title=line.title or line.sku,
                    asked=line.asked,
                    count=quantities[line.id],
                ),
                remedy=_("Approve at most what is asked; for more the customer asks again."),
            )
    if not any(quantities.values()):
        raise WrongUsageError(
            _("No piece is approved."), remedy=_("Reject the request instead, with the reason.")
        )


def _grant(
    shop: Shop, request: ReturnRequest, approved: Mapping[int, int] | None, *, at: str
) -> dict[str, object]:
    """Set the approved pieces; if goods come back, await their parcel until the last day for sending."""
    lines = list_return_lines(shop.database, request.id)
    quantities = {line.id: line.asked for line in lines} if approved is None else dict(approved)
    check_quantities(lines, quantities)
    approve_lines(shop, request, lines, quantities)
    if request.kind not in WITH_GOODS:
        return {}
    if all(line.received >= quantities.get(line.id, 0) for line in lines):
        return {}  # They are here already.
    last = local_day(at, shop.zone) + timedelta(days=shop.settings.returns.send_days)
    expect_parcel(shop.database, request.case_number, request.id, expected_by=last.isoformat())
    return {"send_by": last.isoformat()}


def approve_lines(
    shop: Shop, request: ReturnRequest, lines: Sequence[ReturnLine], quantities: Mapping[int, int]
) -> None:
    """Write how many pieces of each line are approved. Inside ``writing``."""
    for line in lines:
        if not change_return_line(shop.database, line, {"approved": quantities.get(line.id, 0)}):
            raise overtaken(shop, request)


def _join(*parts: str) -> str:
    return ": ".join(part for part in parts if part)
