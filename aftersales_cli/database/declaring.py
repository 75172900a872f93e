"""Declare columns the way every table of this database has them. Schemas are history: never change what this returns."""


def moment(name: str, *, required: bool = False) -> str:
    """Return the declaration of a column for moments like ``2026-11-22T08:00:00Z``."""
    return f"{name} {'TEXT NOT NULL' if required else 'TEXT'} CHECK ({name} GLOB '????-??-??T??:??:??Z')"


def day(name: str, *, required: bool = False) -> str:
    """Return the declaration of a column for days like ``2026-11-22``."""
    return f"{name} {'TEXT NOT NULL' if required else 'TEXT'} CHECK ({name} GLOB '????-??-??')"


def one_of(name: str, values: str, default: str = "") -> str:
    """Return the declaration of a column that holds one of some words, given with blanks between them."""
    words = ", ".join(f"'{value}'" for value in values.split())
    return f"{name} TEXT NOT NULL{f' DEFAULT {default!r}' if default else ''} CHECK ({name} IN ({words}))"
