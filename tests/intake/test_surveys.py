"""Survey answers from files: scores found by their questions, customers by what the respondent wrote."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.intake.converters import CellError
from aftersales_cli.intake.loading import import_file
from aftersales_cli.intake.other_rows import OtherFile, OtherResult
from aftersales_cli.intake.scores import parse_score
from aftersales_cli.intake.survey_questions import find_questions
from aftersales_cli.intake.survey_times import moment_converter
from aftersales_cli.intake.surveys import take_surveys
from aftersales_cli.shop import Shop
from tests.intake.other_files import check_golden, mapped, open_shipped, write_csv
from tests.intake.test_golden_files import marketplace_file

QUERY = {
    "answers": """SELECT a.type, a.score, a.question, a.comment, a.source, a.answered_at, a.answered_on,
        a.order_external_id AS order_number, a.order_id IS NOT NULL AS joined, a.case_number, a.linked_by,
        u.email AS customer, a.row_key, a.as_of
        FROM survey_answers a LEFT JOIN customers u ON u.id = a.customer_id ORDER BY a.row_key, a.type DESC"""
}


def take(shop: Shop, path: Path) -> OtherResult:
    with open_shipped(path) as table:
        return take_surveys(OtherFile(shop, table, None))


def test_a_wjx_file_gives_exactly_what_stands_beside_it(shop: Shop, tmp_path: Path) -> None:
    for earlier in ("taobao_orders_o7", "taobao_refunds_r3"):
        import_file(shop, marketplace_file(tmp_path, earlier, "xlsx"))
    result = take(shop, marketplace_file(tmp_path, "survey_wjx", "xlsx"))
    check_golden(shop, "survey_wjx", result, QUERY)


def test_a_google_forms_file_gives_exactly_what_stands_beside_it(shop: Shop, tmp_path: Path) -> None:
    import_file(shop, marketplace_file(tmp_path, "shopify_orders", "utf-8"))
    result = take(shop, marketplace_file(tmp_path, "survey_google_forms", "utf-8"))
    check_golden(shop, "survey_google_forms", result, QUERY)


def test_no_address_of_a_computer_and_no_name_is_stored_anywhere(shop: Shop, tmp_path: Path) -> None:
    result = take(shop, marketplace_file(tmp_path, "survey_wjx", "xlsx"))
    dump = "\n".join(shop.database.conn.iterdump()) + repr(result.rejects)
    assert "拉链" not in dump
    assert "包裹破了两次" in dump
    for private in ("198.51.100", "小鹿", "晚风", "云朵"):
        assert private not in dump


def test_the_same_answers_again_change_nothing(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "survey_wjx", "xlsx")
    first = take(shop, path)
    before = list(shop.database.conn.iterdump())
    again = take(shop, path)
    assert (first.rows, first.new, len(first.rejects)) == (7, 4, 3)
    assert (again.new, again.updated, again.unchanged, len(again.rejects)) == (0, 0, 4, 3)
    assert [line for line in before if "survey_answers" in line] == [
        line for line in shop.database.conn.iterdump() if "survey_answers" in line
    ]


def test_orders_that_come_after_the_answers_are_joined_in_the_same_way(shop: Shop, tmp_path: Path) -> None:
    survey = marketplace_file(tmp_path, "survey_wjx", "xlsx")
    take(shop, survey)
    for later in ("taobao_orders_o7", "taobao_refunds_r3"):
        import_file(shop, marketplace_file(tmp_path, later, "xlsx"))
    take(shop, survey)
    linked = shop.database.conn.execute(
        "SELECT order_external_id, case_number, linked_by FROM survey_answers "
        "WHERE type = 'csat' AND order_id IS NOT NULL ORDER BY 1"
    ).fetchall()
    assert linked == [("4103876543219870002", 1, "order"), ("4103876543219870003", 3, "order")]


def test_the_newer_file_wins_whichever_comes_first(shop: Shop, tmp_path: Path) -> None:
    header = "序号,提交答卷时间,所用时间,1、您满意吗,2、建议\n"
    old = write_csv(tmp_path, "old.csv", header + "1,2026/11/13 9:00:00,9秒,2,慢\n")
    new = write_csv(
        tmp_path, "new.csv", header + "1,2026/11/13 9:00:00,9秒,4,慢\n2,2026/11/14 9:00:00,9秒,5,好\n"
    )
    take(shop, new)
    late = take(shop, old)
    scores = "SELECT score FROM survey_answers ORDER BY row_key"
    assert shop.database.conn.execute(scores).fetchall() == [(4,), (5,)]
    assert (late.updated, late.unchanged, [entry.code for entry in late.warnings]) == (0, 1, ["older"])
    newest = write_csv(tmp_path, "newest.csv", new.read_text("utf-8").replace("9秒,4", "9秒,3"))
    assert take(shop, newest).updated == 1
    assert shop.database.conn.execute(scores).fetchall() == [(3,), (5,)]


def test_answers_that_are_all_numbers_of_options_are_told(shop: Shop, tmp_path: Path) -> None:
    text = "序号,提交答卷时间,所用时间,1、您满意吗,2、最好的方面\n1,2026/11/13 9:00:00,9秒,1,2┋3\n"
    result = take(shop, write_csv(tmp_path, "numbers.csv", text.replace("┋3", "")))
    assert [entry.code for entry in result.warnings] == ["option_numbers"]
    assert "按选项文本" in result.warnings[0].text()


def test_a_table_without_a_score_keeps_the_words_and_says_so(shop: Shop, tmp_path: Path) -> None:
    text = "序号,提交答卷时间,所用时间,1、您想说什么\n1,2026/11/13 9:00:00,9秒,谢谢\n"
    result = take(shop, write_csv(tmp_path, "words.csv", text))
    assert [entry.code for entry in result.warnings] == ["no_score_question"]
    found = shop.database.conn.execute("SELECT type, score, comment FROM survey_answers").fetchall()
    assert found == [("comment", None, "谢谢")]


def test_a_case_number_links_an_answer_to_case_customer_and_agent(shop: Shop, tmp_path: Path) -> None:
    for earlier in ("taobao_orders_o7", "taobao_refunds_r3"):
        import_file(shop, marketplace_file(tmp_path, earlier, "xlsx"))
    with shop.writing("cases.assign"):
        shop.database.conn.execute("UPDATE cases SET assignee_id = 1 WHERE number = 2")
    path = write_csv(tmp_path, "own.csv", "when,case,mark,said\n2026-11-20 10:00,#2,★★★★☆,fine\n")
    words = ["when=survey.answered_at", "case=survey.case_number", "mark=survey.csat", "said=survey.comment"]
    with mapped(path, words) as table:
        result = take_surveys(OtherFile(shop, table, None))
    assert (result.new, result.rejects) == (1, [])
    found = shop.database.conn.execute(
        "SELECT case_number, agent_id, linked_by, score, comment FROM survey_answers"
    ).fetchall()
    assert found == [(2, 1, "case", 4, "fine")]


def test_the_owners_word_for_a_score_counts(shop: Shop, tmp_path: Path) -> None:
    path = marketplace_file(tmp_path, "survey_wjx", "xlsx")
    with open_shipped(path) as table:
        own = {"survey.csat": {"没有联系过客服": "3"}}
        result = take_surveys(OtherFile(shop, table, None, own_words=own))
    assert "unknown_word" not in {entry.code for entry in result.warnings}
    score = "SELECT score FROM survey_answers WHERE row_key LIKE 'survey.wjx|3|%'"
    assert shop.database.conn.execute(score).fetchall() == [(3,)]


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        ("csat", "5", 5), ("csat", "4.0", 4), ("csat", "3 / 5", 3), ("csat", "5分", 5), ("csat", "非常满意", 5),
        ("csat", "比较满意", 4), ("csat", "一般", 3), ("csat", "不太满意", 2), ("csat", "非常不满意", 1),
        ("csat", "A. 非常不满意", 1), ("csat", "Very dissatisfied", 1), ("csat", "Dissatisfied", 2),
        ("csat", "Satisfied", 4), ("csat", "(跳过)", None), ("csat", "", None), ("csat", "5-非常满意", 5),
        ("nps", "0", 0), ("nps", "10 (extremely likely)", 10), ("nps", "10分", 10),
        ("ces", "7", 7), ("ces", "非常同意", 7), ("ces", "Strongly disagree", 1), ("ces", "agree", 6),
        ("stars", "★★★☆☆", 3), ("stars", "⭐⭐⭐⭐⭐", 5), ("stars", "五星", 5), ("stars", "好评", 5), ("stars", "差评", 1),
        ("stars", "4 stars", 4),
    ],
)  # fmt: skip
def test_scores_are_read_in_every_common_form(kind: str, cell: str, expected: int | None) -> None:
    assert parse_score(kind, cell) == expected


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("csat", "0"), ("csat", "6"), ("csat", "4.5"), ("csat", "3/10"), ("csat", "maybe"), ("nps", "11"),
     ("nps", "-1 2"), ("ces", "8"), ("stars", "1 of 5"), ("csat", "9" * 5000), ("csat", "5/" + "5" * 5000), ("csat", "a " + "5" * 5000)],
)  # fmt: skip
def test_what_is_off_the_scale_is_refused(kind: str, cell: str) -> None:
    with pytest.raises(CellError):
        parse_score(kind, cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026/09/03 3:04:05 PM GMT+8", "2026-09-03T07:04:05Z"),
        ("2026/09/03 12:00:00 AM GMT-5", "2026-09-03T05:00:00Z"),
        ("2026/09/03 12:30:00 PM GMT+5:30", "2026-09-03T07:00:00Z"),
        ("2026/9/3 下午 3:04:05 [GMT+8]", "2026-09-03T07:04:05Z"),
        ("2026/09/03 3:04 pm GMT", "2026-09-03T15:04:00Z"),
        ("9/3/2026 15:04:05", "2026-09-03T07:04:05Z"),
        ("9/3/2026 3:04:05 PM", "2026-09-03T07:04:05Z"),
        ("2026/9/3 9:04:05", "2026-09-03T01:04:05Z"),
        ("2026-09-03 09:04", "2026-09-03T01:04:00Z"),
        ("", None),
    ],
)
def test_times_of_survey_tools_are_read_with_their_offsets(cell: str, expected: str | None) -> None:
    assert moment_converter(ZoneInfo("Asia/Shanghai"), "month_first")(cell) == expected


@pytest.mark.parametrize("cell", ["2026/13/03 3:04:05 PM GMT+8", "2026/09/03 15:04:05 PM GMT+99", "gestern"])
def test_what_is_no_time_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        moment_converter(ZoneInfo("Asia/Shanghai"), "month_first")(cell)


def test_the_overall_question_is_the_score_and_reasons_are_words() -> None:
    header = [
        "序号",
        "1、不满意的原因",
        "2、物流满意度",
        "3、总体满意度",
        "4、联系电话",
        "5、推荐理由",
        "Q6. Any comment?",
        "微信号",
    ]
    found = find_questions(header, {0}, {"respondent"})
    assert found.scores == {"csat": 3}
    assert found.phone == 4
    assert found.words == (1, 2, 5, 6)
