"""Policy files: what is wrong is named by file, rule and key; a changed text is a new version."""

import json
from datetime import date
from pathlib import Path

import pytest

from aftersales_cli.database.policies import list_policy_versions
from aftersales_cli.desk.returns.policy_checking import CheckFinding, check_policy
from aftersales_cli.desk.returns.policy_files import (
    current_policy,
    load_files,
    load_policies,
    policy_document,
    read_document,
    stored_policy,
)
from aftersales_cli.desk.returns.policy_page import make_page, page_text
from aftersales_cli.errors import FileError, NotFoundError, WrongUsageError
from aftersales_cli.language import use_language
from aftersales_cli.reports.policy_html import policy_html
from aftersales_cli.resources import data_dir
from aftersales_cli.shop import Shop

TODAY = date(2026, 11, 22)
RULE = """
[[rule]]
id = "mine"
zh = "本店规则"
en = "my rule"
kinds = ["return"]
reasons = ["no_reason"]
window = { days = 30, from = "delivered" }
verdict = "approve"
postage = "seller"
source = "our own choice"
certainty = "D"
checked_on = 2026-11-22
"""
SHIPPED = data_dir("templates") / "policies"


def _write(folder: Path, text: str, name: str = "shop.toml") -> Path:
    path = folder / "templates" / "policies" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _own(folder: Path, rules: str = RULE, head: str = "") -> Path:
    return _write(folder, f'layer = "shop"\nzh = "本店"\nen = "us"\n{head}\n{rules}')


def test_the_shipped_files_have_nothing_to_put_right() -> None:
    assert {entry.type for entry in check_policy(None, today=TODAY)} == {"gap"}


def test_the_shop_file_takes_the_place_of_the_shipped_one_and_is_asked_first(shop_folder: Path) -> None:
    _own(shop_folder, head="auto_limit = { CNY = 12.34, JPY = 500 }")
    policies = load_policies(shop_folder)
    assert policies.rules[0].id == "mine"
    assert policies.auto_limit == {"CNY": 1234, "JPY": 500}
    assert policies.find("shop-refund-only") is None
    assert policies.find("cn-7d") is not None


@pytest.mark.parametrize(
    ("old", "new", "key", "remedy"),
    [
        ('kinds = ["return"]', 'kinds = ["retrun"]', "kinds", "return"),
        ('reasons = ["no_reason"]', 'reasons = ["no_reasons"]', "reasons", "no_reason"),
        ("days = 30", "days = 0", "window.days", "whole number"),
        ("days = 30", 'days = "30"', "window.days", "whole number"),
        ("days = 30,", "", "window", "days or months"),
        ("days = 30", "days = 30, months = 1", "window", "days or months"),
        ('from = "delivered"', 'from = "dispatch"', "window.from", "last_parcel"),
        ('from = "delivered"', 'from = "delivered", cout = "168h"', "window.cout", "Did you mean “count”"),
        ("window = {", "windows = {", "windows", "Did you mean “window”"),
        ('verdict = "approve"', 'verdict = "yes"', "verdict", "approve, manual"),
        ('verdict = "approve"', "", "verdict", "approve, manual"),
        ('postage = "seller"', 'postage = "us"', "postage", "buyer"),
        ('postage = "seller"', "refund_days = 3", "refund_from", "received"),
        ('certainty = "D"', 'certainty = "E"', "certainty", "A, B, C, D"),
        ("checked_on = 2026-11-22", "", "checked_on", "2026-11-22"),
        ("checked_on = 2026-11-22", 'checked_on = "soon"', "checked_on", "2026-11-22"),
        ('source = "our own choice"', "", "source", "where the rule stands"),
        ('en = "my rule"', "", "en", "English name"),
        ('zh = "本店规则"', "zh = 7", "zh", "quotation marks"),
        ('postage = "seller"', "auto_limit = { XYZ = 3 }", "auto_limit", "{ CNY = 1000, USD = 150 }"),
        ('postage = "seller"', "auto_limit = 200", "auto_limit", "{ CNY = 1000, USD = 150 }"),
        ('postage = "seller"', "evidence = -1", "evidence", "whole number"),
        ('postage = "seller"', 'countries = ["China"]', "countries", "two capital letters"),
        ('postage = "seller"', 'categories = ["fones"]', "categories", "Choose one of"),
        ('postage = "seller"', 'note_zh = "好"', "note_en", "both languages"),
        ('postage = "seller"', "on = 1", "on", "true or false"),
        ('postage = "seller"', "[[rule.except]]\nzh = '甲'\nen = 'a'", "except.categories", "labels"),
        ('postage = "seller"', "tiers = 7", "tiers", '["one", "two"]'),
        ('id = "mine"', 'id = "cn-7d"', "id", "its own id"),
        ('id = "mine"', 'id = "my rule"', "id", "hyphens"),
    ],
)
def test_a_wrong_entry_is_named_by_file_rule_and_key_with_what_to_write(
    shop_folder: Path, old: str, new: str, key: str, remedy: str
) -> None:
    assert old in RULE
    rules = RULE.replace(old, new)
    if "[[rule.except]]" in new:
        rules = RULE + new.replace("'", '"')
    path = _own(shop_folder, rules)
    with pytest.raises(WrongUsageError) as caught:
        load_policies(shop_folder)
    assert str(path) in caught.value.message or "cn.toml" in caught.value.message
    assert f"“{key}”" in caught.value.message
    assert "rule “" in caught.value.message
    assert remedy in caught.value.remedy


def test_the_head_of_a_file_is_checked_too(shop_folder: Path) -> None:
    path = _write(shop_folder, 'layer = "platform"\n' + RULE, "kuaishou.toml")
    with pytest.raises(WrongUsageError, match="platforms") as caught:
        load_policies(shop_folder)
    assert "platforms = " in caught.value.remedy
    path.write_text("layer = \n", encoding="utf-8")
    with pytest.raises(FileError, match="kuaishou"):
        load_policies(shop_folder)


def test_all_problems_of_a_file_are_listed_by_the_check(shop_folder: Path) -> None:
    _own(shop_folder, RULE.replace('verdict = "approve"', 'verdict = "yes"').replace("days = 30", "days = 0"))
    found = check_policy(shop_folder, today=TODAY)
    assert [entry.type for entry in found] == ["problem", "problem", "problem"]
    assert all(entry.remedy for entry in found)


def test_a_new_category_of_the_shop_can_be_used(shop_folder: Path) -> None:
    folder = shop_folder / "templates" / "taxonomies"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "product_categories.toml").write_text('[tea]\nzh = "茶"\nen = "tea"\n', encoding="utf-8")
    _own(shop_folder, RULE + 'categories = ["tea"]\n')
    assert load_policies(shop_folder).rules[0].categories == ("tea",)


def test_a_changed_text_is_a_new_version_and_the_old_one_stays_readable(shop: Shop) -> None:
    first, policies = current_policy(shop)
    assert current_policy(shop)[0] == first
    assert policies.find("mine") is None
    _own(shop.folder)
    second, changed = current_policy(shop)
    assert second != first
    assert changed.rules[0].id == "mine"
    assert stored_policy(shop, first) == policies
    (shop.folder / "templates" / "policies" / "shop.toml").unlink()
    assert current_policy(shop)[0] == first
    assert [entry.id for entry in list_policy_versions(shop.database)] == [first, second]
    with pytest.raises(NotFoundError):
        stored_policy(shop, 99)


def test_a_version_is_kept_once_with_what_the_files_say_and_within_the_case_s_own_writing(shop: Shop) -> None:
    with shop.writing("cases.note"):
        version, policies = current_policy(shop)
    assert read_document(policy_document(shop.folder)) == load_policies(shop.folder) == policies
    assert version == 1


def test_a_broken_file_judges_nobody(shop: Shop) -> None:
    current_policy(shop)
    _own(shop.folder, RULE.replace('verdict = "approve"', 'verdict = "yes"'))
    with pytest.raises(WrongUsageError):
        current_policy(shop)


def test_a_stored_version_is_read_though_the_shop_has_dropped_a_category(shop: Shop) -> None:
    document = json.loads(policy_document(shop.folder))
    document["shop.toml"]["rule"][0]["categories"] = ["dropped"]
    assert read_document(json.dumps(document)).rules[0].categories == ("dropped",)


def _types(found: list[CheckFinding]) -> list[tuple[str, tuple[str, ...]]]:
    return [(entry.type, entry.rules) for entry in found if entry.type != "gap"]


def _second(**changes: str) -> str:
    text = RULE.replace('"mine"', '"second"')
    for old, new in changes.items():
        text = text.replace({"days": "days = 30", "postage": '"seller"', "verdict": '"approve"'}[old], new)
    return text


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (RULE + _second(), [("unreachable", ("mine", "second"))]),
        (RULE + _second(days="days = 10"), [("unreachable", ("mine", "second"))]),
        # A longer one after a shorter one is a second stage.
        (RULE + _second(days="days = 60"), []),
        # The special case first is the usual order; last, it never decides.
        (RULE + 'categories = ["apparel"]\n' + _second(postage='"buyer"'), []),
        (RULE + _second() + 'categories = ["apparel"]\n', [("unreachable", ("mine", "second"))]),
        # Each is for something the other is not, and they say different things.
        (
            RULE + 'categories = ["apparel"]\n' + _second(postage='"buyer"') + 'tiers = ["high_value"]\n',
            [("overlap", ("mine", "second"))],
        ),
        (RULE + 'categories = ["apparel"]\n' + _second() + 'tiers = ["high_value"]\n', []),
        (
            RULE + 'conditions = ["unopened"]\n' + _second(postage='"buyer"'),
            [("overlap", ("mine", "second"))],
        ),
        (RULE + 'countries = ["CN"]\n' + _second(postage='"buyer"') + 'countries = ["JP"]\n', []),
        (
            RULE
            + "price_below = { CNY = 50 }\n"
            + _second(postage='"buyer"')
            + "price_from = { CNY = 50 }\n",
            [],
        ),
        (RULE + _second() + "on = false\n", []),
    ],
)
def test_overlaps_and_rules_that_never_decide_are_named(
    shop_folder: Path, rules: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    _own(shop_folder, rules)
    assert _types(check_policy(shop_folder, today=TODAY)) == expected


def test_a_strict_rule_that_does_not_count_is_named(shop_folder: Path) -> None:
    _own(shop_folder, RULE.replace('"approve"', '"reject"'))
    found = _types(check_policy(shop_folder, today=TODAY))
    assert ("overruled", ("mine", "cn-7d")) in found


def test_a_kind_without_a_rule_is_a_gap_and_a_rule_closes_it(shop_folder: Path) -> None:
    def gaps() -> list[str]:
        return [entry.text for entry in check_policy(shop_folder, today=TODAY) if entry.type == "gap"]

    assert any(text.startswith("CN: no rule for exchange") for text in gaps())
    _own(shop_folder, RULE.replace('kinds = ["return"]', 'kinds = ["exchange"]'))
    assert not any("exchange, no reason" in text for text in gaps())


def test_a_source_read_long_ago_is_named() -> None:
    found = check_policy(None, today=date(2028, 1, 1))
    assert ("old", ("cn-7d",)) in _types(found)


def test_the_table_of_products_is_checked_too(tmp_path: Path) -> None:
    path = tmp_path / "categories.toml"
    path.write_text('[[product]]\nskus = ["PH-"]\ncategory = "phones"\nlable = "x"\n', "utf-8")
    found = check_policy(None, today=TODAY, changed=path)
    assert [(entry.type, entry.file) for entry in found] == [("problem", "categories.toml")] * 2
    with pytest.raises(WrongUsageError, match="lable"):
        load_policies(None, changed=path)
    path.write_text('[[product]]\nskus = ["PH-"]\ncategory = "phone"\nconfirmed = true\n', "utf-8")
    assert load_policies(None, changed=path).products[0].confirmed


def test_a_changed_file_is_checked_as_if_it_stood_in_the_shop(tmp_path: Path) -> None:
    path = tmp_path / "cn.toml"
    path.write_text((SHIPPED / "cn.toml").read_text("utf-8").replace("days = 7", "days = 0"), "utf-8")
    assert {entry.type for entry in check_policy(None, today=TODAY, changed=path)} == {"problem"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_customers_page_says_every_rule_that_is_on_in_their_language(language: str) -> None:
    use_language(language)
    files, _problems = load_files(None)
    page = make_page(files, shop_name="棉花糖 <Cotton>", on=TODAY, country="CN", platform="douyin")
    text = "\n".join(page_text(page))
    on_page = {entry.id for section in page.sections for entry in section.rules}
    for rule in (rule for file in files for rule in file.rules):
        mine = "CN" in (rule.countries or ("CN",)) and "douyin" in (rule.platforms or ("douyin",))
        assert (rule.id in on_page) == (rule.on and mine), rule.id
        if rule.id in on_page:
            assert f"* {rule.zh if language == 'zh' else rule.en}\n" in text
            assert (rule.source_zh if language == "zh" else rule.source) in text
    assert "{" not in text
    html = policy_html(page)
    assert "棉花糖 &lt;Cotton&gt;" in html
    assert "<script" not in html
    assert html.count("<h3>") == text.count("\n* ")
    exempt = "鲜活易腐商品" if language == "zh" else "fresh or perishable goods"
    assert text.count(exempt) == html.count(exempt) == 1


def test_a_country_with_a_right_of_its_own_stands_on_the_page_without_promising_it() -> None:
    files, _problems = load_files(None)
    text = "\n".join(page_text(make_page(files, shop_name="Us", on=TODAY, country="US")))
    assert "Returns without a reason follow our own policy." in text
    section = text.split("* no federal right")[1].split("*")[0]
    assert "You can ask for" not in section
