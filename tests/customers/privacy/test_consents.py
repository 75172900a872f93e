"""What customers allow: appended only, the latest word holds, and contact moves the master switch."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftersales_cli.customers.privacy.consenting import consent_log, record_consent
from aftersales_cli.customers.privacy.forgetting import forget_customer
from aftersales_cli.database.audit import list_audit
from aftersales_cli.database.consents import current_consent
from aftersales_cli.errors import NotFoundError, RefusedError, WrongUsageError
from aftersales_cli.shop import Shop
from tests.conftest import RunCli

MORNING = datetime(2026, 11, 21, 1, tzinfo=UTC)
EVENING = datetime(2026, 11, 21, 11, tzinfo=UTC)


def test_nothing_is_known_of_a_customer_who_was_never_asked(
    shop: Shop, add_customer: Callable[..., int]
) -> None:
    assert current_consent(shop.database, add_customer("Lin"), "marketing") is None


def test_the_word_said_last_holds_whichever_was_written_down_last(
    shop: Shop, add_customer: Callable[..., int]
) -> None:
    number = add_customer("Lin")
    record_consent(shop, number, purpose="survey", given=False, at=EVENING)
    record_consent(shop, number, purpose="survey", given=True, at=MORNING)
    assert current_consent(shop.database, number, "survey") is False
    assert [entry.given for entry in consent_log(shop, number).log] == [True, False]


def test_a_yes_to_marketing_needs_channel_and_proof(shop: Shop, add_customer: Callable[..., int]) -> None:
    number = add_customer("Lin")
    with pytest.raises(WrongUsageError, match="proof"):
        record_consent(shop, number, purpose="marketing", given=True, channel="phone")
    log = record_consent(
        shop, number, purpose="marketing", given=True, channel="电话", proof="said so on the call"
    )
    assert (log.current["marketing"], log.log[0].channel) == (True, "phone")
    assert record_consent(shop, number, purpose="marketing", given=False).current["marketing"] is False


def test_a_no_to_contact_is_the_master_switch_and_a_later_yes_lifts_it(
    shop: Shop, add_customer: Callable[..., int]
) -> None:
    number = add_customer("Lin")
    assert record_consent(shop, number, purpose="contact", given=False, at=MORNING).do_not_contact
    assert not record_consent(shop, number, purpose="contact", given=True, at=EVENING).do_not_contact


def test_consent_in_the_future_and_of_nobody_is_refused(shop: Shop, add_customer: Callable[..., int]) -> None:
    with pytest.raises(WrongUsageError, match="future"):
        record_consent(
            shop, add_customer("Lin"), purpose="survey", given=True, at=datetime(2027, 1, 1, tzinfo=UTC)
        )
    with pytest.raises(NotFoundError):
        record_consent(shop, 99, purpose="survey", given=True)


def test_the_audit_names_the_customer_and_no_words(shop: Shop, add_customer: Callable[..., int]) -> None:
    number = add_customer("Lin")
    record_consent(shop, number, purpose="marketing", given=True, channel="phone", proof="secret words")
    entry = list_audit(shop.database)[0]
    assert (entry.operation, entry.subjects) == ("customers.consent", f"customer:{number}")
    assert "secret" not in entry.counts


def test_the_command_notes_and_shows(
    run_cli: RunCli, add_customer: Callable[..., int], shop_folder: Path
) -> None:
    number = add_customer("Lin")
    words = [
        "customers",
        "consent",
        number,
        "marketing",
        "yes",
        "--channel",
        "phone",
        "--proof",
        "call of 21 November",
    ]
    said = run_cli("--shop", shop_folder, *words, "--at", "2026-11-21 15:20")
    assert said.returncode == 0, said.stderr
    shown = run_cli("--shop", shop_folder, "customers", "consent", number, "--json")
    log = json.loads(shown.stdout)
    assert log["current"] == {"marketing": True, "survey": None, "contact": None}
    assert (log["log"][0]["said_at"], log["log"][0]["proof"]) == (
        "2026-11-21T07:20:00Z",
        "call of 21 November",
    )
    table = run_cli("--shop", shop_folder, "customers", "consent", number)
    assert "call of 21 November" in table.stdout


def test_a_dry_run_notes_nothing(
    run_cli: RunCli, shop: Shop, add_customer: Callable[..., int], shop_folder: Path
) -> None:
    number = add_customer("Lin")
    run_cli("--shop", shop_folder, "customers", "consent", number, "contact", "no", "--dry-run")
    assert consent_log(shop, number).log == []


def test_who_was_forgotten_is_asked_nothing_more(shop: Shop, add_customer: Callable[..., int]) -> None:
    number = add_customer("Lin")
    forget_customer(shop, number)
    with pytest.raises(RefusedError, match="forgotten"):
        record_consent(shop, number, purpose="survey", given=True)
