"""No column is forgotten: each text of the schema is declared as personal or not."""

import pytest

from aftersales_cli.customers.privacy.exporting import HEADINGS
from aftersales_cli.database.fetch import fetch_rows
from aftersales_cli.database.history import table_columns
from aftersales_cli.database.people_chosen import choose_people
from aftersales_cli.database.personal_data import TABLES
from aftersales_cli.shop import Shop


def _texts(shop: Shop) -> dict[str, set[str]]:
    tables = fetch_rows(shop.database, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return {
        name: {
            column
            for (column,) in fetch_rows(
                shop.database,
                "SELECT name FROM pragma_table_info(:table) WHERE upper(type) = 'TEXT'",
                {"table": name},
            )
        }
        for (name,) in tables
        if not name.startswith(("sqlite_", "search_"))
    }


def test_every_text_column_is_classified_and_no_other(shop: Shop) -> None:
    """What is found missing belongs into database/personal_data.py, which says where."""
    declared = {f"{name}.{column}" for name, table in TABLES.items() for column in table.columns()}
    stored = {f"{name}.{column}" for name, names in _texts(shop).items() for column in names}
    assert (sorted(stored - declared), sorted(declared - stored)) == ([], [])
    assert set(TABLES) == set(_texts(shop))


def test_no_column_belongs_to_two_kinds() -> None:
    for name, table in TABLES.items():
        kinds = [*table.emptied, *table.scrubbed.split(), *table.plain.split(), *table.removed.split()]
        assert len(kinds) == len(set(kinds)), name


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.whose])
def test_whose_a_row_is_can_be_asked(shop: Shop, name: str) -> None:
    choose_people(shop.database, 1)
    assert fetch_rows(shop.database, f"SELECT 1 FROM {name} WHERE {TABLES[name].whose}") == []
    for column, condition in TABLES[name].emptied.items():
        fetch_rows(shop.database, f"SELECT {column} FROM {name} WHERE {condition or '1'}")


def test_what_is_personal_always_belongs_to_somebody() -> None:
    assert [
        name for name, table in TABLES.items() if (table.emptied or table.removed) and not table.whose
    ] == []


def test_the_page_of_a_customer_has_a_name_for_every_table_and_column(shop: Shop) -> None:
    shown = {name: table_columns(shop.database, name)[0] for name, table in TABLES.items() if table.whose}
    named = set(shop.taxonomy("stored_data").terms)
    assert {column for columns in shown.values() for column in columns} - named == set()
    assert set(shown) - named - set(HEADINGS) == set()
