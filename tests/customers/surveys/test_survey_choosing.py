"""Who may be asked, who is drawn, and the codes and words of invitations: rules only."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from aftersales_cli.customers.surveys.choosing import Gaps, draw, reminder_is_due, sift, why_not
from aftersales_cli.customers.surveys.codes import ALPHABET, find_codes, make_code
from aftersales_cli.customers.surveys.texts import Facts, load_texts, question_of, write_text
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.records.surveys import SurveyCandidate

GAPS = Gaps(any_days=30, nps_days=90)
DAY = date(2026, 11, 22)


def person(customer_id: int = 1, /, **facts: object) -> SurveyCandidate:
    plain = SurveyCandidate(
        customer_id=customer_id, case_number=None, agent_id=None, resolved_on=None, language="", country="",
        platform="", order_number="", phone="13800000000", email="", do_not_contact=False, opted_out=False,
        complaint_open=False, last_asked_on=None, last_nps_on=None,
    )  # fmt: skip
    return replace(plain, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "kind", "refusal"),
    [
        ({}, "csat", ""),
        ({"do_not_contact": True}, "csat", "opted_out"),
        ({"opted_out": True}, "csat", "opted_out"),
        ({"phone": ""}, "csat", "unreachable"),
        ({"phone": "138****0000"}, "csat", "unreachable"),
        ({"complaint_open": True}, "csat", "complaint"),
        ({"last_asked_on": "2026-10-24"}, "csat", "asked_lately"),
        ({"last_asked_on": "2026-10-23"}, "csat", ""),
        ({"last_asked_on": "2026-12-01"}, "csat", "asked_lately"),
        ({"last_nps_on": "2026-08-25", "last_asked_on": "2026-08-25"}, "nps", "asked_lately"),
        ({"last_nps_on": "2026-08-24", "last_asked_on": "2026-08-24"}, "nps", ""),
        ({"last_nps_on": "2026-08-25", "last_asked_on": "2026-08-25"}, "ces", ""),
    ],
)
def test_who_may_be_asked(facts: dict[str, object], kind: str, refusal: str) -> None:
    assert why_not(person(**facts), kind, on=DAY, gaps=GAPS) == refusal


def test_of_two_cases_of_one_customer_the_first_is_asked_about() -> None:
    found = sift([person(1, case_number=9), person(1, case_number=8), person(2)], "csat", on=DAY, gaps=GAPS)
    assert [(entry.customer_id, entry.case_number) for entry in found.people] == [(1, 9), (2, None)]
    assert found.refused == {"asked_lately": 1}


def test_the_same_seed_draws_the_same_people_in_whatever_order_they_come() -> None:
    people = [person(number) for number in range(1, 501)]
    first = [entry.customer_id for entry in draw(people, 50, "7")]
    shuffled = random.Random(3).sample(people, len(people))
    assert [entry.customer_id for entry in draw(shuffled, 50, "7")] == first
    assert [entry.customer_id for entry in draw(people, 50, "8")] != first
    assert len(set(first)) == 50


def test_one_customer_more_changes_at_most_one_place_of_the_sample() -> None:
    people = [person(number) for number in range(1, 501)]
    first = {entry.customer_id for entry in draw(people, 50, "7")}
    more = {entry.customer_id for entry in draw([*people, person(501)], 50, "7")}
    assert len(first - more) <= 1


def test_every_customer_has_the_same_chance() -> None:
    people = [person(number) for number in range(1, 21)]
    drawn = [0] * 21
    for seed in range(2000):
        for entry in draw(people, 5, str(seed)):
            drawn[entry.customer_id] += 1
    # Expected 500 each, standard deviation 19.4; deterministic, so this never fails by chance.
    assert max(abs(count - 500) for count in drawn[1:]) < 80


def test_more_places_than_people_draw_everybody_and_none_nobody() -> None:
    assert len(draw([person(1), person(2)], 9, "1")) == 2
    assert draw([person(1)], 0, "1") == draw([person(1)], -3, "1") == []


@pytest.mark.parametrize(
    ("status", "sent_on", "reminded", "expires_on", "due"),
    [
        ("sent", "2026-11-17", False, "2026-12-01", True),
        ("sent", "2026-11-18", False, "2026-12-01", False),
        ("sent", "2026-11-17", True, "2026-12-01", False),
        ("answered", "2026-11-17", False, "2026-12-01", False),
        ("sent", "2026-11-10", False, "2026-11-21", False),
        ("planned", None, False, "2026-12-01", False),
    ],
)
def test_when_a_reminder_is_due(
    status: str, sent_on: str | None, *, reminded: bool, expires_on: str, due: bool
) -> None:
    assert (
        reminder_is_due(
            status=status, sent_on=sent_on, reminded=reminded, expires_on=expires_on, on=DAY, days=5
        )
        is due
    )


def test_a_code_is_found_in_any_text_case_and_width() -> None:
    code = make_code(random.Random(1).choice)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    for text in (code, f"来源：链接（{code.lower()}）", f"https://example.com/f?c={code}&x=1", wide):
        assert find_codes(text) == [code]
    assert find_codes(f"A{code}") == find_codes(f"{code}7") == []


def test_no_code_with_one_wrong_character_is_taken_for_another() -> None:
    code = make_code(random.Random(2).choice)
    for place in range(1, len(code)):
        for letter in set(ALPHABET) - {code[place]}:
            assert find_codes(code[:place] + letter + code[place + 1 :]) == []


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("csat", "您对本次售后处理的结果满意吗？", "How satisfied are you with how we handled your request?"),
        ("ces", "云朵店让我很容易地解决了问题。", "云朵店 made it easy for me to handle my issue."),
        (
            "nps",
            "您有多大可能把我们推荐给朋友或同事？",
            "How likely is it that you would recommend us to a friend or colleague?",
        ),
    ],
)
def test_the_questions_are_the_published_wordings_with_the_shops_name(kind: str, zh: str, en: str) -> None:
    texts = load_texts(kind, None)
    assert question_of(texts, "云朵店", "zh").startswith(zh)
    assert question_of(texts, "云朵店", "en").startswith(en)


@pytest.mark.parametrize("kind", ["csat", "ces", "nps"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reminder", [False, True])
@pytest.mark.parametrize("link", ["", "https://example.com/{type}?code={code}"])
def test_a_message_is_complete_and_leaves_no_brace_behind(
    kind: str, language: str, link: str, *, reminder: bool
) -> None:
    facts = Facts("Cloud", "Q7K3M9FX", link, "2026-12-06")
    text = write_text(load_texts(kind, None), facts, language=language, reminder=reminder)
    assert "Cloud" in text
    assert "Q7K3M9FX" in text
    assert "2026-12-06" in text
    assert "{" not in text
    assert "[" not in text
    assert (f"https://example.com/{kind}?code=Q7K3M9FX" in text) is bool(link)


def test_a_shops_own_words_replace_the_shipped_ones_and_a_broken_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "templates/surveys"
    folder.mkdir(parents=True)
    path = folder / "nps.toml"
    keys = ("question", "reason", "with_link", "without_link", "invitation", "reminder")
    path.write_text("\n".join(f'[{key}]\nen = "{key} of [Shop] {{what}}"' for key in keys), encoding="utf-8")
    texts = load_texts("nps", tmp_path)
    assert write_text(texts, Facts("Cloud", "Q", "", ""), language="zh") == "invitation of Cloud {what}"
    path.write_text('[question]\nen = "x"', encoding="utf-8")
    with pytest.raises(WrongUsageError, match=r"nps\.toml: “\[reason\]” is missing"):
        load_texts("nps", tmp_path)
    path.write_text('[quest]\nen = "x"', encoding="utf-8")
    with pytest.raises(WrongUsageError, match=r"“\[quest\]” is not known"):
        load_texts("nps", tmp_path)
    path.write_text("[quest", encoding="utf-8")
    with pytest.raises(FileError, match=r"nps\.toml"):
        load_texts("nps", tmp_path)
