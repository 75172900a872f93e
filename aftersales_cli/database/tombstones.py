"""What stops a file from bringing a forgotten person back: keyed hashes of accounts, phone numbers and e-mails.

Nothing here tells who it was: the key is the shop's own, and without the number or account itself there is nothing
to compare. What such a person does after the day of forgetting makes them a new customer.
"""

import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Iterator

from sqlite_utils import Database

from aftersales_cli.database.fetch import execute, fetch_rows, fetch_value

_PHONE_DIGITS = range(7, 16)
_VIRTUAL = re.compile(r"1\d{10}-\d+")
"""A number with an extension, which a marketplace gives to one buyer after another."""
PLACEHOLDER = "forgotten:"
"""What the account of a forgotten customer is called instead."""


def normal_phone(text: str) -> str:
    """Return a phone number as it is compared, e.g. ``13800138000`` for ``+86 138-0013-8000``; empty if it is none."""
    folded = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[\s().-]", "", folded)
    if "*" in digits or _VIRTUAL.fullmatch(folded) or not re.fullmatch(r"\+?\d+", digits):
        return ""
    digits = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits).lstrip("+")
    # 0000000 is nobody's number.
    return digits if len(digits) in _PHONE_DIGITS and len(set(digits[1:])) > 1 else ""


def normal_email(text: str) -> str:
    """Return an address as it is compared; empty if it is none or masked."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return folded if re.fullmatch(r"[^@\s*]+@[^@\s*]+\.[^@\s*]+", folded) else ""


def normal_account(storefront_id: int, external_id: str) -> str:
    """Return a marketplace account as it is compared; empty for one that is masked."""
    folded = unicodedata.normalize("NFKC", external_id).strip().casefold()
    return f"{storefront_id}\x1f{folded}" if folded and "*" not in folded else ""


def has_tombstones(db: Database) -> bool:
    """Tell whether anybody was forgotten; all else here is asked only then."""
    return bool(fetch_value(db, "SELECT EXISTS (SELECT 1 FROM tombstones)"))


class Tombstones:
    """Compares what a file says with the hashes; makes the shop's key when it is first needed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        key = fetch_value(db, "SELECT key FROM privacy_key")
        if key is None:
            key = secrets.token_bytes(32)
            execute(db, "INSERT INTO privacy_key (id, key) VALUES (1, :key)", {"key": key})
        self._key: bytes = key
        rows = fetch_rows(db, "SELECT hash, customer_id, at FROM tombstones")
        self._known: dict[str, tuple[int, str]] = {digest: (customer, at) for digest, customer, at in rows}

    def _hash(self, kind: str, value: str) -> str:
        return hmac.digest(self._key, f"{kind}\x1f{value}".encode(), "sha256").hex()

    def _find(self, kind: str, value: str, said_at: str) -> int | None:
        found = self._known.get(self._hash(kind, value)) if value else None
        return found[0] if found and said_at <= found[1] else None

    def find_account(self, storefront_id: int, external_id: str, said_at: str = "") -> int | None:
        """Return the emptied customer of an account, None if it is nobody's or was used after the forgetting."""
        return self._find("account", normal_account(storefront_id, external_id), said_at)

    def find_contact(self, phone: str, email: str, said_at: str = "") -> int | None:
        """Return the emptied customer of a phone number or an e-mail address, None as with accounts."""
        by_phone = self._find("phone", normal_phone(phone), said_at)
        return by_phone or self._find("email", normal_email(email), said_at)

    def names_forgotten(self, raw: str, storefront_id: int) -> bool:
        """Tell whether a cell of a rejected row (JSON list of texts) is such an account, number or address."""
        try:
            cells = [str(cell) for cell in json.loads(raw)]
        except (ValueError, TypeError):
            return False
        return any(self.find_account(storefront_id, cell) or self.find_contact(cell, cell) for cell in cells)

    def add(self, customer_id: int, at: str) -> int:
        """Set the stones of a customer who is about to be forgotten; returns how many are new."""
        values = {"id": customer_id}
        keys = fetch_rows(
            self._db, "SELECT storefront_id, external_id FROM customer_keys WHERE customer_id = :id", values
        )
        contacts = fetch_rows(self._db, "SELECT phone, email FROM customers WHERE id = :id", values)
        stones = {("account", normal_account(*key)) for key in keys if not key[1].startswith(PLACEHOLDER)}
        # An account that is an address or a number says the same as the contact would.
        texts = [text for pair in (*contacts, *keys) for text in pair if isinstance(text, str)]
        stones |= {("phone", normal_phone(text)) for text in texts}
        stones |= {("email", normal_email(text)) for text in texts}
        return sum(
            execute(
                self._db,
                "INSERT OR IGNORE INTO tombstones (hash, customer_id, at) VALUES (:hash, :id, :at)",
                {**values, "hash": self._hash(kind, value), "at": at},
            )
            for kind, value in sorted(stones)
            if value
        )


def drop_forgotten_buyers(db: Database, storefront_id: int) -> int:
    """Take name, contact and words out of staged orders of forgotten people; they keep the emptied customer.

    Returns how many orders that were. To be called before staged buyers become customers. A contact that somebody
    still known shares does not count: the account tells people apart.
    """
    if not has_tombstones(db):
        return 0
    stones = Tombstones(db)
    found = list(_forgotten_orders(db, storefront_id, stones))
    for customer_id in sorted({customer for customer, _number in found}):
        execute(
            db,
            """INSERT OR IGNORE INTO customer_keys (storefront_id, external_id, customer_id)
            VALUES (:storefront_id, :key, :id)""",
            {"storefront_id": storefront_id, "key": f"{PLACEHOLDER}{customer_id}", "id": customer_id},
        )
    db.conn.executemany(
        """UPDATE temp.stage_orders SET buyer_key = ?, buyer_name = NULL, buyer_phone = NULL, buyer_email = NULL,
            buyer_country = NULL, buyer_note = NULL, seller_note = NULL WHERE external_id = ?""",
        [(f"{PLACEHOLDER}{customer_id}", number) for customer_id, number in found],
    )
    return len(found)


def _forgotten_orders(db: Database, storefront_id: int, stones: Tombstones) -> Iterator[tuple[int, str]]:
    """Yield emptied customer and number of the staged orders that are theirs, made before they were forgotten."""
    rows = fetch_rows(
        db,
        """SELECT s.external_id, COALESCE(s.buyer_key, ''), COALESCE(s.buyer_phone, ''),
            COALESCE(s.buyer_email, ''), COALESCE(s.placed_at, s.paid_at, ''), c.id IS NOT NULL
        FROM temp.stage_orders AS s
        LEFT JOIN customer_keys AS k ON k.storefront_id = :storefront_id AND k.external_id = s.buyer_key
        LEFT JOIN customers AS c ON c.id = k.customer_id AND c.erased_at IS NULL""",
        {"storefront_id": storefront_id},
    )
    for number, key, phone, email, said_at, is_known in rows:
        customer = stones.find_account(storefront_id, key, said_at) if key else None
        if customer is None and not is_known:
            customer = stones.find_contact(phone, email, said_at) or stones.find_contact(key, key, said_at)
        if customer is not None:
            yield customer, number
