"""Waves: the same people for the same seed and data, and what a wave covers."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from aftersales_cli.customers.surveys.waves import make_wave
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from tests.customers.surveys.conftest import change, opt_out

Add = Callable[..., int]
TODAY = date(2026, 11, 22)


@pytest.fixture
def champions(shop: Shop, add_case: Add, add_customer: Add) -> list[int]:
    """Twenty champions and five others, all with an order of long ago."""
    ids = []
    for number in range(25):
        customer = add_customer(f"C{number}")
        add_case("2026-01-05", customer_id=customer)
        segment = "champions" if number < 20 else "lost"
        change(
            shop,
            "INSERT INTO customer_values (month, customer_id, as_of, recency_days, orders, r, f, m, segment) "
            "VALUES ('2026-11', :id, '2026-11-21', 3, 4, 5, 5, 5, :segment)",
            id=customer, segment=segment,
        )  # fmt: skip
        ids.append(customer)
    return ids[:20]


def drawn(shop: Shop, wave: str) -> list[int]:
    sql = "SELECT i.customer_id FROM survey_invites i JOIN survey_waves w ON w.id = i.wave_id WHERE w.code = :wave"
    return [number for (number,) in fetch_rows(shop.database, sql + " ORDER BY 1", {"wave": wave})]


def wave(shop: Shop, code: str, **values: object) -> object:
    given = {"kind": "nps", "segment": "champions", "size": 8, "seed": 7, "on": TODAY, **values}
    return make_wave(shop, code, **given)  # type: ignore[arg-type]


def test_a_wave_draws_from_the_segment_and_tells_what_it_covers(shop: Shop, champions: list[int]) -> None:
    opt_out(shop, champions[0])
    made = make_wave(shop, "2026Q4", kind="nps", segment="champions", size=8, seed=7, on=TODAY)
    assert (made.in_segment, made.wave.eligible, made.invited, made.made) == (20, 19, 8, True)
    assert made.refused == {"opted_out": 1}
    assert set(drawn(shop, "2026Q4")) < set(champions[1:])
    assert (made.wave.starts_on, made.wave.ends_on, made.wave.seed) == ("2026-11-22", "2026-12-06", 7)


def test_the_same_wave_again_changes_nothing_and_another_of_its_name_is_refused(
    shop: Shop, champions: list[int]
) -> None:
    wave(shop, "2026Q4")
    first = drawn(shop, "2026Q4")
    again = make_wave(
        shop, "2026Q4", kind="nps", segment="champions", size=8, seed=7, on=TODAY + timedelta(days=3)
    )
    assert (again.made, again.invited, again.in_segment) == (False, 8, None)
    assert drawn(shop, "2026Q4") == first
    with pytest.raises(RefusedError, match="--size 8 --seed 7"):
        wave(shop, "2026Q4", size=9)
    assert len(champions) == 20


def test_the_same_seed_and_data_draw_the_same_people(shop: Shop, champions: list[int]) -> None:
    wave(shop, "A")
    first = drawn(shop, "A")
    change(shop, "DELETE FROM survey_invites")
    wave(shop, "B")
    assert drawn(shop, "B") == first
    change(shop, "DELETE FROM survey_invites")
    wave(shop, "C", seed=8)
    assert drawn(shop, "C") != first
    assert len(champions) == 20


def test_ninety_days_lie_between_two_questions_about_recommending(shop: Shop, champions: list[int]) -> None:
    wave(shop, "A", size=20)
    assert wave(shop, "B", on=TODAY + timedelta(days=89)).refused == {"asked_lately": 20}  # type: ignore[attr-defined]
    assert wave(shop, "C", on=TODAY + timedelta(days=90)).invited == 8  # type: ignore[attr-defined]
    assert wave(shop, "D", kind="csat", on=TODAY + timedelta(days=45)).invited == 8  # type: ignore[attr-defined]
    assert len(champions) == 20


def test_a_wave_needs_customers_of_a_known_segment(shop: Shop, champions: list[int]) -> None:
    with pytest.raises(WrongUsageError):
        wave(shop, "A", segment="nobody at all")
    with pytest.raises(WrongUsageError, match="at least one customer"):
        wave(shop, " ")
    everybody = make_wave(shop, "all", kind="nps", segment="", size=100, seed=1, on=TODAY)
    assert (everybody.in_segment, everybody.invited) == (25, 25)
    assert len(champions) == 20
