"""Record what came of a callback."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from aftersales_cli.clock import local_day, local_text, to_text
from aftersales_cli.customers.answers import Answer, FollowUp, check_answer, next_step
from aftersales_cli.customers.plans.consequences import follow_outcome
from aftersales_cli.customers.plans.reasons_why import pack_facts, unpack_facts
from aftersales_cli.database.callbacks import (
    chain_has_reason,
    drop_callback,
    find_replacement,
    get_callback,
    get_follow_up,
    insert_answer,
    insert_callback,
    name_customers,
    update_answer,
)
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.people_chosen import is_erased
from aftersales_cli.desk.complaints import confirm_by_score
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.language import _
from aftersales_cli.records.customers import Callback
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class RecordedCallback:
    """What recording an answer led to."""

    id: int
    outcome: str
    changed: bool
    """False if the very same answer was recorded before."""
    follow_up_id: int | None
    follow_up_on: str | None
    do_not_contact: bool
    case_number: int | None = None
    """The case that was opened or taken up again."""


def record_callback(
    shop: Shop,
    callback_id: int,
    answer: Answer,
    *,
    at: datetime | None = None,
    expected_revision: int | None = None,
) -> RecordedCallback:
    """Record what came of a callback, and plan the one that follows from it.

    ``at`` is when the customer was called, default now. ``expected_revision`` is that of the list the
    answer was written on. The same answer again changes nothing; a call that was taken off the list but made
    all the same is recorded like any other. Raises NotFoundError, AnswerError for an answer that contradicts
    itself, RefusedError if another answer is there already.
    """
    moment = _moment_of_call(shop, at)
    day = local_day(moment, shop.zone)
    answer = replace(answer, note=_clean(answer.note))
    with shop.writing("callbacks.record") as writing:
        name_customers(shop.database, callback_id)
        callback = get_callback(shop.database, callback_id)
        if callback is None:
            raise missing_callback(callback_id)
        if callback.customer_id is not None and is_erased(shop.database, callback.customer_id):
            # Lists are with staff when somebody is forgotten: that the call was made counts, not what was said.
            answer = replace(answer, note="")
        if callback.status == "done" and _answer_of(callback) == answer:
            return _result(callback, get_follow_up(shop.database, callback_id), changed=False)
        settings = shop.settings.callbacks
        if not _answerable(callback, expected_revision):
            raise _too_late(shop, callback)
        check_answer(answer, day=day, attempt=callback.attempt, max_attempts=settings.max_attempts)
        if callback.status == "dropped":
            _take_its_place_back(shop, callback)
        _store(shop, callback, answer, moment, day)
        if callback.case_number is not None:
            confirm_by_score(shop, callback.case_number, answer.score, note=answer.note, at=moment)
        writing.touch("callback", callback_id)
        case_number = follow_outcome(shop, callback, answer, moment)
        step = next_step(
            callback,
            answer,
            day=day,
            max_attempts=settings.max_attempts,
            low_score=settings.low_score,
            second_call_made=chain_has_reason(shop.database, callback_id, "low_score"),
        )
        if step is not None:
            recorded = get_callback(shop.database, callback_id)
            assert recorded is not None
            _plan_follow_up(shop, recorded, step)
        recorded = get_callback(shop.database, callback_id)
        assert recorded is not None
        result = _result(recorded, get_follow_up(shop.database, callback_id), changed=True)
        return replace(result, case_number=case_number)


def missing_callback(callback_id: int) -> NotFoundError:
    """Return the error for a callback that does not exist."""
    return NotFoundError(
        _("There is no callback {id}.", id=callback_id),
        remedy=_("“aftersales callbacks list --all” shows them."),
    )


def _moment_of_call(shop: Shop, at: datetime | None) -> datetime:
    if at is not None and at > shop.now:
        raise WrongUsageError(
            _("{moment} lies in the future.", moment=local_text(to_text(at), shop.zone)),
            remedy=_("Give the time of the call, or leave --at out for now."),
        )
    return at or shop.now


def _clean(note: str) -> str:
    return note.replace("\r\n", "\n").replace("\r", "\n").strip()


def _answer_of(callback: Callback) -> Answer:
    next_on = date.fromisoformat(callback.next_due_on) if callback.next_due_on else None
    return Answer(callback.outcome, callback.score, next_on, callback.note, callback.churn_reason)


def _answerable(callback: Callback, expected_revision: int | None) -> bool:
    """Return whether nothing has been answered since the list was written."""
    if callback.status == "dropped":
        # Dropping counted the revision up by one; staff had the list already and made the call.
        return expected_revision in (None, callback.revision - 1, callback.revision)
    return callback.status == "open" and expected_revision in (None, callback.revision)


def _take_its_place_back(shop: Shop, callback: Callback) -> None:
    """Drop the call that was planned in place of a dropped one; refuse if that one is answered."""
    planned = find_replacement(shop.database, callback)
    if planned is None:
        return
    if planned.status == "done":
        raise _too_late(shop, planned)
    drop_callback(shop.database, planned.id)


def _too_late(shop: Shop, callback: Callback) -> RefusedError:
    follow_up = get_follow_up(shop.database, callback.id)
    remedy = _("“aftersales callbacks list --all” shows what was recorded.")
    if follow_up is not None and follow_up.status == "open":
        remedy = _(
            "If there is more to say, record it with callback {id}, which follows it.", id=follow_up.id
        )
    return RefusedError(
        _(
            "Callback {id} already has an answer: “{outcome}”, recorded for {moment}.",
            id=callback.id,
            outcome=shop.taxonomy("callback_outcomes").label(callback.outcome),
            moment=local_text(callback.recorded_at, shop.zone),
        ),
        remedy=remedy,
    )


def _store(shop: Shop, callback: Callback, answer: Answer, moment: datetime, day: date) -> None:
    stored = update_answer(
        shop.database,
        callback.id,
        revision=callback.revision,
        outcome=answer.outcome,
        score=answer.score,
        note=answer.note,
        next_due_on=answer.next_on.isoformat() if answer.next_on else None,
        churn_reason=answer.churn_reason,
        recorded_at=to_text(moment),
        recorded_on=day.isoformat(),
    )
    if not stored:
        raise _too_late(shop, callback)
    if answer.score is not None:
        insert_answer(
            shop.database,
            callback,
            score=answer.score,
            comment=answer.note,
            answered_at=to_text(moment),
            answered_on=day.isoformat(),
        )


def _plan_follow_up(shop: Shop, callback: Callback, step: FollowUp) -> None:
    # Somebody who asked to be left alone is not called again, whatever an older call promised.
    if callback.customer_id is not None:
        customer = get_customer(shop.database, callback.customer_id)
        if customer is not None and customer.do_not_contact:
            return
    insert_callback(
        shop.database,
        reason=step.reason,
        case_number=callback.case_number,
        customer_id=callback.customer_id,
        order_id=callback.order_id,
        due_on=step.due_on.isoformat(),
        priority=step.priority,
        assignee_id=callback.assignee_id,
        planned_at=shop.stamp,
        attempt=step.attempt,
        follows_id=callback.id,
        plan_id=callback.plan_id,
        order_line_id=callback.order_line_id,
        why=pack_facts({**unpack_facts(callback.why), **_new_facts(callback, step)}),
        channel=callback.channel,
    )


def _new_facts(callback: Callback, step: FollowUp) -> dict[str, object]:
    """Return why a callback follows another one."""
    if step.reason == "promised":
        return {"promised": step.due_on.isoformat()} if callback.reason != "promised" else {}
    return {"low": callback.score} if step.reason == "low_score" and callback.score else {}


def _result(callback: Callback, follow_up: Callback | None, *, changed: bool) -> RecordedCallback:
    return RecordedCallback(
        id=callback.id,
        outcome=callback.outcome,
        changed=changed,
        follow_up_id=follow_up.id if follow_up else None,
        follow_up_on=follow_up.due_on if follow_up else None,
        do_not_contact=callback.outcome == "do_not_contact",
    )
