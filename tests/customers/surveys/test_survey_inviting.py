"""Inviting the customers of resolved cases, and waves: who is asked, once, and with whose name frozen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aftersales_cli.customers.surveys.invite_list import list_invitations
from aftersales_cli.customers.surveys.inviting import invite_customers
from aftersales_cli.customers.surveys.sending import call_off, expire, note_sent
from aftersales_cli.database.fetch import fetch_rows, fetch_value
from aftersales_cli.errors import RefusedError
from aftersales_cli.shop import Shop
from tests.customers.surveys.conftest import at_moment, change, opt_out, with_survey_settings

Add = Callable[..., int]
TODAY = date(2026, 11, 22)


def rows(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(
        shop.database,
        "SELECT i.case_number, i.type, i.status, i.planned_on, i.expires_on, i.language, a.code "
        "FROM survey_invites i LEFT JOIN agents a ON a.id = i.agent_id ORDER BY i.id",
    )


def test_the_customer_of_a_resolved_case_is_invited_once(
    shop: Shop, add_case: Add, add_customer: Add, add_agent_row: Add
) -> None:
    add_case(customer_id=add_customer("Lin"), assignee_id=add_agent_row("lan"))
    first = invite_customers(shop, TODAY)
    assert (first.type, first.planned, first.eligible, first.refused) == ("csat", 1, 1, {})
    assert rows(shop) == [(1, "csat", "planned", "2026-11-22", "2026-12-06", "zh", "lan")]
    before = list(shop.database.conn.iterdump())
    again = invite_customers(shop, TODAY)
    assert again.planned == 0
    kept = [line for line in before if "audit_log" not in line]
    assert [line for line in shop.database.conn.iterdump() if "audit_log" not in line] == kept


def test_who_had_the_case_when_it_was_resolved_stays_its_agent(
    shop: Shop, add_case: Add, add_customer: Add, add_agent_row: Add
) -> None:
    lan, bo = add_agent_row("lan"), add_agent_row("bo")
    number = add_case(customer_id=add_customer("Lin"), assignee_id=lan)
    for at, seq, before, after in (
        ("2026-11-19T01:00:00Z", 1, "", "lan"),
        ("2026-11-21T01:00:00Z", 2, "lan", "bo"),
    ):
        change(
            shop,
            "INSERT INTO case_events (case_number, seq, at, recorded_at, actor, type, field, before, after) "
            "VALUES (:number, :seq, :at, :at, 'owner', 'assigned', 'assignee', :before, :after)",
            number=number, seq=seq, at=at, before=before, after=after,
        )  # fmt: skip
    change(shop, "UPDATE cases SET assignee_id = :bo", bo=bo)
    invite_customers(shop, TODAY)
    assert rows(shop)[0][-1] == "lan"


def test_those_who_must_not_be_asked_are_not_and_it_is_said_why(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    silent, unwilling, angry = add_customer("A", do_not_contact=True), add_customer("B"), add_customer("C")
    opt_out(shop, unwilling)
    for customer in (silent, unwilling, angry):
        add_case(customer_id=customer)
    add_case(kind="complaint", status="in_progress", resolved_on=None, customer_id=angry)
    add_case(customer_id=add_customer("D"), order="", platform="shopify")
    add_case(customer_id=None)
    add_case(kind="praise", customer_id=add_customer("E"))
    add_case(resolution="withdrawn", customer_id=add_customer("F"))
    invited = invite_customers(shop, TODAY)
    assert invited.planned == 0
    assert invited.refused == {"opted_out": 2, "complaint": 1, "unreachable": 1, "no_customer": 1}


def test_a_complaint_that_names_only_the_order_of_a_customer_holds_the_survey_back(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case(customer_id=add_customer("Lin"))
    add_case(kind="complaint", status="new", resolved_on=None)
    change(shop, "UPDATE cases SET order_id = 1, customer_id = NULL WHERE number = 2")
    assert invite_customers(shop, TODAY).refused == {"complaint": 1}


def test_thirty_days_lie_between_two_surveys_of_one_customer(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    customer = add_customer("Lin")
    add_case(customer_id=customer)
    invite_customers(shop, TODAY)
    change(
        shop,
        "UPDATE cases SET resolved_on = '2026-12-18' WHERE number = :number",
        number=add_case(customer_id=customer),
    )
    assert invite_customers(shop, TODAY + timedelta(days=29)).refused == {"asked_lately": 1}
    assert invite_customers(shop, TODAY + timedelta(days=30)).planned == 1


def test_an_invitation_that_never_went_out_does_not_count_as_asking(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    customer = add_customer("Lin")
    add_case(customer_id=customer)
    invite_customers(shop, TODAY)
    expire(shop, date(2026, 12, 7))
    assert rows(shop)[0][2] == "expired"
    change(
        shop,
        "UPDATE cases SET resolved_on = '2026-12-05' WHERE number = :n",
        n=add_case(customer_id=customer),
    )
    assert invite_customers(shop, date(2026, 12, 8)).planned == 1


def test_a_case_rated_on_a_callback_is_not_asked_about_again(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case(customer_id=add_customer("Lin"))
    change(
        shop,
        "INSERT INTO survey_answers (type, case_number, score, source, answered_at, answered_on) "
        "VALUES ('csat', 1, 5, 'callback', '2026-11-21T01:00:00Z', '2026-11-21')",
    )
    invited = invite_customers(shop, TODAY)
    assert (invited.eligible, invited.refused) == (0, {})


def test_more_cases_than_a_day_takes_are_drawn_by_lot_and_the_same_day_adds_none(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    for number in range(6):
        add_case(customer_id=add_customer(f"C{number}"))
    small = with_survey_settings(shop, capacity=2)
    first = invite_customers(small, TODAY)
    assert (first.planned, first.eligible, first.refused) == (2, 6, {"capacity": 4})
    assert invite_customers(small, TODAY).planned == 0
    assert invite_customers(small, TODAY + timedelta(days=1)).planned == 2


def test_the_settings_choose_effort_or_nothing(shop: Shop, add_case: Add, add_customer: Add) -> None:
    add_case(customer_id=add_customer("Lin"))
    assert invite_customers(with_survey_settings(shop, after_case="none"), TODAY).type == ""
    assert invite_customers(with_survey_settings(shop, after_case="ces"), TODAY).type == "ces"
    assert rows(shop)[0][1] == "ces"


def test_a_customers_own_language_wins_over_the_platforms(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case(customer_id=add_customer("Lin"))
    add_case(customer_id=add_customer("Ann", "13900000000"))
    change(shop, "UPDATE customers SET language = 'en' WHERE name = 'Lin'")
    change(shop, "UPDATE customers SET country = 'DE' WHERE name = 'Ann'")
    invite_customers(shop, TODAY)
    assert [row[5] for row in rows(shop)] == ["en", "en"]


def test_an_opt_out_after_planning_calls_the_invitation_off(shop: Shop, invited: str) -> None:
    opt_out(shop, 1)
    assert [entry.held for entry in list_invitations(shop)] == [True]
    with pytest.raises(RefusedError, match="not to be sent"):
        note_sent(shop, [invited])
    assert invite_customers(shop, TODAY).called_off == 1
    assert rows(shop)[0][2] == "cancelled"


def test_nothing_stays_of_a_dry_run(shop: Shop, add_case: Add, add_customer: Add) -> None:
    add_case(customer_id=add_customer("Lin"))
    assert invite_customers(replace(shop, dry_run=True), TODAY).planned == 1
    assert rows(shop) == []


# ---- sending ----------------------------------------------------------------------------------------------


def test_sent_reminded_once_and_expired(shop: Shop, invited: str) -> None:
    assert note_sent(shop, [invited.lower()]).sent == 1
    assert note_sent(shop, [invited]).unchanged == 1
    due = TODAY + timedelta(days=5)
    assert invite_customers(shop, due - timedelta(days=1)).reminders == []
    assert [entry.code for entry in invite_customers(shop, due).reminders] == [invited]
    later = at_moment(shop, "2026-11-27T01:00:00Z")
    assert note_sent(later, everything=True).reminded == 1
    assert invite_customers(later, due).reminders == []
    assert expire(shop, date(2026, 12, 6)).expired == 0
    assert expire(shop, date(2026, 12, 7)).expired == 1
    with pytest.raises(RefusedError, match="expired"):
        note_sent(later, [invited])


def test_the_days_to_answer_begin_with_sending(shop: Shop, invited: str) -> None:
    note_sent(at_moment(shop, "2026-11-25T01:00:00Z"), everything=True)
    assert fetch_rows(shop.database, "SELECT code, sent_on, expires_on FROM survey_invites") == [
        (invited, "2026-11-25", "2026-12-09")
    ]


def test_what_came_back_is_called_off_and_counts_as_asked(shop: Shop, invited: str, add_case: Add) -> None:
    note_sent(shop, [invited])
    assert call_off(shop, [invited, invited]) == 1
    assert fetch_value(shop.database, "SELECT status FROM survey_invites") == "cancelled"
    add_case(customer_id=1)
    assert invite_customers(shop, TODAY).refused == {"asked_lately": 1}


def test_a_reply_that_wants_no_more_surveys_is_noted_for_good(
    shop: Shop, invited: str, add_case: Add
) -> None:
    note_sent(shop, [invited])
    assert call_off(shop, [invited], opt_out=True) == 1
    assert call_off(shop, [invited], opt_out=True) == 0
    assert fetch_rows(shop.database, "SELECT purpose, given, proof FROM consents") == [("survey", 0, invited)]
    change(shop, "UPDATE cases SET resolved_on = '2028-01-01' WHERE number = :n", n=add_case(customer_id=1))
    assert invite_customers(shop, date(2028, 1, 2)).refused == {"opted_out": 1}


def test_a_case_that_is_open_again_or_rated_by_now_is_not_asked_about(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    for name in ("A", "B", "C"):
        add_case(customer_id=add_customer(name, "13800000000"))
    invite_customers(shop, TODAY)
    change(shop, "UPDATE cases SET status = 'in_progress' WHERE number = 1")
    change(
        shop,
        "INSERT INTO survey_answers (type, case_number, score, source, answered_at, answered_on) "
        "VALUES ('csat', 2, 5, 'callback', '2026-11-22T01:00:00Z', '2026-11-22')",
    )
    assert [entry.case_number for entry in list_invitations(shop) if entry.held] == [1]
    assert expire(shop, TODAY).called_off == 2
    assert [entry.case_number for entry in list_invitations(shop, statuses=("planned",))] == [3]
