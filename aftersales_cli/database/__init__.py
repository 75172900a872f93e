"""The only place with SQL: opening, migrations, and a module per table family."""
