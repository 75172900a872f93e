"""Answers from files find their invitations, are followed up where low, and can be taken back."""

from pathlib import Path

import pytest

from aftersales_cli.clock import parse_period
from aftersales_cli.customers.answers import Answer
from aftersales_cli.customers.callback_record import record_callback
from aftersales_cli.customers.surveys.report import survey_report
from aftersales_cli.customers.surveys.sending import expire, note_sent
from aftersales_cli.database.fetch import execute, fetch_rows, fetch_value
from aftersales_cli.errors import RefusedError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.mapping import mapped_document, mapped_format
from aftersales_cli.intake.undo import undo
from aftersales_cli.shop import Shop
from tests.intake.other_files import write_csv

CODE, OTHER = "Q2222222", "Q222223D"
WJX = "序号,提交答卷时间,所用时间,来源,来源详情,1、您对本次售后处理的结果满意吗,2、主要原因是什么\n"


def run(shop: Shop, sql: str, **values: object) -> None:
    with shop.writing("cases.open"):
        execute(shop.database, sql, values)


@pytest.fixture
def invited(shop: Shop) -> Shop:
    """Two customers with a resolved case each; the first was lan's when it was resolved, and both were invited."""
    run(
        shop,
        "INSERT INTO agents (code, name, role, active, created_at) VALUES ('lan', 'lan', 'agent', 1, :now)",
        now=shop.stamp,
    )
    for number, code in ((1, CODE), (2, OTHER)):
        run(
            shop,
            "INSERT INTO customers (name, phone, created_at) VALUES ('Lin', '13800000000', :now)",
            now=shop.stamp,
        )
        run(
            shop,
            "INSERT INTO cases (kind, channel, origin, customer_id, status, title, opened_at, opened_on, resolved_at, "
            "resolved_on, resolution) VALUES ('return', 'phone', 'own', :n, 'resolved', 'x', :now, '2026-11-18', :now, "
            "'2026-11-20', 'refunded')",
            n=number, now=shop.stamp,
        )  # fmt: skip
        run(
            shop,
            "INSERT INTO survey_invites (code, type, case_number, customer_id, agent_id, status, planned_on, expires_on, "
            "sent_at, sent_on) VALUES (:code, 'csat', :n, :n, 2, 'sent', '2026-11-20', '2026-12-04', :now, '2026-11-20')",
            code=code, n=number, now=shop.stamp,
        )  # fmt: skip
    return shop


def answers(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(
        shop.database,
        "SELECT i.code, s.type, s.score, s.comment, s.case_number, s.customer_id, a.code, s.topic FROM survey_answers s "
        "LEFT JOIN survey_invites i ON i.id = s.invite_id LEFT JOIN agents a ON a.id = s.agent_id "
        "ORDER BY s.answered_at, s.type",
    )


def states(shop: Shop) -> list[tuple[object, ...]]:
    return fetch_rows(shop.database, "SELECT status, answered_at FROM survey_invites ORDER BY id")


def test_the_parameter_of_a_wjx_link_finds_the_invitation(invited: Shop, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "a.csv", WJX + f"1,2026/11/21 9:00:00,9秒,链接,{CODE.lower()},4,物流太慢\n")
    import_file(invited, path)
    assert answers(invited) == [(CODE, "csat", 4, "物流太慢", 1, 1, "lan", "late")]
    assert states(invited) == [("answered", "2026-11-21T01:00:00Z"), ("sent", None)]


def test_a_google_form_with_a_prefilled_code_finds_it_and_keeps_the_code_out_of_the_words(
    invited: Shop, tmp_path: Path
) -> None:
    text = (
        "Timestamp,How satisfied are you with how we handled your request?,What is the main reason for your score?,"
        f"Your code\n11/21/2026 9:00:00,5,Friendly,{CODE}\n11/21/2026 9:05:00,5,{OTHER},\n"
    )
    import_file(invited, write_csv(tmp_path, "g.csv", text))
    assert [row[:4] for row in answers(invited)] == [(CODE, "csat", 5, "Friendly"), (OTHER, "csat", 5, "")]


def test_a_mapped_file_names_the_column_of_the_code(invited: Shop, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "m.csv", f"当天,打分,暗号\n2026-11-21 09:00:00,3,{CODE}\n")
    words = ("当天=survey.answered_at", "打分=survey.csat", "暗号=survey.code")
    import_file(invited, path, only_format=mapped_format(mapped_document(words)))
    assert [row[:6] for row in answers(invited)] == [(CODE, "csat", 3, "", 1, 1)]


def test_a_code_with_a_slip_finds_nothing_and_the_answer_is_kept(invited: Shop, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "a.csv", WJX + "1,2026/11/21 9:00:00,9秒,链接,Q222222B,4,好\n")
    import_file(invited, path)
    assert [row[:6] for row in answers(invited)] == [(None, "csat", 4, "好", None, None)]


def test_the_first_answer_counts_whichever_file_comes_first(invited: Shop, tmp_path: Path) -> None:
    row = "{0},2026/11/{1} 9:00:00,9秒,链接," + CODE + ",{2},\n"
    later = write_csv(tmp_path, "later.csv", WJX + row.format(2, 22, 5))
    first = write_csv(tmp_path, "first.csv", WJX + row.format(1, 21, 4))
    import_file(invited, later)
    import_file(invited, first)
    report = survey_report(invited, parse_period("2026-11"))
    assert [(entry.score, entry.first_score) for entry in report.later] == [(5, 4)]
    assert report.all_answers == 1
    assert states(invited)[0] == ("answered", "2026-11-21T01:00:00Z")


def test_a_low_score_of_a_file_opens_a_callback_once(invited: Shop, tmp_path: Path) -> None:
    row = f"1,2026/11/21 9:00:00,9秒,链接,{CODE},1,态度差\n"
    import_file(invited, write_csv(tmp_path, "a.csv", WJX + row))
    import_file(
        invited, write_csv(tmp_path, "b.csv", WJX + row + f"2,2026/11/21 9:10:00,9秒,链接,{OTHER},5,\n")
    )
    called = "SELECT reason, case_number, customer_id, due_on, assignee_id FROM callbacks"
    assert fetch_rows(invited.database, called) == [("survey_low", 1, 1, "2026-11-22", 2)]


def test_an_old_low_score_calls_nobody_up(invited: Shop, tmp_path: Path) -> None:
    row = f"1,2026/10/21 9:00:00,9秒,链接,{CODE},1,\n"
    import_file(invited, write_csv(tmp_path, "a.csv", WJX + row))
    assert fetch_value(invited.database, "SELECT count(*) FROM callbacks") == 0


def test_undoing_the_import_takes_answers_states_and_the_untouched_callback_back(
    invited: Shop, tmp_path: Path
) -> None:
    path = write_csv(tmp_path, "a.csv", WJX + f"1,2026/11/21 9:00:00,9秒,链接,{CODE},1,态度差\n")
    undo(invited, import_file(invited, path).import_id)
    assert (answers(invited), states(invited)) == ([], [("sent", None), ("sent", None)])
    assert fetch_value(invited.database, "SELECT count(*) FROM callbacks") == 0
    import_file(invited, path)
    assert states(invited)[0][0] == "answered"
    assert fetch_value(invited.database, "SELECT count(*) FROM callbacks") == 1


def test_what_was_noted_as_sent_after_the_answer_stays_sent_without_it(invited: Shop, tmp_path: Path) -> None:
    run(invited, "UPDATE survey_invites SET status = 'planned', sent_at = NULL, sent_on = NULL")
    path = write_csv(tmp_path, "a.csv", WJX + f"1,2026/11/21 9:00:00,9秒,链接,{CODE},5,好\n")
    imported = import_file(invited, path)
    assert note_sent(invited, [CODE]).sent == 1
    undo(invited, imported.import_id)
    assert states(invited) == [("sent", None), ("planned", None)]


def test_a_callback_somebody_has_made_is_never_taken_back(invited: Shop, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "a.csv", WJX + f"1,2026/11/21 9:00:00,9秒,链接,{CODE},1,态度差\n")
    imported = import_file(invited, path)
    record_callback(invited, 1, Answer("declined"))
    with pytest.raises(RefusedError, match="people have worked on its rows: case 1"):
        undo(invited, imported.import_id)


def test_a_callback_opened_for_a_case_known_only_later_goes_with_the_answers(
    invited: Shop, tmp_path: Path
) -> None:
    """The order comes after the answers, and the night follows the low score up."""
    head = "序号,提交答卷时间,所用时间,1、您满意吗,2、订单编号\n"
    path = write_csv(tmp_path, "o.csv", head + "1,2026/11/21 9:00:00,9秒,1,4103000000001\n")
    imported = import_file(invited, path)
    run(invited, "INSERT INTO storefronts (code, name, platform, country, timezone, currency, created_at) "
        "VALUES ('tb', '', 'taobao', 'CN', 'Asia/Shanghai', 'CNY', :now)", now=invited.stamp)  # fmt: skip
    run(
        invited,
        "INSERT INTO orders (storefront_id, external_id, display_number, customer_id, status, status_raw, close_reason, "
        "currency, paid_basis, refunded_basis, title, buyer_note, seller_note, progress, as_of) VALUES "
        "((SELECT id FROM storefronts WHERE code = 'tb'), '4103000000001', '', 1, 'finished', '', '', 'CNY', 'none', "
        "'none', '', '', '', 0, '')",
    )
    run(
        invited,
        "UPDATE survey_answers SET order_id = (SELECT id FROM orders), customer_id = 1, linked_by = 'order'",
    )
    assert expire(invited, invited.today).follow_ups == 1
    undo(invited, imported.import_id)
    assert fetch_value(invited.database, "SELECT count(*) FROM callbacks") == 0
