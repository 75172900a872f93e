"""The verdicts of the shipped rules, example by example; what is expected was reasoned from the sources, not computed."""

import csv
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.clock import to_text
from aftersales_cli.desk.returns.policy import judge
from aftersales_cli.desk.returns.policy_explaining import explain_judgement, judgement_data, would_change
from aftersales_cli.desk.returns.policy_files import load_policies
from aftersales_cli.desk.returns.policy_records import Judgement, PolicySet, RequestFacts
from aftersales_cli.language import use_language
from aftersales_cli.money import to_minor
from aftersales_cli.resources import data_dir

with (Path(__file__).parent / "policy_examples.csv").open(encoding="utf-8") as stream:
    EXAMPLES = list(csv.DictReader(stream))

ZONES = {
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "US": "America/New_York",
    "AU": "Australia/Sydney",
    "JP": "Asia/Tokyo",
}
CURRENCIES = {"CN": "CNY", "GB": "GBP", "US": "USD", "AU": "AUD", "JP": "JPY"}


class China2026:
    """The working days of 2026 by the State Council's notice, as far as the examples ask."""

    makeup = frozenset({date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)})
    closed = frozenset(
        [date(2026, 2, 15) + timedelta(days=n) for n in range(9)]
        + [date(2026, 10, 1) + timedelta(days=n) for n in range(7)]
    )

    def is_open_on(self, day: date) -> bool:
        """Make-up days win over holidays, those over the week."""
        return day in self.makeup or (day not in self.closed and day.weekday() < 5)


def _moment(text: str, zone: ZoneInfo) -> str | None:
    if not text:
        return None
    day, clock = text.replace("T", " ").split()
    later = timedelta(days=1) if clock == "24:00" else timedelta()
    local = datetime.fromisoformat(f"{day} {clock.replace('24:00', '00:00')}") + later
    return to_text(local.replace(tzinfo=zone).astimezone(UTC))


def _more(row: dict[str, str]) -> dict[str, str]:
    return dict(pair.split("=") for pair in row["more"].split())


def _facts(row: dict[str, str]) -> RequestFacts:
    more = _more(row)
    zone = ZoneInfo(more.get("zone") or ZONES[row["country"]])
    currency = more.get("currency") or CURRENCIES.get(row["country"], "EUR")
    requested = _moment(row["requested"], zone)
    assert requested is not None

    def money(text: str) -> int | None:
        return to_minor(Decimal(text), currency)[0] if text else None

    return RequestFacts(
        kind=row["kind"],
        reason=row["reason"],
        requested_at=requested,
        zone=zone,
        country=row["country"],
        platform=row["platform"],
        condition=row["condition"],
        category=row["category"],
        exempt_label=row["label"],
        exempt_confirmed=row["confirmed"] == "yes",
        delivered_at=_moment(row["delivered"], zone),
        paid_at=_moment(more.get("paid", ""), zone),
        last_parcel_at=_moment(more.get("last_parcel", ""), zone),
        finished_at=_moment(more.get("finished", ""), zone),
        amount=money(row["amount"]),
        price=money(more.get("price", "")),
        currency=currency,
        customer_tier=more.get("tier", ""),
        evidence=int(more.get("evidence", 0)),
        repairs_done=int(more.get("repairs", 0)),
        warranty_until=more.get("warranty_until"),
        holidays=China2026(),
    )


@pytest.fixture(scope="module")
def shipped() -> PolicySet:
    return load_policies(None)


def _judge(shipped: PolicySet, row: dict[str, str]) -> Judgement:
    more = _more(row)
    policies = replace(shipped, return_clause=tuple(filter(None, [more.get("clause", "")])))
    if name := more.get("on"):
        switched = shipped.find(name)
        assert switched is not None
        policies = replace(policies, rules=(switched, *policies.rules))
    return judge(policies, _facts(row))


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["id"])
def test_the_verdict_of_an_example_is_the_expected_one(shipped: PolicySet, row: dict[str, str]) -> None:
    found = _judge(shipped, row)
    assert (found.verdict, found.rules[0] if found.rules else "") == (row["verdict"], row["rule"]), row["why"]
    end = found.window.end if found.window is not None else None
    assert end == _moment(row["window_end"], found.facts.zone)
    also = dict(pair.partition("=")[::2] for pair in row["also"].split())
    assert found.second_needed == ("second" in also)
    assert "postage" not in also or found.postage_by == also["postage"]
    if "refund" in also:
        assert f"{found.refund_due_days}/{found.refund_clock_start}" == also["refund"]
    if "evidence" in also:
        assert found.evidence_needed - found.facts.evidence == int(also["evidence"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["id"])
def test_every_verdict_is_explained_in_both_languages(
    shipped: PolicySet, row: dict[str, str], language: str
) -> None:
    use_language(language)
    found = _judge(shipped, row)
    lines = explain_judgement(found)
    assert all(line.strip() and "{" not in line for line in lines)
    assert found.reasons
    text = "\n".join(lines)
    if found.decided is not None:
        rule = found.decided.rule
        assert (rule.zh if language == "zh" else rule.en) in text
        assert (rule.source_zh if language == "zh" else rule.source) in text
        assert str(rule.checked_on) in text
    if found.window is not None and found.window.last_day is not None:
        assert str(found.window.last_day) in text
    assert found.verdict == "needs_manual" or would_change(found)
    assert set(judgement_data(found)) >= {"verdict", "rules", "reasons", "window", "would_change", "sources"}


def test_there_are_enough_examples_and_none_stands_twice() -> None:
    names = [row["id"] for row in EXAMPLES]
    assert len(names) >= 150
    assert len(set(names)) == len(names)


def test_every_shipped_rule_decides_an_example(shipped: PolicySet) -> None:
    unused = {rule.id for rule in (*shipped.rules, *shipped.switched_off)} - {row["rule"] for row in EXAMPLES}
    assert unused == set()


def _tables(value: object) -> list[dict[str, object]]:
    if isinstance(value, dict):
        return [value, *(table for entry in value.values() for table in _tables(entry))]
    return [table for entry in value for table in _tables(entry)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    "path",
    [
        *sorted((data_dir("templates") / "policies").glob("*.toml")),
        data_dir("templates") / "taxonomies" / "product_categories.toml",
        data_dir("templates") / "taxonomies" / "exempt_labels.toml",
    ],
    ids=lambda path: path.name,
)
def test_every_text_of_the_data_files_stands_in_both_languages(path: Path) -> None:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    pairs = (("zh", "en"), ("note_zh", "note_en"), ("source_zh", "source"))
    for table in _tables(document):
        for chinese, english in pairs:
            if chinese in table or english in table:
                assert str(table.get(chinese, "")).strip(), table
                assert str(table.get(english, "")).strip(), table
                assert table[chinese] != table[english]
    for rule in document.get("rule", []):
        assert {"zh", "en", "source", "certainty", "checked_on"} <= set(rule), rule["id"]
