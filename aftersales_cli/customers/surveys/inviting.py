"""Invite the customers of cases that were resolved lately."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from aftersales_cli.customers.surveys.choosing import Gaps, draw, sift
from aftersales_cli.customers.surveys.codes import make_code
from aftersales_cli.customers.surveys.following import follow_up_low_scores
from aftersales_cli.customers.surveys.invite_list import ListedInvite, list_due_reminders
from aftersales_cli.database.surveys import (
    cancel_unwanted_invites,
    count_case_invites,
    count_cases_without_customer,
    find_invite,
    insert_invite,
    list_cases_to_ask,
)
from aftersales_cli.desk.languages import guess_language
from aftersales_cli.records.surveys import SurveyCandidate
from aftersales_cli.shop import Shop, Writing


@dataclass(frozen=True)
class Invited:
    """What planning the invitations of a day did."""

    on: date
    type: str
    """``csat`` or ``ces``; ``""`` if the settings say that nobody is asked after a case."""
    planned: int
    eligible: int
    """Customers who could have been invited, those planned included."""
    refused: dict[str, int]
    """Why others were not: a code of choosing.REFUSALS, ``no_customer`` or ``capacity`` → cases."""
    called_off: int
    """Invitations not sent yet whose customers want no surveys any more."""
    follow_ups: int
    """Callbacks opened for low scores that found their case only now."""
    reminders: list[ListedInvite]
    """Invitations whose one reminder is due."""


def survey_gaps(shop: Shop) -> Gaps:
    """Return the days between surveys that the settings say."""
    return Gaps(shop.settings.surveys.gap_days, shop.settings.surveys.nps_gap_days)


def invite_customers(shop: Shop, on: date) -> Invited:
    """Plan a day's invitations about resolved cases; doing it again changes nothing.

    Nothing is sent. If more customers are due than ``surveys.capacity``, lots are drawn by the day.
    """
    settings = shop.settings.surveys
    kind = "" if settings.after_case == "none" else settings.after_case
    days = {
        "first_day": (on - timedelta(days=settings.window_days)).isoformat(),
        "last_day": (on - timedelta(days=settings.after_days)).isoformat(),
    }
    with shop.writing("surveys.invite") as writing:
        called_off = cancel_unwanted_invites(shop.database)
        follow_ups = follow_up_low_scores(shop)
        chosen, eligible, refused = [], 0, {}
        if kind:
            found = sift(list_cases_to_ask(shop.database, **days), kind, on=on, gaps=survey_gaps(shop))
            room = settings.capacity - count_case_invites(shop.database, on.isoformat())
            chosen = draw(found.people, room, on.isoformat())
            eligible = len(found.people)
            refused = {
                **found.refused,
                "no_customer": count_cases_without_customer(shop.database, **days),
                "capacity": eligible - len(chosen),
            }
        for person in chosen:
            plan_invite(
                shop, writing, person, kind, on=on, expires_on=on + timedelta(days=settings.expire_days)
            )
        writing.count(planned=len(chosen), called_off=called_off, follow_ups=follow_ups)
        return Invited(
            on=on,
            type=kind,
            planned=len(chosen),
            eligible=eligible,
            refused={reason: count for reason, count in refused.items() if count},
            called_off=called_off,
            follow_ups=follow_ups,
            reminders=list_due_reminders(shop, on),
        )


def plan_invite(
    shop: Shop,
    writing: Writing,
    person: SurveyCandidate,
    kind: str,
    *,
    on: date,
    expires_on: date,
    wave_id: int | None = None,
) -> None:
    """Add one invitation, with the agent who had the case when it was resolved. Inside ``writing``."""
    invite_id = insert_invite(
        shop.database,
        {
            "code": _free_code(shop),
            "wave_id": wave_id,
            "type": kind,
            "case_number": person.case_number,
            "customer_id": person.customer_id,
            "agent_id": person.agent_id,
            "language": person.language
            or guess_language(
                (), country=person.country, platform=person.platform, default=shop.settings.shop.language
            ),
            "planned_on": on.isoformat(),
            "expires_on": expires_on.isoformat(),
        },
    )
    writing.touch("invite", invite_id)


def _free_code(shop: Shop) -> str:
    while True:
        code = make_code(secrets.choice)
        if find_invite(shop.database, code) is None:
            return code
