"""Note what became of invitations: sent, reminded, called off, expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aftersales_cli.clock import local_day
from aftersales_cli.customers.privacy.consenting import record_consent
from aftersales_cli.customers.surveys.following import follow_up_low_scores
from aftersales_cli.customers.surveys.invite_list import invites_to_send, needs_reminder, require_invite
from aftersales_cli.database.consents import current_consent
from aftersales_cli.database.surveys import (
    cancel_invite,
    cancel_unwanted_invites,
    expire_invites,
    get_invite_row,
    list_answered_unsent,
    mark_reminded,
    mark_sent,
)
from aftersales_cli.desk.moments import check_moment
from aftersales_cli.errors import RefusedError
from aftersales_cli.language import _
from aftersales_cli.records.surveys import SurveyInvite, SurveyInviteRow
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class Sent:
    """What noting invitations as sent did."""

    sent: int
    reminded: int
    unchanged: int
    """Noted before, or nothing is due for them."""


@dataclass(frozen=True)
class Expired:
    """What the passing of time did to invitations."""

    expired: int
    called_off: int
    follow_ups: int


def note_sent(
    shop: Shop, codes: Sequence[str] = (), *, everything: bool = False, at: datetime | None = None
) -> Sent:
    """Note that invitations, or their reminders, were sent; the program itself sends nothing.

    ``everything`` takes all that stands on the list of today, and what was answered before it was noted as sent.
    The same again changes nothing. Raises NotFoundError,
    WrongUsageError for a moment in the future, RefusedError for one that has ended or must not be sent.
    """
    stamp = check_moment(at, now=shop.now, earliest=None, zone=shop.zone)
    on = local_day(stamp, shop.zone)
    sent = reminded = unchanged = 0
    with shop.writing("surveys.sent") as writing:
        if everything:
            codes = [entry.code for entry in invites_to_send(shop, shop.today)]
            codes += list_answered_unsent(shop.database, shop.today.isoformat())
        for word in dict.fromkeys(codes):
            invite = require_invite(shop, word)
            row = get_invite_row(shop.database, invite.code)
            assert row is not None
            _check_sendable(shop, row)
            if invite.status == "planned" or (invite.status == "answered" and invite.sent_at is None):
                sent += _mark_sent(shop, invite, stamp)
            elif needs_reminder(shop, row, on):
                reminded += mark_reminded(shop.database, invite.id, at=stamp)
            else:
                unchanged += 1
                continue
            writing.touch("invite", invite.id)
        writing.count(sent=sent, reminded=reminded)
    return Sent(sent, reminded, unchanged)


def _mark_sent(shop: Shop, invite: SurveyInvite, stamp: str) -> bool:
    """Note an invitation as sent, at the latest when it was answered."""
    stamp = min(stamp, invite.answered_at or stamp)
    on = local_day(stamp, shop.zone)
    return mark_sent(
        shop.database, invite.id, at=stamp, on=on.isoformat(), expires_on=_last_day(shop, invite, on)
    )


def call_off(shop: Shop, codes: Sequence[str], *, opt_out: bool = False) -> int:
    """Call invitations off, or note that they came back as undeliverable; returns how many were waiting.

    ``opt_out`` also notes that their customers want no surveys any more. Raises NotFoundError.
    """
    with shop.writing("surveys.cancel") as writing:
        invites = [require_invite(shop, word) for word in dict.fromkeys(codes)]
        count = sum(cancel_invite(shop.database, invite.id) for invite in invites)
        for invite in invites:
            writing.touch("invite", invite.id)
            if opt_out and current_consent(shop.database, invite.customer_id, "survey") is not False:
                record_consent(shop, invite.customer_id, purpose="survey", given=False, proof=invite.code)
        writing.count(cancelled=count)
    return count


def expire(shop: Shop, on: date) -> Expired:
    """End the invitations whose last day is over, call off unwanted ones, follow low scores up; for the night."""
    with shop.writing("surveys.expire") as writing:
        called_off = cancel_unwanted_invites(shop.database)
        expired = expire_invites(shop.database, on.isoformat())
        follow_ups = follow_up_low_scores(shop)
        writing.count(expired=expired, called_off=called_off, follow_ups=follow_ups)
    return Expired(expired, called_off, follow_ups)


def _last_day(shop: Shop, invite: SurveyInvite, on: date) -> str:
    """Return until when an answer is waited for: a wave ends for all on one day."""
    if invite.wave_id is not None:
        return invite.expires_on
    return (on + timedelta(days=shop.settings.surveys.expire_days)).isoformat()


def _check_sendable(shop: Shop, row: SurveyInviteRow) -> None:
    if row.status in {"expired", "cancelled"} or (row.status == "planned" and row.held):
        why = (
            _("a complaint or the case itself is open, or the customer wants no surveys")
            if row.held and row.status == "planned"
            else shop.taxonomy("survey_states").label(row.status)
        )
        raise RefusedError(
            _("Invitation {code} is not to be sent: {why}.", code=row.code, why=why),
            remedy=_("“aftersales surveys list” shows what is to be sent."),
        )
