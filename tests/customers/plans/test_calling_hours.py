"""When customers may be called: hours of countries, zones, holidays, limits."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aftersales_cli.customers.plans.calling_hours import load_hours, load_zones, place_of, rule_for
from aftersales_cli.customers.plans.calling_times import CallingTimes
from aftersales_cli.customers.plans.windows import PARTS, part_of_day
from aftersales_cli.customers.privacy.consenting import record_consent
from aftersales_cli.errors import WrongUsageError
from aftersales_cli.shop import Shop

Add = Callable[..., int]
SATURDAY, SUNDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)


def _when(shop: Shop, country: str, on: date, *, zone: str = "", customer: int | None = None) -> str:
    times = CallingTimes(shop)
    return times.write(times.window(country, zone, customer, on))


@pytest.mark.parametrize(
    ("country", "zone", "on", "window"),
    [
        ("CN", "", SUNDAY, "09:00–21:00"),
        ("", "", SUNDAY, "09:00–21:00"),
        ("XX", "", SUNDAY, "09:00–21:00"),
        ("FR", "", MONDAY, "10:00–13:00, 14:00–17:00 (their time) = 17:00–20:00, 21:00–24:00 here"),
        ("FR", "", SUNDAY, "no calls on this day (France)"),
        # Friday evening in France is Saturday morning in Shanghai.
        ("FR", "", SATURDAY, "17:00–20:00 (their time) = 00:00–03:00 here"),
        # The evening before a public holiday.
        ("FR", "", date(2026, 11, 11), "17:00–20:00 (their time) = 00:00–03:00 here"),
        ("FR", "", date(2026, 7, 1), "18:00–20:00, 10:00–13:00, 14:00–18:00 (their time) = 00:00–02:00, 16:00–19:00, 20:00–24:00 here"),
        ("US", "America/New_York", MONDAY, "11:00–21:00, 08:00–11:00 (their time) = 00:00–10:00, 21:00–24:00 here"),
        ("US", "", MONDAY, "02:00–10:00 here (fits every time zone of US)"),
        ("JP", "", MONDAY, "09:00–21:00 (their time) = 08:00–20:00 here"),
        ("SG", "", MONDAY, "09:00–21:00"),
        ("FR", "Asia/Shanghai", MONDAY, "10:00–13:00, 14:00–20:00"),
    ],
)  # fmt: skip
def test_a_window_is_told_in_their_time_and_in_ours(
    shop: Shop, country: str, zone: str, on: date, window: str
) -> None:
    assert _when(shop, country, on, zone=zone) == window


def test_a_yes_to_marketing_lifts_the_hours_of_france(shop: Shop, add_customer: Add) -> None:
    customer = add_customer("Louise")
    assert _when(shop, "FR", SUNDAY, customer=customer) == "no calls on this day (France)"
    record_consent(
        shop, customer, purpose="marketing", given=True, channel="email", proof="mail of 2 November"
    )
    assert _when(shop, "FR", SUNDAY, customer=customer) == (
        "17:00–21:00, 09:00–17:00 (their time) = 00:00–04:00, 16:00–24:00 here"
    )


def test_a_part_of_the_day_tried_in_vain_is_left_out_while_another_remains(shop: Shop) -> None:
    times = CallingTimes(shop)
    assert times.write(times.window("CN", "", None, MONDAY, tried={0})) == "12:00–21:00"
    assert times.write(times.window("CN", "", None, MONDAY, tried={0, 2})) == "12:00–17:00"
    assert times.write(times.window("CN", "", None, MONDAY, tried={0, 1, 2})) == "09:00–21:00"


@pytest.mark.parametrize(
    ("clock", "part"), [("03:59", 0), ("04:00", 1), ("08:59", 1), ("09:00", 2), ("15:59", 2)]
)
def test_the_part_of_a_day_is_that_of_their_clock(clock: str, part: int) -> None:
    moment = datetime.fromisoformat(f"2026-11-22T{clock}:00").replace(tzinfo=UTC)
    assert part_of_day(moment, ZoneInfo("Asia/Shanghai")) == part
    assert part < len(PARTS)


def test_shipped_rules_name_their_source_and_how_certain_they_are(shop: Shop) -> None:
    rules = load_hours(shop.folder)
    france = rule_for(rules, "FR")
    assert (france.most, france.in_days, france.pause_days, france.holidays) == (4, 30, 60, False)
    assert france.weekdays == frozenset(range(5))
    assert all(rule.source and rule.certainty for rule in rules)
    assert rule_for(rules, "KE").countries == ()


def test_every_zone_of_the_shipped_table_exists(shop: Shop) -> None:
    zones = load_zones(shop.folder)
    assert zones["FR"] == ("Europe/Paris",)
    assert len(zones["US"]) == 7
    assert zones["CN"] == ("Asia/Shanghai",)
    assert len(zones) > 200


def test_an_own_zone_wins_and_nonsense_is_as_good_as_none(shop: Shop) -> None:
    zones, here = load_zones(shop.folder), ZoneInfo("Asia/Shanghai")
    own = place_of("US", "America/Denver", zones=zones, home="CN", home_zone=here)
    assert [str(zone) for zone in own.zones] == ["America/Denver"]
    odd = place_of("fr", "Mars/Base", zones=zones, home="CN", home_zone=here)
    assert (odd.country, [str(zone) for zone in odd.zones]) == ("FR", ["Europe/Paris"])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("calling_hours.toml", '[[rule]]\nen = "all"\nhours = ["9 to 5"]\n', "“hours”"),
        ("calling_hours.toml", '[[rule]]\nen = "all"\n', "“hours”"),
        ("calling_hours.toml", '[[rule]]\nen = "x"\nhours = ["09:00-21:00"]\nweekdays = ["mon"]\n', "“weekdays”"),
        ("calling_hours.toml", '[[rule]]\nen = "x"\nhours = ["09:00-21:00"]\ncountries = ["FR"]\n', "countries"),
        ("country_zones.toml", 'FR = ["Europe/Lutetia"]\n', "Europe/Lutetia"),
        ("country_zones.toml", 'FR = "Europe/Paris"\n', "no time zone"),
    ],
)  # fmt: skip
def test_a_slip_in_the_files_is_named(shop: Shop, name: str, text: str, said: str) -> None:
    path: Path = shop.folder / "templates" / "settings" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsageError, match=name) as caught:
        CallingTimes(shop)
    assert said in caught.value.message
