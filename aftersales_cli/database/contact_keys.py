"""Buyers whom a file names by phone number or e-mail address only: the contact is what they are known by."""

from sqlite_utils import Database

_DIGITS = "replace(replace(replace(replace({0}, ' ', ''), '-', ''), '(', ''), ')', '')"
_VIRTUAL = "1[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9]*"
"""A number with an extension, which a marketplace gives to one buyer after another."""


def _phone(column: str) -> str:
    """Return SQL for a phone number that can tell a person from others, else NULL."""
    digits = _DIGITS.format(column)
    return f"""CASE WHEN length({digits}) >= 7 AND {digits} NOT GLOB '*[^0-9+]*' AND trim({column}) NOT GLOB '{_VIRTUAL}'
        AND replace(substr({digits}, 2), substr({digits}, -1), '') <> ''
        THEN CASE WHEN {digits} GLOB '+86*' THEN substr({digits}, 4) ELSE {digits} END END"""


def _email(column: str) -> str:
    return f"CASE WHEN {column} LIKE '_%@_%._%' AND instr({column}, '*') = 0 THEN lower(trim({column})) END"


_CONTACT = f"COALESCE({_phone('s.buyer_phone')}, {_email('s.buyer_email')})"


def key_by_contact(db: Database, storefront_id: int) -> None:
    """Give staged orders without a buyer key one: that of the only buyer of the storefront with the contact, else the contact.

    Masked contacts and numbers with an extension are nobody's.
    """
    missing = "s.buyer_key IS NULL AND (s.buyer_phone IS NOT NULL OR s.buyer_email IS NOT NULL)"
    if not db.conn.execute(f"SELECT 1 FROM temp.stage_orders AS s WHERE {missing} LIMIT 1").fetchone():
        return
    db.conn.execute("DROP TABLE IF EXISTS temp.stage_contacts")
    db.conn.execute("CREATE TEMP TABLE stage_contacts (contact PRIMARY KEY, buyer_key, buyers)")
    db.conn.execute(
        f"INSERT INTO temp.stage_contacts (contact) SELECT DISTINCT {_CONTACT} FROM temp.stage_orders AS s "
        f"WHERE {missing} AND {_CONTACT} IS NOT NULL"
    )
    known = " UNION ".join(
        f"""SELECT {contact("c." + name)} AS contact, k.external_id AS buyer_key
        FROM customer_keys AS k JOIN customers AS c ON c.id = k.customer_id
        WHERE k.storefront_id = :storefront_id AND c.{name} <> ''"""
        for name, contact in (("phone", _phone), ("email", _email))
    )
    staged = " UNION ".join(
        f"SELECT {contact('s.buyer_' + name)}, s.buyer_key FROM temp.stage_orders AS s WHERE s.buyer_key IS NOT NULL"
        for name, contact in (("phone", _phone), ("email", _email))
    )
    db.conn.execute(
        f"""UPDATE temp.stage_contacts SET buyer_key = known.buyer_key, buyers = known.buyers
        FROM (SELECT contact, MIN(buyer_key) AS buyer_key, COUNT(DISTINCT buyer_key) AS buyers
              FROM ({known} UNION {staged}) GROUP BY contact) AS known
        WHERE known.contact = stage_contacts.contact""",
        {"storefront_id": storefront_id},
    )
    db.conn.execute(
        f"""UPDATE temp.stage_orders AS s SET buyer_key =
            (SELECT CASE WHEN c.buyers = 1 THEN c.buyer_key ELSE c.contact END
             FROM temp.stage_contacts AS c WHERE c.contact = {_CONTACT})
        WHERE {missing} AND {_CONTACT} IS NOT NULL"""
    )
