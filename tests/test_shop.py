"""Writing: one transaction and one audit entry per operation, whatever happens inside."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from aftersales_cli.database.agents import find_agent, insert_agent, list_agents
from aftersales_cli.database.audit import list_audit
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.shop import Shop, find_shop_folder, open_shop
from aftersales_cli.team.agents import add_agent


def test_an_operation_that_fails_leaves_nothing(shop: Shop) -> None:
    before = len(list_audit(shop.database))

    def break_off() -> None:
        with shop.writing("team.add"):
            insert_agent(
                shop.database,
                code="x",
                name="x",
                role="agent",
                department="",
                languages="",
                created_at=shop.stamp,
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert find_agent(shop.database, "x") is None
    assert len(list_audit(shop.database)) == before
    assert not shop.database.conn.in_transaction


def test_a_nested_operation_joins_and_is_one_audit_entry(shop: Shop) -> None:
    with shop.writing("orders.import", "import:1") as writing:
        add_agent(shop, "lan")
        writing.count(rows=3)
    entry = list_audit(shop.database)[0]
    assert entry.operation == "orders.import"
    assert entry.subjects == "import:1 agent:2"
    assert json.loads(entry.counts) == {"rows": 3}


def test_a_nested_failure_that_is_caught_takes_back_only_its_own_part(shop: Shop) -> None:
    with shop.writing("orders.import"):
        add_agent(shop, "kept")
        with pytest.raises(RefusedError):
            add_agent(shop, "kept")
    assert [agent.code for agent in list_agents(shop.database)] == ["owner", "kept"]


def test_writing_outside_of_an_operation_is_impossible(shop: Shop) -> None:
    with pytest.raises(AssertionError, match=r"Shop\.writing"):
        insert_agent(
            shop.database,
            code="x",
            name="x",
            role="agent",
            department="",
            languages="",
            created_at=shop.stamp,
        )


def test_a_role_that_may_not_is_refused_before_anything_is_written(shop: Shop) -> None:
    viewer = add_agent(shop, "guest", role="viewer")
    guest = replace(shop, agent=viewer)
    with pytest.raises(RefusedError) as caught:
        add_agent(guest, "lan")
    assert "manager" in caught.value.remedy
    assert find_agent(shop.database, "lan") is None


def test_values_never_stand_in_the_audit_log(shop: Shop) -> None:
    add_agent(shop, "lan", name="王小兰13900000001")
    assert "13900000001" not in json.dumps(
        [vars(entry) for entry in list_audit(shop.database)], ensure_ascii=False
    )


def test_a_shop_is_found_from_inside_by_variable_and_by_name(
    shop_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(shop_folder / "inbox" / "done")
    assert find_shop_folder() == shop_folder
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError):
        find_shop_folder()
    monkeypatch.setenv("AFTERSALES_SHOP", str(shop_folder))
    assert find_shop_folder() == shop_folder
    with pytest.raises(NotFoundError):
        find_shop_folder(tmp_path)


def test_the_database_is_closed_to_other_writers_only_while_writing(shop: Shop) -> None:
    other = sqlite3.connect(shop.folder / "aftersales.db", timeout=0, isolation_level=None)
    with shop.writing("team.add"), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


def test_an_unknown_or_inactive_employee_opens_no_shop(shop_folder: Path) -> None:
    with pytest.raises(NotFoundError):
        open_shop(shop_folder, agent="nobody")


def test_an_unknown_employee_is_told_with_where_the_name_comes_from(
    shop_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = shop_folder / "aftersales.toml"
    settings.write_text('[shop]\nagent = "ghost"\n', "utf-8")
    with pytest.raises(NotFoundError) as by_settings:
        open_shop(shop_folder)
    assert "ghost" in by_settings.value.message
    assert f"shop.agent in {settings}" in by_settings.value.message
    assert "--as owner" in by_settings.value.remedy
    monkeypatch.setenv("AFTERSALES_AGENT", "spirit")
    with pytest.raises(NotFoundError) as by_variable:
        open_shop(shop_folder)
    assert "spirit" in by_variable.value.message
    assert "AFTERSALES_AGENT" in by_variable.value.message
    assert "--as owner" in by_variable.value.remedy
    with pytest.raises(NotFoundError) as by_option:
        open_shop(shop_folder, agent="shade")
    assert "--as" in by_option.value.message
    assert "team list --as owner" in by_option.value.remedy
    open_shop(shop_folder, agent="owner").close()
