"""The texts for answers: complete in both languages, filled from the case."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from aftersales_cli.desk.answering import hear_customer
from aftersales_cli.desk.filling import fill_in
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.reply_texts import (
    FILE_NAME,
    ReplyTemplate,
    check_templates,
    load_templates,
    write_reply,
)
from aftersales_cli.errors import FileError, NotFoundError, WrongUsageError
from aftersales_cli.language import use_language
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import load_taxonomy
from aftersales_cli.team.storefronts import add_storefront

AddOrder = Callable[..., int]

SHIPPED = load_templates(None)
KNOWN = {
    "customer": "张三", "shop": "Cotton Candy", "agent": "小兰", "case": "17", "order": "1001", "product": "Cup",
    "amount": "CN¥10.00", "until": "2026-11-25", "address": "x", "tracking": "SF1", "solution": "x", "why": "x",
}  # fmt: skip


def write(folder: Path, text: str) -> Path:
    target = folder / "templates" / "scripts"
    target.mkdir(parents=True, exist_ok=True)
    (target / FILE_NAME).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("template", SHIPPED, ids=lambda entry: f"{entry.name}.{entry.kind}")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("known", [True, False])
def test_every_shipped_text_can_be_filled_in_both_languages(
    template: ReplyTemplate, language: str, known: bool
) -> None:
    needed = {"address", "tracking", "solution", "why", "amount", "agent", "case"}
    values = {name: value if known or name in needed else "" for name, value in KNOWN.items()}
    text = fill_in(template.texts[language], values, place="x")
    assert 15 <= len(text) <= 600
    assert "{" not in text
    assert "  " not in text
    assert bool(re.search(r"[一-鿿]", text.replace("张三", "").replace("小兰", ""))) is (language == "zh")
    assert not re.search(r"[（(]\s*[)）]|\s[.,!?]", text)


def test_there_are_texts_for_the_usual_situations_with_titles_and_kinds_that_exist() -> None:
    names = list(dict.fromkeys(entry.name for entry in SHIPPED))
    assert len(names) >= 12
    assert {
        "acknowledgement",
        "ask_evidence",
        "return_instructions",
        "refund_done",
        "delay",
        "apology",
    } < set(names)
    for entry in SHIPPED:
        assert entry.title != entry.name
        assert set(entry.texts) == {"zh", "en"}
        assert entry.kind == "default" or entry.kind in load_taxonomy("kinds").terms
    assert {entry.name for entry in SHIPPED if entry.kind == "default"} == set(names)


def test_a_text_is_chosen_by_kind_and_filled_from_the_case(shop: Shop, add_order: AddOrder) -> None:
    add_order("1001", customer="张三", products=("Cup",))
    plain = open_case(shop, order="1001", kind="return", say="碎了").number
    assert write_reply(shop, plain, "ask_evidence") == (
        "张三，为了尽快帮您处理，麻烦您拍几张照片发给我们：Cup的整体、有问题的地方，还有外包装和快递面单。"
        "有视频更好，谢谢配合！"
    )
    complaint = open_case(shop, kind="complaint", say="Terrible").number
    assert write_reply(shop, complaint, "acknowledgement") == (
        "Hello there, we are sorry for the trouble you have had. Your complaint is recorded under number "
        f"{complaint}; shop owner is looking after it and will answer you within 24 hours."
    )


def test_the_language_is_the_customers_unless_it_is_said(shop: Shop) -> None:
    add_storefront(shop, "us", platform="amazon")
    number = open_case(shop, storefront="us").number
    assert write_reply(shop, number, "thanks").startswith("Hello")
    assert write_reply(shop, number, "thanks", language="zh").startswith("亲")
    hear_customer(shop, number, "你好")
    assert write_reply(shop, number, "thanks").startswith("亲")
    assert write_reply(shop, open_case(shop).number, "thanks").startswith("Hello")


def test_what_a_text_needs_is_asked_for_and_taken(shop: Shop) -> None:
    number = open_case(shop, say="hi").number
    with pytest.raises(WrongUsageError) as caught:
        write_reply(shop, number, "refund_done")
    assert "--fill amount=…" in caught.value.remedy
    assert "agent, case, customer, order, product, shop, until" in caught.value.remedy
    assert "USD 5" in write_reply(shop, number, "refund_done", fill={"amount": "USD 5"})


def test_an_unknown_situation_lists_those_there_are(shop: Shop) -> None:
    with pytest.raises(NotFoundError) as caught:
        write_reply(shop, open_case(shop).number, "hello")
    assert "acknowledgement, ask_evidence" in caught.value.remedy


def test_the_shops_texts_are_added_to_or_replace_the_shipped_ones(shop: Shop) -> None:
    write(
        shop.folder,
        '[thanks.default]\nen = "Cheers {{ customer or \'friend\' }}"\n\n[birthday.default]\nzh = "生日快乐"\n',
    )
    number = open_case(shop, say="hi").number
    assert write_reply(shop, number, "thanks") == "Cheers friend"
    assert write_reply(shop, number, "birthday") == "生日快乐"
    assert write_reply(shop, number, "closing").startswith("Hello")


@pytest.mark.parametrize(
    "text",
    ["[thanks", 'thanks = "x"', "[thanks]\ndefault = 3", '[thanks.default]\nde = "x"', "[thanks.default]\n"],
)
def test_a_broken_file_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileError, match=FILE_NAME):
        load_templates(write(tmp_path, text))


def test_titles_are_in_the_language_in_use() -> None:
    use_language("zh")
    assert load_templates(None)[0].title == "收到，正在处理"


def test_a_value_no_text_of_the_situation_uses_is_refused_with_those_it_uses(shop: Shop) -> None:
    number = open_case(shop, kind="return").number
    with pytest.raises(WrongUsageError, match="no value “amuont”") as caught:
        write_reply(shop, number, "refund_done", fill={"amuont": "USD 5"})
    assert "amount" in caught.value.remedy.split(": ")[1].split(", ")
    assert "title" not in caught.value.remedy


def test_what_cannot_be_filled_in_is_found_before_it_is_needed(shop: Shop) -> None:
    path = shop.folder / "templates" / "scripts" / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '[thanks.default]\nzh = "谢谢 {{ customer"\nen = "Thanks {{ customer }}"\n', encoding="utf-8"
    )
    with pytest.raises(WrongUsageError, match=r"replies\.toml \[thanks\.default\] zh cannot be filled in"):
        check_templates(shop.folder)
    path.write_text('[thanks.default]\nen = "{% for x in y %}!{% endfor %}"\n', encoding="utf-8")
    with pytest.raises(WrongUsageError, match="“for” is not allowed"):
        check_templates(shop.folder)
    path.write_text('[thanks.default]\nen = "Thanks {{ anything }}"\n', encoding="utf-8")
    check_templates(shop.folder)
