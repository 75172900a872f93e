"""Random steps, legal and illegal, never bring an order beyond what was bought and paid."""

import random
from dataclasses import dataclass, field, replace

import pytest

from aftersales_cli.desk.returns.ledger import build_ledger
from aftersales_cli.desk.returns.ledger_checks import check_refund, check_replacement, check_request
from aftersales_cli.desk.returns.line_values import amount_for, value_lines
from aftersales_cli.errors import RefusedError
from aftersales_cli.records.ledger import AskedLine, MoneyPart, OrderFacts, OrderLedger, SentAgain, SoldLine

STEPS = 25
LIVE = ("auto_approved", "approved")


@dataclass
class Plan:
    """A refund as the database would keep it."""

    parts: list[MoneyPart]
    status: str = "planned"


@dataclass
class World:
    """An order and everything that happened to it; what is legal is for the books to say."""

    dice: random.Random
    sold: list[SoldLine]
    paid: int | None
    postage: int
    asked: list[AskedLine] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    sent: list[SentAgain] = field(default_factory=list)
    platform: int = 0
    beyond: int = 0
    """Goodwill a lead let go beyond what was paid."""
    refused: int = 0

    def books(self) -> OrderLedger:
        parts = tuple(
            replace(part, paid=plan.status == "succeeded")
            for plan in self.plans
            if plan.status != "void"
            for part in plan.parts
        )
        return build_ledger(
            OrderFacts(
                1, "CNY", self.paid, self.postage, self.platform, tuple(self.sold), tuple(self.asked), parts,
                tuple(self.sent),
            )
        )  # fmt: skip


def make_world(dice: random.Random) -> World:
    """Return an order of one to three lines with odd prices, an order-level discount and postage."""
    sold = [
        SoldLine(
            number,
            f"SKU{number}",
            f"Thing {number}",
            dice.randint(1, 7),
            dice.choice([0, 1, 3, 99, 333, 1000, 9999]),
            None,
        )
        for number in range(1, dice.randint(1, 3) + 1)
    ]
    postage = dice.choice([0, 0, 7, 600])
    listed = sum((line.unit_price or 0) * line.quantity for line in sold)
    paid = max(0, listed - dice.choice([0, 1, 5, 100, 333])) + postage
    # The values are frozen at the first use, as the shop's database does.
    values = value_lines(sold, paid=paid, postage=postage)
    assert sum(value.goods for value in values) == max(0, paid - postage)
    frozen = [
        replace(line, value=value.goods, value_quantity=value.quantity, basis=value.basis)
        for line, value in zip(sold, values, strict=True)
    ]
    return World(dice, frozen, paid, postage)


def ask(world: World) -> None:
    dice, line = world.dice, world.dice.choice(world.sold)
    pieces = dice.randint(1, line.quantity + 2)
    check_request(world.books(), {line.id: pieces})
    kind = dice.choice(["return", "return", "exchange", "refund_only", "repair"])
    world.asked.append(
        AskedLine(
            len(world.asked) + 1, 1, line.id, kind, "submitted", kind == "refund_only" and dice.random() < 0.5, False,
            pieces, 0, 0, 0, 0, 0, 0, 0, "",
        )
    )  # fmt: skip


def decide(world: World) -> None:
    waiting = [index for index, entry in enumerate(world.asked) if entry.status == "submitted"]
    if waiting:
        index = world.dice.choice(waiting)
        entry = world.asked[index]
        status = world.dice.choice(["approved", "approved", "auto_approved", "rejected", "withdrawn"])
        approved = world.dice.randint(1, entry.asked) if status in LIVE else 0
        world.asked[index] = replace(entry, status=status, approved=approved)


def inspect(world: World) -> None:
    ready = [
        index for index, entry in enumerate(world.asked)
        if entry.status in LIVE and entry.kind in ("return", "exchange") and not entry.disposition
    ]  # fmt: skip
    if ready:
        index = world.dice.choice(ready)
        entry, left, counts = world.asked[index], world.asked[index].approved, []
        for _name in range(4):
            counts.append(world.dice.randint(0, left))
            left -= counts[-1]
        world.asked[index] = replace(
            entry, received=entry.approved - counts[3], accepted=counts[0], damaged=counts[1], rejected=counts[2],
            short=counts[3], disposition=world.dice.choice(["restock", "return", "scrap"]),
        )  # fmt: skip


def send_again(world: World) -> None:
    dice, line = world.dice, world.dice.choice(world.sold)
    request = dice.choice([None, *[entry for entry in world.asked if entry.order_line_id == line.id]])
    pieces = dice.randint(1, 3)
    return_line = request.id if request else None
    back = dice.choice([0, 0, dice.randint(0, 2_000)])
    check_replacement(world.books(), pieces, order_line_id=line.id, return_line_id=return_line, back=back)
    world.sent.append(SentAgain(line.id, return_line, pieces, dice.random() < 0.7, back))
    check_worth(world, line)


def plan(world: World) -> None:
    dice, books = world.dice, world.books()
    line = dice.choice(world.sold)
    entry = books.line(line.id)
    assert entry is not None
    pieces = dice.randint(0, line.quantity + 1)
    requests = [asked.id for asked in world.asked if asked.order_line_id == line.id]
    due = amount_for(entry, pieces)
    parts = [
        MoneyPart(
            "goods",
            dice.choice([due, due, due + dice.randint(-3, 3), dice.randint(0, 2 * (entry.goods + 1))]),
            line.id,
            dice.choice([None, *requests]),
            pieces,
        )
    ]
    if dice.random() < 0.3:
        parts.append(MoneyPart("shipping", dice.randint(0, world.postage + 3)))
    if dice.random() < 0.2:
        parts.append(MoneyPart("fee", -dice.randint(-1, 50)))
    if dice.random() < 0.2:
        parts.append(MoneyPart("goodwill", dice.randint(0, 300)))
    may_exceed = dice.random() < 0.3
    world.beyond += check_refund(books, parts, may_exceed=may_exceed)
    before = total_given(world)
    world.plans.append(Plan(parts))
    check_worth(world, line)
    # With the marketplace's own money, too, only goodwill of a lead goes beyond what was paid.
    goodwill = sum(part.amount for part in parts if part.type == "goodwill") if may_exceed else 0
    assert world.paid is not None
    assert total_given(world) <= max(world.paid, before) + goodwill


def check_worth(world: World, line: SoldLine) -> None:
    """What is paid back is the worth of pieces not replaced, or asked back of their own right, and differences."""
    assert line.value is not None
    live = [part for entry in world.plans if entry.status != "void" for part in entry.parts]
    mine = [part for part in live if part.type == "goods" and part.order_line_id == line.id]
    sent = [entry for entry in world.sent if entry.order_line_id == line.id]
    claims = sum(part.quantity for part in mine if part.return_line_id is None)
    for asked in world.asked:
        if asked.order_line_id != line.id:
            continue
        paid = sum(part.quantity for part in mine if part.return_line_id == asked.id)
        replaced = sum(entry.quantity for entry in sent if entry.return_line_id == asked.id)
        waiting = asked.status == "submitted" or asked.kind == "repair"
        claims += paid if waiting else max(paid, _with_customer_no_more(asked) - replaced)
    replaced = sum(entry.quantity for entry in sent)
    pieces = min(line.quantity, max(line.quantity - replaced, claims))
    worth = -(-line.value * pieces // line.quantity) + sum(entry.back for entry in sent)
    assert sum(part.amount for part in mine) <= worth
    paid_pieces = sum(part.quantity for part in mine)
    if not any(asked.order_line_id == line.id for asked in world.asked):
        assert paid_pieces + replaced <= line.quantity


def total_given(world: World) -> int:
    """Return what goes back by our own plans and by the marketplace."""
    live = [part.amount for entry in world.plans if entry.status != "void" for part in entry.parts]
    return sum(live) + world.platform


def settle(world: World) -> None:
    running = [entry for entry in world.plans if entry.status == "planned"]
    if running:
        world.dice.choice(running).status = world.dice.choice(["succeeded", "void"])


def platform_pays(world: World) -> None:
    """Let the marketplace pay as it likes: that is a fact nobody here can refuse."""
    if world.dice.random() < 0.2:
        amount = world.dice.randint(1, 500)
        world.platform += amount


STEPS_OF_A_CASE = (ask, ask, decide, decide, inspect, send_again, plan, plan, settle, platform_pays)


def check_invariants(world: World) -> None:
    """Add everything up afresh, without the books."""
    live = [part for entry in world.plans if entry.status != "void" for part in entry.parts]
    for line in world.sold:
        assert line.value is not None
        mine = [part for part in live if part.type == "goods" and part.order_line_id == line.id]
        assert sum(part.amount for part in mine) <= line.value
        assert sum(part.quantity for part in mine) <= line.quantity
        assert all(part.amount >= 0 for part in mine)
        out = sum(entry.quantity for entry in world.sent if entry.order_line_id == line.id and entry.sent)
        taken = sum(part.quantity for part in mine if part.return_line_id is None)
        taken += sum(
            sent.quantity
            for sent in world.sent
            if sent.order_line_id == line.id and sent.return_line_id is None
        )
        for entry in world.asked:
            if entry.order_line_id == line.id:
                settled = sum(part.quantity for part in mine if part.return_line_id == entry.id)
                settled += sum(sent.quantity for sent in world.sent if sent.return_line_id == entry.id)
                taken += max(settled, _with_customer_no_more(entry))
        assert taken <= line.quantity + out
    for entry in world.asked:
        back = sum(part.quantity for part in live if part.return_line_id == entry.id)
        again = sum(sent.quantity for sent in world.sent if sent.return_line_id == entry.id)
        assert back + again <= (entry.approved if entry.status in LIVE else 0) or not (back or again)
    assert sum(part.amount for part in live if part.type == "shipping") <= world.postage
    own = sum(part.amount for part in live)
    assert world.paid is not None
    assert own <= world.paid + world.beyond
    books = world.books()
    assert books.given == own + world.platform
    assert sum(line.goods for line in books.lines) + world.postage >= world.paid


def _with_customer_no_more(entry: AskedLine) -> int:
    if entry.status == "submitted":
        return entry.asked
    if entry.status not in LIVE or entry.partial:
        return 0
    return entry.approved - entry.short - (entry.rejected if entry.disposition == "return" else 0)


def play(seed: int) -> World:
    world = make_world(random.Random(seed))
    for _step in range(STEPS):
        step = world.dice.choice(STEPS_OF_A_CASE)
        try:
            step(world)
        except RefusedError:
            world.refused += 1
        check_invariants(world)
    return world


def play_many(first: int, count: int) -> None:
    refused = taken = 0
    for seed in range(first, first + count):
        world = play(seed)
        refused += world.refused
        taken += len(world.asked) + len(world.plans) + len(world.sent)
    # Both kinds of steps were really tried.
    assert refused > count
    assert taken > count


def test_random_steps_keep_every_invariant() -> None:
    play_many(0, 1_000)


@pytest.mark.slow
def test_twenty_thousand_random_sequences_keep_every_invariant() -> None:
    play_many(0, 20_000)


def test_parts_always_add_up_to_the_whole() -> None:
    """Piece by piece in any order, with refunds void in between: at the end exactly what was paid is back."""
    for seed in range(1_500):
        dice = random.Random(seed)
        world = make_world(dice)
        for _round in range(200):
            open_lines = [line for line in world.books().lines if line.refunded < line.bought]
            if not open_lines:
                break
            running = [entry for entry in world.plans if entry.status == "planned"]
            if running and dice.random() < 0.25:
                dice.choice(running).status = "void"
                continue
            entry = dice.choice(open_lines)
            pieces = dice.randint(1, entry.bought - entry.refunded)
            part = MoneyPart("goods", amount_for(entry, pieces), entry.order_line_id, None, pieces)
            check_refund(world.books(), [part])
            world.plans.append(Plan([part]))
        books = world.books()
        if books.postage:
            check_refund(books, [MoneyPart("shipping", books.postage)])
        assert all(line.refunded_amount == line.goods for line in books.lines)
        assert books.goods + books.postage == books.paid
