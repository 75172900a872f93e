"""The schema's history: migrations are appended here and never edited."""

from sqlite_utils import Database, Migrations

from aftersales_cli.database.schema_1 import STATEMENTS as SCHEMA_1
from aftersales_cli.database.schema_2 import STATEMENTS as SCHEMA_2
from aftersales_cli.database.schema_3 import STATEMENTS as SCHEMA_3

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


def known_migrations() -> set[str]:
    """Return the names of all migrations of this version: in an empty database every one is pending."""
    empty = Database(memory=True, execute_plugins=False)
    names = {migration.name for migration in MIGRATIONS.pending(empty)}
    empty.close()
    return names
