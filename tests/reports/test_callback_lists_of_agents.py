"""Callback lists for each who calls."""

from datetime import date

import openpyxl

from aftersales_cli.customers.callback_import import import_callbacks
from aftersales_cli.customers.callback_list import COLUMNS
from aftersales_cli.database.fetch import execute, fetch_value, insert
from aftersales_cli.reports.callback_workbook import export_callbacks
from aftersales_cli.shop import Shop
from aftersales_cli.team.agents import require_agent

TODAY = date(2026, 11, 22)


def _hand_out(shop: Shop, *codes: str) -> None:
    """Give the open callbacks to these employees in turn."""
    with shop.writing("team.add"):
        for position, code in enumerate(codes):
            agent_id = fetch_value(shop.database, "SELECT id FROM agents WHERE code = :code", {"code": code})
            if agent_id is None:
                agent_id = insert(
                    shop.database,
                    "INSERT INTO agents (code, name, role, active, created_at) VALUES "
                    "(:code, :name, 'agent', 1, :now)",
                    {"code": code, "name": f"Agent {code}/1", "now": shop.stamp},
                )
            execute(
                shop.database,
                "UPDATE callbacks SET assignee_id = :agent WHERE id = :id",
                {"agent": agent_id, "id": position + 1},
            )


def test_each_who_calls_gets_a_workbook_of_the_own_calls(planned: Shop) -> None:
    _hand_out(planned, "lan", "mei", "lan")
    exported = export_callbacks(planned, TODAY)
    assert [(entry.agent, entry.callbacks, entry.path.name) for entry in exported.lists] == [
        ("lan", 2, "callbacks-Agent_lan_1-2026-11-22.xlsx"), ("mei", 1, "callbacks-Agent_mei_1-2026-11-22.xlsx"),
    ]  # fmt: skip
    assert (exported.path, exported.callbacks) == (exported.lists[0].path, 3)
    for entry in exported.lists:
        sheet = openpyxl.load_workbook(entry.path).worksheets[0]
        assert {sheet.cell(row, 13).value for row in range(3, sheet.max_row + 1)} == {
            f"Agent {entry.agent}/1"
        }


def test_a_file_name_asks_for_one_list_of_all_and_an_agent_for_the_own_one(planned: Shop) -> None:
    _hand_out(planned, "lan", "mei", "lan")
    shared = export_callbacks(planned, TODAY, planned.folder / "all.xlsx")
    assert [(entry.agent, entry.callbacks) for entry in shared.lists] == [("", 3)]
    only = export_callbacks(planned, TODAY, agent=require_agent(planned, "mei"))
    assert [(entry.agent, entry.callbacks) for entry in only.lists] == [("mei", 1)]


def test_who_has_made_all_calls_gets_no_further_list_and_the_others_keep_theirs(planned: Shop) -> None:
    _hand_out(planned, "lan", "mei", "lan")
    lan, mei = export_callbacks(planned, TODAY).lists
    book = openpyxl.load_workbook(mei.path)
    book.worksheets[0].cell(3, COLUMNS.index("outcome") + 1).value = "reached"
    book.save(mei.path)
    assert import_callbacks(planned, mei.path).recorded == 1
    after = export_callbacks(planned, TODAY)
    assert [(entry.agent, entry.path, entry.written) for entry in after.lists] == [("lan", lan.path, False)]
