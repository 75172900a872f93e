"""The schema's history: migrations are appended here and never edited."""

from sqlite_utils import Database, Migrations

from aftersales_cli.database.schema_1 import STATEMENTS as SCHEMA_1

MIGRATIONS = Migrations("aftersales")


@MIGRATIONS()
def m001_desk_and_orders(database: Database) -> None:
    """Storefronts, team, customers, orders, cases, callbacks, jobs and the audit log."""
    for statement in SCHEMA_1:
        database.execute(statement)


def known_migrations() -> set[str]:
    """Return the names of all migrations of this version: in an empty database every one is pending."""
    empty = Database(memory=True, execute_plugins=False)
    names = {migration.name for migration in MIGRATIONS.pending(empty)}
    empty.close()
    return names
