"""The report: figures never without n, divided in six ways, response rates with their warnings."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from aftersales_cli.clock import from_text, month_of
from aftersales_cli.customers.surveys.invite_list import list_invitations
from aftersales_cli.customers.surveys.inviting import invite_customers
from aftersales_cli.customers.surveys.recording import record_answer
from aftersales_cli.customers.surveys.report import SurveyReport, survey_report
from aftersales_cli.customers.surveys.sending import call_off, note_sent
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.shop import Shop
from tests.customers.surveys.conftest import change

Add = Callable[..., int]
TODAY = date(2026, 11, 22)
NOVEMBER = month_of(TODAY)


@pytest.fixture
def answered(shop: Shop, add_case: Add, add_customer: Add, add_agent_row: Add) -> Shop:
    """Four invitations sent, one returned, two answered; one score by phone without an invitation."""
    lan, bo = add_agent_row("lan"), add_agent_row("bo")
    for number, agent in enumerate((lan, lan, bo, bo)):
        customer = add_customer(f"C{number}")
        add_case(customer_id=customer, assignee_id=agent, product="Cooker" if number % 2 else "Kettle")
        change(
            shop, "UPDATE cases SET reason_first = 'defect' WHERE number = :n AND number < 3", n=number + 1
        )
        change(
            shop,
            "INSERT INTO customer_values (month, customer_id, as_of, recency_days, orders, r, f, m, segment) "
            "VALUES ('2026-11', :id, '2026-11-21', 3, 4, 5, 5, 5, :segment)",
            id=customer, segment="champions" if number < 1 else "lost",
        )  # fmt: skip
    invite_customers(shop, TODAY)
    note_sent(shop, everything=True)
    codes = {entry.case_number: entry.code for entry in list_invitations(shop)}
    call_off(shop, [codes[4]])
    record_answer(shop, code=codes[1], score=5)
    record_answer(shop, code=codes[2], score=3, comment="物流太慢")
    record_answer(shop, case=3, kind="ces", score=6)
    record_answer(shop, case=3, kind="nps", score=9)
    return shop


def figures(report: SurveyReport, name: str) -> dict[str, tuple[float | None, int]]:
    (group,) = [group for group in report.groups if group.name == name]
    return {figure.measure: (figure.value, figure.n) for figure in group.figures}


def test_the_whole_has_every_figure_and_its_response_rate(answered: Shop) -> None:
    report = survey_report(answered, NOVEMBER)
    assert {figure.measure: (figure.value, figure.n) for figure in report.total.figures} == {
        "csat": (0.5, 2), "ces_share": (1.0, 1), "ces_mean": (6.0, 1), "nps": (100.0, 1),
    }  # fmt: skip
    response = report.total.response
    assert (response.sent, response.answered, response.rate) == (3, 2, 2 / 3)
    assert response.low is not None
    assert response.low < 2 / 3
    assert {kind: (part.answered, part.sent) for kind, part in report.total.responses.items()} == {
        "csat": (2, 3)
    }
    assert report.total.warnings == ["few_answers", "non_response"]
    assert (report.invited_answers, report.all_answers, report.topics) == (2, 4, [("late", 1)])


def test_an_invitation_of_another_type_is_not_answered_by_a_score_it_did_not_ask(answered: Shop) -> None:
    """Case 3 got ces and nps by phone, but was asked for satisfaction."""
    states = {entry.case_number: entry.status for entry in list_invitations(answered)}
    assert states == {1: "answered", 2: "answered", 3: "sent", 4: "cancelled"}


@pytest.mark.parametrize(
    ("by", "name", "expected"),
    [
        ("agent", "lan", {"csat": (0.5, 2)}),
        ("agent", "bo", {"ces_share": (1.0, 1), "ces_mean": (6.0, 1), "nps": (100.0, 1)}),
        (
            "product",
            "Kettle",
            {"csat": (1.0, 1), "ces_share": (1.0, 1), "ces_mean": (6.0, 1), "nps": (100.0, 1)},
        ),
        ("product", "Cooker", {"csat": (0.0, 1)}),
        ("reason", "defect", {"csat": (0.5, 2)}),
        (
            "channel",
            "phone",
            {"csat": (0.5, 2), "ces_share": (1.0, 1), "ces_mean": (6.0, 1), "nps": (100.0, 1)},
        ),
        ("segment", "champions", {"csat": (1.0, 1)}),
    ],
)
def test_the_figures_divide_by_what_cases_and_customers_are(
    answered: Shop, by: str, name: str, expected: dict[str, tuple[float, int]]
) -> None:
    assert figures(survey_report(answered, NOVEMBER, by=by), name) == expected


def test_products_that_taobao_joins_in_one_title_count_each_once(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    add_case(customer_id=add_customer("Lin"), product="")
    change(shop, "UPDATE orders SET title = '纯棉毛巾，月亮抱枕，纯棉毛巾'")
    record_answer(shop, case=1, score=5)
    groups = survey_report(shop, NOVEMBER, by="product").groups
    assert sorted(group.name for group in groups) == ["月亮抱枕", "纯棉毛巾"]
    assert {group.figures[0].n for group in groups} == {1}


def test_who_answered_before_the_sending_was_noted_counts_in_the_response_rate(
    shop: Shop, add_case: Add, add_customer: Add
) -> None:
    """Somebody pastes the texts, takes down the first reply, and only then notes that they were sent."""
    for name in ("Lin", "Mei"):
        add_case(customer_id=add_customer(name, "13800000000"))
    invite_customers(shop, TODAY)
    first, second = (entry.code for entry in list_invitations(shop))
    record_answer(shop, code=first, score=5)
    assert note_sent(shop, everything=True).sent == 2
    assert note_sent(shop, [first, second]).unchanged == 2
    response = survey_report(shop, NOVEMBER).total.response
    assert (response.answered, response.sent) == (1, 2)
    assert [entry.status for entry in list_invitations(shop)] == ["answered", "sent"]


def test_an_answer_is_never_older_than_the_sending(shop: Shop, invited: str) -> None:
    record_answer(shop, code=invited, score=5, at=from_text("2026-11-22T00:30:00Z"))
    assert note_sent(shop, [invited]).sent == 1
    assert fetch_rows(shop.database, "SELECT status, sent_at, sent_on, expires_on FROM survey_invites") == [
        ("answered", "2026-11-22T00:30:00Z", "2026-11-22", "2026-12-06")
    ]


def test_a_wave_has_figures_and_a_response_rate_of_its_own(answered: Shop) -> None:
    change(
        answered,
        "INSERT INTO survey_waves (code, type, seed, size, eligible, starts_on, ends_on, made_at, made_by) "
        "VALUES ('2026Q4', 'nps', 1, 2, 2, '2026-11-22', '2026-12-06', :now, 'owner')",
        now=answered.stamp,
    )
    for code, customer in (("Q7K3M9FX", 1), ("QB2D4F6K", 2)):
        change(
            answered,
            "INSERT INTO survey_invites (code, wave_id, type, customer_id, status, planned_on, expires_on, sent_at, "
            "sent_on) VALUES (:code, 1, 'nps', :customer, 'sent', '2026-11-22', '2026-12-06', :now, '2026-11-22')",
            code=code, customer=customer, now=answered.stamp,
        )  # fmt: skip
    change(
        answered,
        "INSERT INTO survey_answers (type, customer_id, score, source, answered_at, answered_on, invite_id) "
        "SELECT 'nps', 1, 10, 'survey.wjx', :now, '2026-11-22', id FROM survey_invites WHERE code = 'Q7K3M9FX'",
        now=answered.stamp,
    )
    change(answered, "UPDATE survey_invites SET status = 'answered' WHERE code = 'Q7K3M9FX'")
    (group,) = [
        group for group in survey_report(answered, NOVEMBER, by="wave").groups if group.name == "2026Q4"
    ]
    assert [(figure.measure, figure.value, figure.n) for figure in group.figures] == [("nps", 100.0, 1)]
    assert (group.response.answered, group.response.sent) == (1, 2)


def test_a_period_without_answers_has_no_figure_and_says_that_nobody_was_asked(answered: Shop) -> None:
    report = survey_report(answered, month_of(date(2026, 10, 1)), by="agent")
    assert [(figure.value, figure.n) for figure in report.total.figures] == [(None, 0)] * 4
    assert (report.total.response.rate, report.groups) == (None, [])
    assert report.total.warnings == ["no_invites", "few_answers"]


def test_answers_count_on_the_shops_local_day(shop: Shop, add_case: Add) -> None:
    add_case(resolved_on="2026-10-20")
    # Half past midnight of 1 November in Shanghai.
    record_answer(shop, case=1, score=5, at=from_text("2026-10-31T16:30:00Z"))
    assert survey_report(shop, NOVEMBER).all_answers == 1
    assert survey_report(shop, month_of(TODAY - timedelta(days=30))).all_answers == 0
