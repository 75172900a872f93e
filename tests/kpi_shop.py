"""Rows for tests of figures: written by SQL, so that no importer stands between a test and its numbers."""

import random
from datetime import UTC, date, datetime, timedelta

from aftersales_cli.clock import to_text
from aftersales_cli.database.fetch import insert
from aftersales_cli.shop import Shop

PRODUCTS = (
    "棉花糖纯棉四件套 全棉床单被套 1.8米床",
    "北欧风台灯 卧室床头护眼灯",
    "儿童保温杯 316不锈钢 500ml",
    "=1+1 特价手机壳",
    "加厚珊瑚绒毛毯 午睡盖毯",
    "Wireless earphones, noise cancelling, white",
)


class Filler:
    """Adds rows to a shop; every method returns the new row's id."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.db = shop.database
        self.number = 0
        with shop.writing("orders.import"):
            self.storefront = self._insert(
                "storefronts", code=f"s{self.db['storefronts'].count}", country="CN", timezone="Asia/Shanghai",
                currency="CNY", created_at=shop.stamp,
            )  # fmt: skip

    def _insert(self, table: str, **values: object) -> int:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        with self.shop.writing("orders.import"):
            return insert(self.db, f"INSERT INTO {table} ({names}) VALUES ({marks})", values)

    def order(
        self, paid_on: str | None = "2026-10-05", *, paid: int | None = 10_000, refunded: int | None = 0,
        currency: str = "CNY", title: str = "", placed_on: str | None = None,
    ) -> int:  # fmt: skip
        self.number += 1
        return self._insert(
            "orders", storefront_id=self.storefront, external_id=f"o{self.number}",
            display_number=f"o{self.number}", placed_on=placed_on or paid_on, paid_on=paid_on,
            status="finished", status_raw="", close_reason="", currency=currency, paid=paid,
            paid_basis="stated", refunded=refunded, refunded_basis="stated", title=title, buyer_note="",
            seller_note="", progress=0, as_of="",
        )  # fmt: skip

    def line(self, order_id: int, title: str, *, quantity: int = 1, refunded: int | None = None) -> int:
        self.number += 1
        return self._insert(
            "order_lines", storefront_id=self.storefront, order_external_id=f"l{self.number}",
            order_id=order_id, line_key=f"{self.number}", sku="", title=title, variant="",
            quantity=quantity, refunded=refunded, currency="CNY", status_raw="",
        )  # fmt: skip

    def case(
        self, opened: str = "2026-10-05T02:00:00Z", *, kind: str = "inquiry", channel: str = "phone",
        status: str = "in_progress", replied: str | None = None, solved: str | None = None,
        order_id: int | None = None, reason: str = "", cancel_reason: str = "", reply_expected: int = 0,
        titles: tuple[str, ...] = (),
    ) -> int:  # fmt: skip
        number = self._insert(
            "cases", kind=kind, channel=channel, origin="own", storefront_id=self.storefront,
            order_id=order_id, status=status, opened_at=opened, opened_on=_local_day(opened),
            reply_expected=int(reply_expected or replied is not None), first_reply_at=replied,
            resolved_at=solved, resolved_on=_local_day(solved) if solved else None, reason_first=reason,
            cancel_reason=cancel_reason,
        )  # fmt: skip
        for title in titles:
            self._insert("case_lines", case_number=number, sku="", title=title, quantity=1)
        return number

    def refund(self, case_number: int, to_buyer: int, *, status: str = "succeeded") -> int:
        return self._insert(
            "refunds", case_number=case_number, storefront_id=self.storefront, external_id=f"r{case_number}",
            order_external_id="", currency="CNY", amount=to_buyer, to_buyer=to_buyer, status=status,
            status_raw="", progress=0, as_of="",
        )  # fmt: skip

    def callback(
        self,
        due_on: str = "2026-10-05",
        *,
        status: str = "open",
        follows: int | None = None,
        attempt: int = 1,
    ) -> int:
        return self._insert(
            "callbacks", reason="promised", due_on=due_on, priority=1, status=status, attempt=attempt,
            planned_at=self.shop.stamp, follows_id=follows,
        )  # fmt: skip

    def rating(self, score: int, on: str = "2026-10-05", *, kind: str = "csat") -> int:
        return self._insert(
            "survey_answers", type=kind, score=score, source="callback", answered_at=f"{on}T04:00:00Z",
            answered_on=on,
        )  # fmt: skip


def _local_day(moment: str) -> str:
    return (datetime.fromisoformat(moment) + timedelta(hours=8)).date().isoformat()


def fill_year(shop: Shop, *, seed: int = 7, orders: int = 1500, last: date = date(2026, 11, 21)) -> None:
    """Fill a year of an invented shop whose second product is bad and whose replies are slow."""
    dice, filler = random.Random(seed), Filler(shop)
    with shop.writing("orders.import"):
        for _count in range(orders):
            paid_on = last - timedelta(days=int(dice.triangular(0, 364, 60)))
            _add_order(filler, dice, paid_on)
        for _count in range(orders // 30):
            _add_callback(filler, dice, last)
        filler.order("2026-11-03", paid=5_000, currency="USD", title="Wireless earphones")
        filler.case("2026-11-04T03:00:00Z", status="cancelled", cancel_reason="spam")


def _add_order(filler: Filler, dice: random.Random, paid_on: date) -> None:
    position = min(int(dice.expovariate(0.6)), len(PRODUCTS) - 1)
    paid = dice.randrange(2_000, 40_000)
    bad = dice.random() < (0.30 if position == 1 else 0.05)
    if dice.random() < 0.08:
        filler.order(None, paid=None, refunded=None, placed_on=paid_on.isoformat(), title=PRODUCTS[position])
        return
    order_id = filler.order(
        paid_on.isoformat(), paid=paid, refunded=paid if bad else 0, title=PRODUCTS[position]
    )
    if bad or dice.random() < 0.05:
        _add_case(filler, dice, paid_on, order_id, bad=bad)


def _add_case(filler: Filler, dice: random.Random, paid_on: date, order_id: int, *, bad: bool) -> None:
    opened = datetime(paid_on.year, paid_on.month, paid_on.day, tzinfo=UTC)
    opened += timedelta(days=dice.randrange(1, 9), minutes=dice.randrange(1440))
    opened = min(opened, filler.shop.now - timedelta(minutes=dice.randrange(10, 20_000)))
    replied = opened + timedelta(seconds=int(dice.expovariate(1 / 5_000)))
    solved = replied + timedelta(hours=dice.expovariate(1 / 40))
    open_still = solved >= filler.shop.now or dice.random() < 0.03
    kinds = ("return", "refund_only") if bad else ("inquiry", "complaint", "order_problem", "repair")
    number = filler.case(
        to_text(opened),
        kind=dice.choice(kinds),
        channel=dice.choice(("platform_chat", "platform_chat", "phone", "email")),
        status="in_progress" if open_still else "closed",
        replied=to_text(replied) if replied < filler.shop.now else None,
        reply_expected=1,
        solved=None if open_still else to_text(solved),
        order_id=order_id,
        reason=dice.choice(("defect", "defect", "damaged_transit", "size_fit", "")) if bad else "",
    )
    if bad and not open_still:
        filler.refund(number, dice.randrange(1_000, 20_000))
    if dice.random() < 0.5 and not open_still:
        filler.rating(dice.choice((1, 3, 4, 4, 5, 5, 5)), to_text(min(solved, filler.shop.now))[:10])


def _add_callback(filler: Filler, dice: random.Random, last: date) -> None:
    due_on = (last - timedelta(days=dice.randrange(90))).isoformat()
    filler.callback(due_on, status=dice.choice(("done", "done", "done", "open", "dropped")))
