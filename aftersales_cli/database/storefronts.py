"""Storefronts: the shop's accounts on marketplaces."""

from sqlite_utils import Database

from aftersales_cli.database.fetch import columns, execute, fetch, fetch_one, insert
from aftersales_cli.records.shops import Storefront

_COLUMNS = columns(Storefront)


def insert_storefront(
    db: Database,
    *,
    code: str,
    name: str,
    platform: str,
    country: str,
    timezone: str,
    currency: str,
    created_at: str,
) -> int:
    """Add a storefront and return the id."""
    return insert(
        db,
        "INSERT INTO storefronts (code, name, platform, country, timezone, currency, created_at) "
        "VALUES (:code, :name, :platform, :country, :timezone, :currency, :created_at)",
        {
            "code": code,
            "name": name,
            "platform": platform,
            "country": country,
            "timezone": timezone,
            "currency": currency,
            "created_at": created_at,
        },
    )


def list_storefronts(db: Database) -> list[Storefront]:
    """Return all storefronts in the order they came."""
    return fetch(db, Storefront, f"SELECT {_COLUMNS} FROM storefronts ORDER BY id")


def find_storefront(db: Database, word: str) -> Storefront | None:
    """Return the storefront with this code or name."""
    sql = f"SELECT {_COLUMNS} FROM storefronts WHERE code = :word OR name = :word ORDER BY id"
    return fetch_one(db, Storefront, sql, {"word": word})


def get_storefront(db: Database, storefront_id: int) -> Storefront | None:
    """Return the storefront with this id."""
    return fetch_one(
        db, Storefront, f"SELECT {_COLUMNS} FROM storefronts WHERE id = :id", {"id": storefront_id}
    )


def update_storefront(db: Database, storefront_id: int, *, name: str, platform: str) -> None:
    """Set name and platform."""
    execute(
        db,
        "UPDATE storefronts SET name = :name, platform = :platform WHERE id = :id",
        {"id": storefront_id, "name": name, "platform": platform},
    )
