"""Callbacks, hold-outs and purchases, written straight into a shop."""

from datetime import date, timedelta

from aftersales_cli.customers.plans.plan_files import load_plans
from aftersales_cli.customers.plans.plan_versions import keep_plans
from aftersales_cli.database.fetch import insert
from aftersales_cli.shop import Shop
from aftersales_cli.team.storefronts import add_storefront

DAY = "2026-09-01"


class Story:
    """Writes callbacks, hold-outs and purchases straight into a shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        add_storefront(shop, "own", platform="taobao")
        with shop.writing("callbacks.plan"):
            self.versions = {
                code: version.id for code, version in keep_plans(shop, load_plans(shop.folder)).items()
            }
        self.orders = 0

    def insert(self, table: str, **values: object) -> int:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        with self.shop.writing("callbacks.plan"):
            return insert(self.shop.database, f"INSERT INTO {table} ({names}) VALUES ({marks})", values)

    def customer(self) -> int:
        return self.insert("customers", created_at=self.shop.stamp)

    def call(
        self,
        outcome: str = "reached",
        *,
        plan: str = "win_back",
        hour: int = 2,
        channel: str = "phone",
        customer: int | None = None,
        day: str = DAY,
    ) -> int:
        """Record a call at an hour of UTC; returns the customer."""
        person = customer or self.customer()
        self.insert(
            "callbacks",
            reason="win_back",
            customer_id=person,
            due_on=day,
            priority=1,
            status="done" if outcome else "open",
            outcome=outcome,
            planned_at=f"{day}T00:00:00Z",
            recorded_at=f"{day}T{hour:02}:30:00Z" if outcome else None,
            recorded_on=day if outcome else None,
            plan_id=self.versions[plan],
            channel=channel,
        )
        return person

    def hold_out(self, why: str = "lot", *, plan: str = "win_back", day: str = DAY) -> int:
        person = self.customer()
        self.insert("callback_holdouts", plan_id=self.versions[plan], customer_id=person, due_on=day, why=why)
        return person

    def buy(self, customer: int, *, after: int = 5, day: str = DAY) -> None:
        self.orders += 1
        on = (date.fromisoformat(day) + timedelta(days=after)).isoformat()
        self.insert(
            "orders", storefront_id=1, external_id=f"77{self.orders:06}", display_number="", customer_id=customer,
            paid_on=on, status="paid", status_raw="", close_reason="", currency="CNY", paid_basis="stated",
            refunded_basis="none", title="", buyer_note="", seller_note="", progress=2, as_of="",
        )  # fmt: skip

    def score(self, customer: int, score: int, *, day: str = "2026-09-04") -> None:
        self.insert(
            "survey_answers", type="csat", customer_id=customer, score=score, source="survey.own",
            answered_at=f"{day}T00:00:00Z", answered_on=day,
        )  # fmt: skip
