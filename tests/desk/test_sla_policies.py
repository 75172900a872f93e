"""The file of promises: first match wins for each metric, and what is wrong in it is named."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from aftersales_cli.desk.sla_board import list_policies
from aftersales_cli.desk.sla_policies import METRICS, PolicyBook, read_policies
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.resources import data_dir
from aftersales_cli.shop import Shop
from tests.desk.sla_helpers import write_settings

FACTS = {
    "kind": "inquiry", "severity": "normal", "complexity": "normal", "channel": "platform_chat", "platform": "taobao",
    "storefront": "taobao", "country": "CN",
}  # fmt: skip


@pytest.fixture
def book() -> PolicyBook:
    document: dict[str, Any] = tomllib.loads(
        (data_dir("templates") / "settings" / "sla.toml").read_text("utf-8")
    )
    return read_policies(document, Path("sla.toml"), {"business": None})


def target(book: PolicyBook, metric: str, **facts: str) -> str | None:
    promise = book.find(metric, {**FACTS, **facts})
    return promise.target if promise else None


@pytest.mark.parametrize(
    ("severity", "first_reply", "resolution"),
    [("L1", "24h", "3wd"), ("L2", "8h", "2wd"), ("L3", "2h", "1wd"), ("L4", "30min", None)],
)
def test_complaints_have_the_times_of_their_level(
    book: PolicyBook, severity: str, first_reply: str, resolution: str | None
) -> None:
    facts = {"kind": "complaint", "severity": severity}
    assert target(book, "first_reply", **facts) == first_reply
    assert target(book, "resolution", **facts) == resolution


@pytest.mark.parametrize(
    ("complexity", "first_reply"), [("simple", "30s"), ("normal", "3min"), ("complex", "30min")]
)
def test_questions_have_the_times_of_their_complexity(
    book: PolicyBook, complexity: str, first_reply: str
) -> None:
    assert target(book, "first_reply", complexity=complexity) == first_reply


def test_the_first_policy_that_names_the_metric_wins(book: PolicyBook) -> None:
    assert target(book, "first_reply", channel="email", complexity="simple") == "8h"
    assert target(book, "resolution", channel="email", complexity="simple") == "2h"
    assert target(book, "resolution", severity="urgent", complexity="complex") == "1wd"
    assert target(book, "platform") is None
    assert target(book, "platform", platform="amazon", kind="return") == "48h"


def test_every_metric_of_the_file_has_a_name(book: PolicyBook) -> None:
    assert {metric for policy in book.policies for metric in policy.promises} == set(METRICS)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (
            ('target = "30min", calendar = "wall", warn = 50', 'target = "soon", calendar = "wall"'),
            "complaint-critical.first_reply.target",
        ),
        (
            ('target = "1h", calendar = "wall"', 'target = "1wd", calendar = "wall"'),
            "complaint-critical.next_reply.target",
        ),
        (('calendar = "business"', 'calendar = "nights"'), "complaint-critical.resolution.calendar"),
        (("warn = 75", "warn = 0"), "complaint-critical.next_reply.warn"),
        (("warn = 75", "warning = 75"), "defaults.warning"),
        (('severity = "L4"', 'severity = "L9"'), "complaint-critical.match.severity"),
        (('severity = "L4"', "severity = 4"), "complaint-critical.match.severity"),
        (('complexity = "simple"', 'complexity = "easy"'), "simple.match.complexity"),
        (('name = "urgent"', 'name = "praise"'), "praise"),
        (('name = "urgent"\n', ""), "policy 5.name"),
        (('at_most = "24h"', 'at_most = "1wd"'), "complaint-major.first_reply.at_most"),
        (("[[policy]]", "[[policies]]"), "policies"),
        (('escalate_to = "owner"', "escalate_to = 1"), "complaint-critical.first_reply.escalate_to"),
        (('target = "30s"', 'target = "999999d"'), "simple.first_reply.target"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(shop: Shop, change: tuple[str, str], key: str) -> None:
    write_settings(shop.folder, "sla.toml", change)
    with pytest.raises(WrongUsageError, match=r"sla\.toml") as caught:
        list_policies(shop)
    assert f"“{key}”" in caught.value.message
    assert caught.value.remedy


def test_the_table_says_where_the_file_is(shop: Shop) -> None:
    shipped = list_policies(shop)
    assert not shipped.is_own
    write_settings(shop.folder, "sla.toml", ("warn = 75", "warn = 80"))
    own = list_policies(shop)
    assert (own.is_own, own.file) == (True, str(shop.folder / "templates" / "settings" / "sla.toml"))
    assert own.policies[4].warn_percent == 80
