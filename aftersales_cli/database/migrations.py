"""The schema's history: migrations are appended here and never edited."""

from sqlite_utils import Database, Migrations

from aftersales_cli.database.schema_1 import STATEMENTS as SCHEMA_1
from aftersales_cli.database.schema_2 import STATEMENTS as SCHEMA_2
from aftersales_cli.database.schema_3 import STATEMENTS as SCHEMA_3
from aftersales_cli.database.schema_4 import STATEMENTS as SCHEMA_4
from aftersales_cli.database.schema_5 import STATEMENTS as SCHEMA_5
from aftersales_cli.database.schema_6 import STATEMENTS as SCHEMA_6
from aftersales_cli.database.schema_7 import STATEMENTS as SCHEMA_7
from aftersales_cli.database.schema_8 import STATEMENTS as SCHEMA_8
from aftersales_cli.database.schema_9 import STATEMENTS as SCHEMA_9

MIGRATIONS = Migrations("aftersales")


@MIGRATIONS()
def m001_desk_and_orders(database: Database) -> None:
    """Storefronts, team, customers, orders, cases, callbacks, jobs and the audit log."""
    for statement in SCHEMA_1:
        database.execute(statement)


@MIGRATIONS()
def m002_intake(database: Database) -> None:
    """Add what widening the intake needs: bases of refund figures, images of changed rows, conflicts, own words."""
    for statement in SCHEMA_2:
        database.execute(statement)


@MIGRATIONS()
def m003_other_files(database: Database) -> None:
    """Files that are not orders: survey answers, chat reports, buyers' reviews, parcels."""
    for statement in SCHEMA_3:
        database.execute(statement)


@MIGRATIONS()
def m004_rejects(database: Database) -> None:
    """Add what becomes of rejected rows, and conflicts between lines."""
    for statement in SCHEMA_4:
        database.execute(statement)


@MIGRATIONS()
def m005_desk(database: Database) -> None:
    """Add the whole life of a case: links, hand-offs, incidents, clocks, working days, forms."""
    for statement in SCHEMA_5:
        database.execute(statement)


@MIGRATIONS()
def m006_search(database: Database) -> None:
    """Add searching in the words of cases; those that are there are indexed once all migrations are done."""
    for statement in SCHEMA_6:
        database.execute(statement)


@MIGRATIONS()
def m007_returns(database: Database) -> None:
    """Add returns, the money and goods that go with them, repairs and costs."""
    for statement in SCHEMA_7:
        database.execute(statement)


@MIGRATIONS()
def m008_cell_ages(database: Database) -> None:
    """Add how new single cells of orders and lines are, and what else a later word may need."""
    for statement in SCHEMA_8:
        database.execute(statement)


@MIGRATIONS()
def m009_customers(database: Database) -> None:
    """Add customers' value, churn, surveys, callback plans, consent and forgetting."""
    for statement in SCHEMA_9:
        database.execute(statement)


def known_migrations() -> set[str]:
    """Return the names of all migrations of this version: in an empty database every one is pending."""
    empty = Database(memory=True, execute_plugins=False)
    names = {migration.name for migration in MIGRATIONS.pending(empty)}
    empty.close()
    return names
