"""What customers speak of: rules that can be read, and people where rules disagree."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales_cli.customers.surveys.recording import record_answer
from aftersales_cli.customers.surveys.topics import (
    assign_topic,
    decide_topic,
    find_topics,
    list_topics,
    load_topic_rules,
    sort_comments_again,
)
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.errors import NotFoundError, WrongUsageError
from aftersales_cli.shop import Shop

Add = Callable[..., int]


@pytest.mark.parametrize(
    ("comment", "topic"),
    [
        ("质量太差，用两天就坏了", "defect"),
        ("The zip is broken", "damaged_transit"),
        ("退款太慢了", "service"),
        ("等太久", "service"),
        ("物流太慢", "late"),
        ("客服态度不好", "service"),
        ("尺码偏小", "size_fit"),
        ("Return shipping was too much trouble", "invoice_fee"),
        ("A bit overpriced", "price"),
        ("It was fine", ""),
        ("很满意，谢谢", ""),
        ("质量很好", ""),
        ("质量不好，客服态度也差", ""),
        ("发错货，包装破了", ""),
    ],
)
def test_a_comment_has_the_topic_all_its_rules_agree_on(comment: str, topic: str) -> None:
    assert decide_topic(find_topics(load_topic_rules(None), comment)) == topic


def test_the_longer_words_win_over_their_parts_and_the_evidence_is_kept() -> None:
    hits = find_topics(load_topic_rules(None), "处理太慢")
    assert [(hit.topic, hit.words) for hit in hits] == [("service", ("处理太慢",))]
    assert [hit.topic for hit in find_topics(load_topic_rules(None), "质量不好，客服态度也差")] == [
        "defect",
        "service",
    ]


def test_a_recorded_comment_is_sorted_and_what_is_doubtful_waits_for_a_person(
    shop: Shop, add_case: Add
) -> None:
    add_case()
    record_answer(shop, case=1, score=4, comment="物流太慢")
    record_answer(shop, case=1, kind="nps", score=8, comment="发错货，包装破了，电话 13800000000")
    record_answer(shop, case=1, kind="ces", score=6)
    (waiting,) = list_topics(shop)
    assert (waiting.type, waiting.topic, {hit.topic for hit in waiting.hits}) == (
        "nps", "", {"wrong_item", "damaged_transit"},
    )  # fmt: skip
    assert "138****0000" in waiting.comment
    assert assign_topic(shop, waiting.answer, "发错货") == "wrong_item"
    assert list_topics(shop) == []
    assert [(entry.topic, entry.topic_by) for entry in list_topics(shop, everything=True)] == [
        ("wrong_item", "person"), ("late", "rule"),
    ]  # fmt: skip


def test_a_person_can_say_that_a_comment_has_no_topic(shop: Shop, add_case: Add) -> None:
    add_case()
    record_answer(shop, case=1, score=4, comment="OK")
    assert assign_topic(shop, 1, "") == ""
    assert list_topics(shop) == []


def test_sorting_again_uses_the_shops_rules_and_leaves_what_people_decided(shop: Shop, add_case: Add) -> None:
    add_case()
    record_answer(shop, case=1, score=4, comment="The ribbon was missing a bow")
    record_answer(shop, case=1, kind="nps", score=8, comment="Ribbon again")
    assign_topic(shop, 1, "service")
    folder = shop.folder / "templates/settings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "survey_topics.toml").write_text(
        '[[rule]]\nen = "ribbon"\nwords = ["ribbon"]\nreason = "not_as_described"\n', encoding="utf-8"
    )
    assert sort_comments_again(shop).given == 1
    assert fetch_rows(shop.database, "SELECT topic, topic_by FROM survey_answers ORDER BY id") == [
        ("service", "person"), ("not_as_described", "rule"),
    ]  # fmt: skip


def test_a_broken_file_of_rules_is_named_but_loses_no_answer(shop: Shop, add_case: Add) -> None:
    add_case()
    folder: Path = shop.folder / "templates/settings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "survey_topics.toml").write_text('[[rule]]\nen = "x"\nwords = ["x"]\nreason = "nonsense"\n')
    assert record_answer(shop, case=1, score=1, comment="态度差").follow_up_opened
    with pytest.raises(
        WrongUsageError, match=r"survey_topics\.toml, rule 1 \(x\): “reason” knows no “nonsense”"
    ):
        list_topics(shop)


def test_an_answer_that_does_not_exist_or_has_no_words_has_no_topic(shop: Shop, add_case: Add) -> None:
    add_case()
    record_answer(shop, case=1, score=5)
    for number in (1, 99):
        with pytest.raises(NotFoundError, match=f"no comment {number}"):
            assign_topic(shop, number, "service")


@pytest.mark.parametrize(
    "comment", ["It doesn’t work", "IT  DOESN'T\nWORK", "It stopped working", "ｂｒｏｋｅ"]
)
def test_however_a_word_is_written_its_rule_finds_it(comment: str) -> None:
    assert [hit.topic for hit in find_topics(load_topic_rules(None), comment)] == ["defect"]
