"""What the shipped rules make of customers' words, and how rules are put together."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from aftersales_cli.desk.rule_files import RuleEntry
from aftersales_cli.desk.triage_rules import FILE_NAME, TriageFacts, load_triage, suggest
from aftersales_cli.errors import FileError, WrongUsageError
from aftersales_cli.language import use_language

DAY = date(2026, 11, 22)
FACTS = TriageFacts(texts=(), kind="inquiry", reason="", last_on=DAY)


def facts(say: str, **values: object) -> TriageFacts:
    return replace(FACTS, texts=(say,), **values)  # type: ignore[arg-type] # a table of cases


@pytest.mark.parametrize(
    ("say", "kind", "reason"),
    [
        ("杯子碎了，要退货", "return", "damaged_transit"),
        ("I want to return it, it arrived broken", "return", "damaged_transit"),
        ("屏幕不亮了，能修吗", "repair", "defect"),
        ("尺码偏大，帮我换一件", "exchange", "size_fit"),
        ("Can I swap it? It is too small", "exchange", "size_fit"),
        ("发票还没给我开", "invoice", ""),
        ("还没发货，什么时候发货？", "order_problem", "late"),
        ("Where is my order? It is taking too long", "order_problem", "late"),
        ("少发了一个盖子，给我退款", "refund_only", "missing_item"),
        ("我要投诉你们，态度太差", "complaint", "service"),
        ("I will complain, you sent the wrong item", "complaint", "wrong_item"),
        ("用了以后过敏了", "complaint", "allergy_safety"),
        ("客服很满意，给个好评", "praise", ""),
        ("I am not very happy", "inquiry", ""),
        ("建议把盒子做厚一点", "suggestion", ""),
        ("收到就是碎的", "inquiry", "damaged_transit"),
        ("杯子裂了，盒子都压扁了", "inquiry", "damaged_transit"),
        ("精华液漏液了，洒了一盒子", "inquiry", "damaged_transit"),
        ("洗了一次就掉色", "inquiry", "defect"),
        ("穿两天就起球，能退吗", "return", "defect"),
        ("袖子开线了，想换一件", "exchange", "defect"),
        ("水壶收到就是坏的，不通电", "inquiry", "defect"),
        ("这个会掉色吗", "inquiry", ""),
        ("这个容易碎吗", "inquiry", ""),
        ("少发了一双袜子", "order_problem", "missing_item"),
        ("东西一直没到，物流也不更新", "order_problem", "late"),
        ("我没收到货", "order_problem", "late"),
        ("显示已签收，但是我没收到", "order_problem", "lost"),
        ("退款一直没收到", "refund_only", ""),
        ("客服态度差", "complaint", "service"),
        ("你们骗人，根本不是正品", "complaint", "counterfeit"),
        ("这是假的吧", "inquiry", "counterfeit"),
        ("再不处理我就举报", "complaint", ""),
        ("脸上全是红疹", "complaint", "allergy_safety"),
        ("买贵了，退差价", "refund_only", "price"),
        ("没货了你还卖", "inquiry", "out_of_stock"),
        ("麻烦换个地址", "order_problem", ""),
        ("回复太慢了", "inquiry", "service"),
        ("质量很好，很满意", "praise", ""),
        ("It arrived in pieces", "inquiry", "damaged_transit"),
        ("The blender won't turn on", "inquiry", "defect"),
        ("I only received one of two", "inquiry", "missing_item"),
        ("It says delivered but I never received it", "order_problem", "lost"),
        ("This is a scam, the bag is a replica", "complaint", "counterfeit"),
        ("I will reply later", "inquiry", ""),
        ("你们几点下班", "inquiry", ""),
        ("敏感肌用了会过敏吗", "inquiry", ""),
        ("退货运费谁出", "inquiry", ""),
        ("不用退货，补发就行", "inquiry", ""),
    ],
)
def test_the_shipped_rules_understand_what_customers_write(say: str, kind: str, reason: str) -> None:
    found = suggest(load_triage(None), facts(say))
    assert (found.kind, found.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("say", "values", "level"),
    [
        ("我要投诉", {}, ""),
        ("我要投诉", {"amount": 10000, "currency": "CNY"}, ""),
        ("我要投诉", {"amount": 10001, "currency": "CNY"}, "L2"),
        ("我要投诉", {"amount": 100000, "currency": "CNY"}, "L2"),
        ("我要投诉", {"amount": 100001, "currency": "CNY"}, "L3"),
        ("I complain", {"amount": 15100, "currency": "USD"}, "L3"),
        ("I complain", {"amount": 20001, "currency": "JPY"}, "L3"),
        ("I complain", {"amount": 99999999, "currency": "XXX"}, ""),
        ("不处理就给差评", {}, "L2"),
        ("我要投诉，发错货了", {}, "L2"),
        ("我要打12315", {}, "L3"),
        ("投诉，已申请平台介入", {}, "L3"),
        ("孩子被烫伤了", {}, "L4"),
        ("我要找律师", {}, "L4"),
        ("我认识记者", {}, "L4"),
        ("不处理就曝光你们", {}, "L4"),
        ("已经联系了媒体", {}, "L4"),
        ("你们数据泄露了", {}, "L4"),
        ("You leaked my data", {}, "L4"),
        ("我要投诉", {"contact_days": (DAY, DAY - timedelta(1), DAY - timedelta(6))}, "L2"),
        ("我要投诉", {"contact_days": (DAY, DAY - timedelta(1), DAY - timedelta(7))}, ""),
        (
            "我要投诉，质量太差",
            {"similar": (("defect", DAY - timedelta(6)), ("defect", DAY))},
            "L3",
        ),
        ("我要投诉，质量太差", {"similar": (("defect", DAY - timedelta(7)), ("defect", DAY))}, ""),
        ("我要投诉，质量太差", {"similar": (("late", DAY), ("defect", DAY))}, ""),
    ],
)
def test_levels_of_complaints_follow_the_criteria(say: str, values: dict[str, object], level: str) -> None:
    found = suggest(load_triage(None), facts(say, **values))
    assert found.kind == "complaint"
    assert found.severity == level


def test_of_several_levels_the_highest_wins_and_every_rule_is_listed_with_its_evidence() -> None:
    found = suggest(load_triage(None), facts("差评！发错货，我打12315", amount=20000, currency="CNY"))
    assert found.severity == "L3"
    told = {rule.name: rule.evidence for rule in found.fired}
    assert told["speaks of complaining"] == ("words: “差评”, “12315”",)
    assert told["authorities for consumers"] == ("words: “12315”",)
    assert told["more than a small amount"] == ("kind: complaint", "order of CN¥200.00, over CN¥100.00")
    assert told["our own mistake"] == ("kind: complaint", "reason: wrong item")


def test_names_and_evidence_are_in_the_language_in_use() -> None:
    use_language("zh")
    found = suggest(load_triage(None), facts("要退货"))
    assert found.fired[0].name == "要求退货"


def test_money_back_before_shipping_is_a_refund_without_return() -> None:
    rules = load_triage(None)
    assert suggest(rules, facts("申请退款", order_status="paid")).kind == "refund_only"
    before = suggest(rules, facts("不想要了", order_status="paid"))
    assert (before.kind, before.reason) == ("refund_only", "changed_mind")
    assert suggest(rules, facts("不想要了，退货", order_status="finished")).kind == "return"


@pytest.mark.parametrize(
    ("known", "say", "kind"),
    [
        ("return", "要换货", "return"),
        ("other", "要换货", "exchange"),
        ("return", "我要投诉", "complaint"),
        ("complaint", "要退货", "complaint"),
    ],
)
def test_a_kind_somebody_chose_stays_except_that_it_can_become_a_complaint(
    known: str, say: str, kind: str
) -> None:
    assert suggest(load_triage(None), facts(say, kind=known)).kind == kind


def test_a_known_reason_stays() -> None:
    assert suggest(load_triage(None), facts("碎了", reason="defect")).reason == "defect"


def test_a_case_that_is_no_complaint_gets_a_severity_of_its_own_scale() -> None:
    found = suggest(load_triage(None), facts("急用，什么时候发货"))
    assert (found.kind, found.severity) == ("order_problem", "high")


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("It is LATE", True),
        ("late.", True),
        ("a plate", False),
        ("later", False),
        ("Ｌａｔｅ", True),
        ("doesn’t work", False),
    ],
)
def test_latin_words_match_whole_words_in_any_case_and_width(text: str, fires: bool) -> None:
    rule = RuleEntry(Path("x"), 1, {"en": "late", "words": ["late"], "reason": "late"})
    assert (suggest([rule], facts(text)).reason == "late") is fires


def test_all_conditions_of_a_rule_must_hold() -> None:
    values = {"en": "x", "words": ["退"], "platforms": ["jd"], "order_statuses": ["paid"], "kind": "return"}
    rule = RuleEntry(Path("x"), 1, values)
    assert suggest([rule], facts("退", platform="jd", order_status="paid")).kind == "return"
    assert suggest([rule], facts("退", platform="taobao", order_status="paid")).kind == "inquiry"
    assert suggest([rule], facts("退", platform="jd", order_status="shipped")).kind == "inquiry"


def write(folder: Path, text: str) -> Path:
    target = folder / "templates" / "settings"
    target.mkdir(parents=True)
    (target / FILE_NAME).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[rule]]\nzh = "甲"\nen = "a"\nword = ["x"]\nkind = "return"', "“word” is not known here"),
        ('[[rule]]\nen = "a"\nwords = "x"\nkind = "return"', "“words” has the wrong form"),
        ('[[rule]]\nen = "a"\nwords = ["x"]\nkind = "retrun"', "knows no “retrun”"),
        ('[[rule]]\nen = "a"\nwords = ["x"]\nlevel = "L5"', "knows no “L5”"),
        ('[[rule]]\nen = "a"\ncontacts = 0\nlevel = "L2"', "“contacts” has the wrong form"),
        ('[[rule]]\nen = "a"\nkind = "return"', "“words” is missing"),
        ('[[rule]]\nwords = ["x"]', "“en” is missing"),
        ('[[rule]]\nen = "a"\namount_over = { CNY = "x" }', "“amount_over” has the wrong form"),
        ("[rule]\nx = 1", "is not a list of rules"),
    ],
)
def test_a_broken_rule_is_told_with_file_rule_and_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WrongUsageError) as caught:
        load_triage(write(tmp_path, text))
    assert said in caught.value.message
    assert FILE_NAME in caught.value.message
    assert caught.value.remedy


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=FILE_NAME):
        load_triage(write(tmp_path, "[[rule"))


def test_the_shops_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    folder = write(tmp_path, '[[rule]]\nen = "a"\nwords = ["abc"]\nkind = "praise"')
    assert [rule.name for rule in load_triage(folder)] == ["a"]
