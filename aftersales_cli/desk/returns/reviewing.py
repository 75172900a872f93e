"""Decide about requests: one person, above the limit two; and somebody else checks a sample later."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aftersales_cli.database.return_queue import RequestRow, list_queue, list_to_check
from aftersales_cli.database.returns import append_review, change_request, list_return_lines, list_reviews
from aftersales_cli.desk.changing import changing
from aftersales_cli.desk.returns.arrivals import unknown_line
from aftersales_cli.desk.returns.deciding import (
    approve_lines,
    check_quantities,
    decide,
    overtaken,
    require_request,
    subject,
)
from aftersales_cli.desk.returns.ledger import UNDECIDED
from aftersales_cli.desk.returns.policy_facts import judge_stored
from aftersales_cli.desk.returns.policy_files import load_policies
from aftersales_cli.desk.steps import check_case_moment, record_event, require_case
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.returns import ReturnLine, ReturnRequest, Review
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import fold

VERDICTS = ("approved", "rejected", "needs_evidence", "needs_manual")
CHECKS = ("agrees", "disagrees")
"""Verdicts of a later check, about the decision instead of the request."""

_NEED_REASON = ("rejected", "disagrees")


def review(
    shop: Shop,
    request_id: int,
    verdict: str,
    *,
    reasons: Sequence[str] = (),
    quantities: Sequence[str] = (),
    note: str = "",
    at: datetime | None = None,
) -> ReturnRequest:
    """Record a person's verdict on a request; above the limit an approval waits for a second person.

    ``quantities`` are words like ``CUP=1`` where fewer pieces are approved than asked; ``reasons`` codes of the
    taxonomy ``review_reasons``. A check of a sampled decision is ``agrees`` or ``disagrees``. Raises RefusedError
    naming who decided or who may, WrongUsageError, NotFoundError.
    """
    request = require_request(shop, request_id)
    with changing(shop, "returns.review", request.case_number) as writing:
        request = require_request(shop, request_id)
        moment = check_case_moment(
            shop, require_case(shop, request.case_number), at, earliest=request.requested_at
        )
        codes = [shop.taxonomy("review_reasons").resolve(word) for word in reasons]
        if verdict in _NEED_REASON and not codes and not note.strip():
            raise WrongUsageError(
                _("It is not said why."), remedy=_("Add --because, e.g. window_over, or --note.")
            )
        writing.touch("return", request_id)
        why = ",".join((*codes, note.strip())) if note.strip() else ",".join(codes)
        if verdict in CHECKS:
            return _check(shop, request, verdict, why=why, at=moment)
        if request.status not in UNDECIDED:
            raise overtaken(shop, request)
        lines = list_return_lines(shop.database, request_id)
        if verdict != "approved":
            return _store(shop, request, verdict, step="first", why=why, at=moment)
        return _approve(shop, request, lines, quantities, why=why, at=moment)


def read_queue(shop: Shop) -> list[RequestRow]:
    """Return the requests that wait for a decision, the most urgent first, each with what the rules say.

    What came from a marketplace's file was judged by nobody yet: it is judged now, and nothing is written.
    """
    rows = list_queue(shop.database)
    if all(row.proposal for row in rows):
        return rows
    policies = load_policies(shop.folder)
    return [
        row if row.proposal else replace(row, proposal=judge_stored(shop, policies, row.id).verdict)
        for row in rows
    ]


def read_sample(shop: Shop) -> list[RequestRow]:
    """Return the decisions that were drawn for a check nobody has made yet."""
    return list_to_check(shop.database)


def first_approval(reviews: Sequence[Review]) -> Review | None:
    """Return the approval that waits for a second person, None if there is none."""
    last = reviews[-1] if reviews else None
    return last if last is not None and last.step == "first" and last.verdict == "approved" else None


def choose_quantities(lines: Sequence[ReturnLine], words: Sequence[str]) -> dict[int, int]:
    """Return return line → approved pieces for words like ``CUP=1``; what is not named is approved as asked.

    Raises WrongUsageError.
    """
    chosen = {line.id: line.asked for line in lines}
    for word in words:
        name, mark, number = word.rpartition("=")
        found = [line for line in lines if fold(name) in (fold(line.sku), fold(line.title))] or [
            line for line in lines if fold(name) and fold(name) in fold(line.title)
        ]
        if len(found) != 1 and mark:
            raise unknown_line(lines, name)
        if not mark or len(found) != 1 or not number.strip().isdecimal():
            names = ", ".join(f"{line.sku or line.title}={line.asked}" for line in lines)
            raise WrongUsageError(
                _("“{word}” names no product of this request with a number.", word=word),
                remedy=_("Write it like one of: {names}", names=names),
            )
        chosen[found[0].id] = int(number)
    return chosen


def _approve(
    shop: Shop,
    request: ReturnRequest,
    lines: Sequence[ReturnLine],
    words: Sequence[str],
    *,
    why: str,
    at: str,
) -> ReturnRequest:
    first = first_approval(list_reviews(shop.database, request.id))
    quantities = choose_quantities(lines, words)
    if first is None:
        check_quantities(lines, quantities)
        if request.second_needed:
            approve_lines(shop, request, lines, quantities)
            return _wait_for_second(shop, request, why=why, at=at)
        return _store(shop, request, "approved", step="first", why=why, at=at, approved=quantities)
    _require_second(shop, request, first)
    given = {line.id: line.approved for line in lines}
    if words:
        check_quantities(lines, quantities)
        given = {line: min(pieces, quantities[line]) for line, pieces in given.items()}
    return _store(shop, request, "approved", step="second", why=why, at=at, approved=given)


def _wait_for_second(shop: Shop, request: ReturnRequest, *, why: str, at: str) -> ReturnRequest:
    """Keep a first approval; a guarded write makes two at once one first and one refusal."""
    changes = {"second_needed": 1}
    if not change_request(shop.database, request.id, expected=request.status, changes=changes):
        raise overtaken(shop, request)
    _append(shop, request, "approved", step="first", why=why, at=at)
    record_event(
        shop,
        request.case_number,
        "reviewed",
        at=at,
        field="review",
        before=request.status,
        after=request.status,
        note=_("{request}: approved, a second person has to agree", request=subject(request.id)),
    )
    return require_request(shop, request.id)


def _require_second(shop: Shop, request: ReturnRequest, first: Review) -> None:
    """Refuse a second approval by who asked or who approved first."""
    if shop.agent.code == first.reviewer:
        raise RefusedError(
            _("You approved {request} first; a second person has to agree.", request=subject(request.id)),
            remedy=_("Let somebody else decide: --as AGENT; “aftersales team list” shows who there is."),
        )
    if shop.agent.code == request.requested_by:
        raise RefusedError(
            _(
                "{name} entered {request} and cannot be its second person.",
                name=shop.agent.name,
                request=subject(request.id),
            ),
            remedy=_("Let somebody else decide: --as AGENT; “aftersales team list” shows who there is."),
        )


def _store(
    shop: Shop,
    request: ReturnRequest,
    verdict: str,
    *,
    step: str,
    why: str,
    at: str,
    approved: Mapping[int, int] | None = None,
) -> ReturnRequest:
    _append(shop, request, verdict, step=step, why=why, at=at)
    if verdict == request.status:
        return request
    return decide(
        shop,
        request,
        verdict,
        at=at,
        event="reviewed",
        note=reasons_text(shop, why),
        approved=approved,
        changes={"reasons": why} if why else None,
    )


def _check(shop: Shop, request: ReturnRequest, verdict: str, *, why: str, at: str) -> ReturnRequest:
    """Record what a later check of a decision says; it changes nothing of the decision itself."""
    reviews = list_reviews(shop.database, request.id)
    if request.status in UNDECIDED or not request.sampled:
        raise RefusedError(
            _("{request} was not drawn for a check.", request=subject(request.id)),
            remedy=_("“aftersales returns queue --sample” lists those that were."),
        )
    if any(entry.step == "sample" for entry in reviews):
        raise RefusedError(
            _("{request} has been checked already.", request=subject(request.id)),
            remedy=f"aftersales returns show {request.id}",
        )
    if shop.agent.code in {entry.reviewer for entry in reviews}:
        raise RefusedError(
            _("You decided {request} yourself; somebody else checks it.", request=subject(request.id)),
            remedy=_("Let somebody else decide: --as AGENT; “aftersales team list” shows who there is."),
        )
    _append(shop, request, verdict, step="sample", why=why, at=at)
    record_event(
        shop,
        request.case_number,
        "return_checked",
        at=at,
        field="review",
        after=verdict,
        note=", ".join(
            part
            for part in (shop.taxonomy("review_verdicts").label(verdict), reasons_text(shop, why))
            if part
        ),
    )
    return request


def reasons_text(shop: Shop, why: str) -> str:
    """Write stored reasons for people: names of codes, and a note as it is."""
    terms = shop.taxonomy("review_reasons")
    return ", ".join(terms.label(part) for part in why.split(",") if part)


def _append(shop: Shop, request: ReturnRequest, verdict: str, *, step: str, why: str, at: str) -> None:
    append_review(
        shop.database,
        request.id,
        step=step,
        verdict=verdict,
        rules=request.rules,
        reason=why,
        reviewer=shop.agent.code,
        at=at,
    )
