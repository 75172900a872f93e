"""Open the books of an order, as they stand inside the present transaction."""

from aftersales_cli.database.ledger import keep_line_values, read_order_facts
from aftersales_cli.desk.returns.ledger import build_ledger
from aftersales_cli.desk.returns.line_values import value_lines
from aftersales_cli.records.ledger import OrderLedger
from aftersales_cli.shop import Shop


def read_books(shop: Shop, order_id: int) -> OrderLedger:
    """Return the books of an order to be shown; nothing is written."""
    return build_ledger(read_order_facts(shop.database, order_id))


def open_books(shop: Shop, order_id: int) -> OrderLedger:
    """Return the books of an order and freeze what its lines were worth. Inside ``writing``."""
    facts = read_order_facts(shop.database, order_id)
    values = value_lines(facts.lines, paid=facts.paid, postage=facts.postage)
    keep_line_values(shop.database, values, currency=facts.currency, at=shop.stamp)
    return build_ledger(facts)
