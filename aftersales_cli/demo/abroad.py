"""Invent a year of orders in the Shopify shop and write them as its order export."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from aftersales_cli.demo.days import SHOPIFY_SEASONS, after, draw_moments, known
from aftersales_cli.demo.people import Customer, invent_customer
from aftersales_cli.demo.products import SOLD_ABROAD, Product

SHOPIFY_ORDERS = 700
HEADERS = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
    "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method",
    "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price", "Lineitem sku",
    "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status", "Billing Name", "Billing Street",
    "Billing Address1", "Billing Address2", "Billing Company", "Billing City", "Billing Zip", "Billing Province",
    "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street", "Shipping Address1", "Shipping Address2",
    "Shipping Company", "Shipping City", "Shipping Zip", "Shipping Province", "Shipping Country", "Shipping Phone",
    "Notes", "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Outstanding Balance", "Employee", "Location", "Device ID", "Id", "Tags", "Risk Level", "Source",
    "Lineitem discount", "Tax 1 Name", "Tax 1 Value", "Tax 2 Name", "Tax 2 Value", "Tax 3 Name", "Tax 3 Value",
    "Tax 4 Name", "Tax 4 Value", "Tax 5 Name", "Tax 5 Value", "Phone", "Receipt Number", "Duties",
    "Billing Province Name", "Shipping Province Name", "Payment ID", "Payment Terms Name", "Next Payment Due At",
    "Payment References",
)  # fmt: skip
"""The order export of 2023 to 2026, 79 columns."""

_VENDOR = "Cotton Candy Home"
_STATES = ("paid", "refunded", "partially_refunded", "voided")
_STATE_WEIGHTS = (91, 4, 3, 2)
_COMES_AGAIN = 0.15
_SHIPPING_CENTS, _FREE_FROM_CENTS = 690, 5900
_DISCOUNT_PERCENT = 10
_DISCOUNTED = 0.2


@dataclass(frozen=True)
class ShopifyOrder:
    """An order abroad; amounts in US cents."""

    id: str
    name: str
    customer: Customer
    lines: tuple[tuple[Product, int], ...]
    discount: int
    state: str
    part_back: float
    """Share of the total that was refunded if only part of it was."""
    placed_at: datetime
    shipped_at: datetime

    @property
    def subtotal(self) -> int:
        """The goods after the discount."""
        return sum(product.price_cents * quantity for product, quantity in self.lines) - self.discount

    @property
    def shipping(self) -> int:
        """Postage, free from a certain sum."""
        return 0 if self.subtotal >= _FREE_FROM_CENTS else _SHIPPING_CENTS

    @property
    def total(self) -> int:
        """What was to be paid."""
        return self.subtotal + self.shipping

    @property
    def refunded(self) -> int:
        """What went back."""
        part = {"refunded": 1.0, "partially_refunded": self.part_back}.get(self.state, 0.0)
        return int(self.total * part)


def invent_shopify_orders(rng: Random, count: int = SHOPIFY_ORDERS) -> list[ShopifyOrder]:
    """Invent orders, earliest first."""
    customers: list[Customer] = []
    orders = []
    for position, placed_at in enumerate(draw_moments(rng, count, SHOPIFY_SEASONS)):
        if customers and rng.random() < _COMES_AGAIN:
            customer = rng.choice(customers)
        else:
            customer = invent_customer(rng, len(customers) + 1)
            customers.append(customer)
        orders.append(_invent_order(rng, position, customer, placed_at))
    return orders


def _invent_order(rng: Random, position: int, customer: Customer, placed_at: datetime) -> ShopifyOrder:
    count = rng.choices((1, 2, 3), (78, 18, 4))[0]
    products = rng.sample(SOLD_ABROAD, count)
    lines = tuple((product, rng.choices((1, 2), (88, 12))[0]) for product in products)
    goods = sum(product.price_cents * quantity for product, quantity in lines)
    return ShopifyOrder(
        id=str(5_600_000_000_000 + position * 7_777),
        name=f"#{1001 + position}",
        customer=customer,
        lines=lines,
        discount=goods * _DISCOUNT_PERCENT // 100 if rng.random() < _DISCOUNTED else 0,
        state=rng.choices(_STATES, _STATE_WEIGHTS)[0],
        part_back=rng.uniform(0.2, 0.6),
        placed_at=placed_at,
        shipped_at=after(rng, placed_at, 12, 70),
    )


def write_shopify_file(path: Path, orders: Iterable[ShopifyOrder]) -> None:
    """Write the order export: utf-8, newest order first, order columns on an order's first row only."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, HEADERS, restval="", lineterminator="\n")
    writer.writeheader()
    for order in reversed(list(orders)):
        for position, (product, quantity) in enumerate(order.lines):
            row = {"Name": order.name, "Email": order.customer.email, "Created at": _moment(order.placed_at)}
            writer.writerow(row | _line_cells(product, quantity) | ({} if position else _order_cells(order)))
    path.write_bytes(stream.getvalue().encode("utf-8"))


def dollars(cents: int) -> str:
    """Write an amount: 1234 cents is ``12.34``."""
    return f"{cents // 100}.{cents % 100:02d}"


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S %z")


def _line_cells(product: Product, quantity: int) -> dict[str, str]:
    return {
        "Lineitem quantity": str(quantity),
        "Lineitem name": product.english,
        "Lineitem price": dollars(product.price_cents),
        "Lineitem sku": product.sku,
        "Lineitem requires shipping": "true",
        "Lineitem taxable": "true",
        "Lineitem fulfillment status": "fulfilled",
        "Vendor": _VENDOR,
        "Lineitem discount": "0.00",
    }


def _order_cells(order: ShopifyOrder) -> dict[str, str]:
    voided = order.state == "voided"
    shipped = not voided and known(order.shipped_at) is not None
    return {
        "Financial Status": order.state,
        "Paid at": "" if voided else _moment(order.placed_at),
        "Fulfillment Status": "fulfilled" if shipped else "unfulfilled",
        "Fulfilled at": _moment(order.shipped_at) if shipped else "",
        "Accepts Marketing": "no",
        "Currency": "USD",
        "Subtotal": dollars(order.subtotal),
        "Shipping": dollars(order.shipping),
        "Taxes": "0.00",
        "Total": dollars(order.total),
        "Discount Code": "COTTON10" if order.discount else "",
        "Discount Amount": dollars(order.discount),
        "Shipping Method": "Standard",
        "Cancelled at": _moment(order.shipped_at) if voided and known(order.shipped_at) else "",
        "Payment Method": "Shopify Payments",
        "Refunded Amount": dollars(order.refunded),
        "Outstanding Balance": "0.00",
        "Id": order.id,
        "Risk Level": "Low",
        "Source": "web",
        "Lineitem fulfillment status": "fulfilled" if shipped else "pending",
        **_address_cells(order.customer, "Billing"),
        **_address_cells(order.customer, "Shipping"),
    }


def _address_cells(customer: Customer, kind: str) -> dict[str, str]:
    return {
        f"{kind} Name": customer.name,
        f"{kind} Street": customer.street,
        f"{kind} Address1": customer.street,
        f"{kind} City": customer.city,
        f"{kind} Zip": "'" + customer.postcode,
        f"{kind} Province": customer.province,
        f"{kind} Country": customer.country,
        f"{kind} Phone": "'" + customer.phone,
    }
