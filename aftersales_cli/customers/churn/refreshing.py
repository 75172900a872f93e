"""Bring the churn scores of all customers up to date, writing only what is different."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from aftersales_cli.clock import to_text
from aftersales_cli.customers.churn.buyers import Buyer, gather_buyers
from aftersales_cli.customers.churn.methods import Method, choose_method, explain_guards
from aftersales_cli.customers.churn.reasons import (
    add_reason,
    late_refunds,
    long_replies,
    sort_signs,
    stock_and_price_words,
    word_signs,
)
from aftersales_cli.customers.churn.scoring import score_buyers
from aftersales_cli.database.churn import (
    delete_scores,
    insert_run,
    iterate_order_days,
    last_run,
    list_scores,
    write_scores,
)
from aftersales_cli.database.churn_signs import (
    iterate_messages,
    list_refund_waits,
    list_reply_waits,
    list_told_signs,
)
from aftersales_cli.database.rates import load_rates
from aftersales_cli.records.churn import ChurnRun, ChurnScore, ChurnSign
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class ChurnRefresh:
    """What a refresh did."""

    as_of: str
    method: str
    customers: int
    evaluations: int
    """Different histories the model was asked about, 0 under the rule of gaps."""
    written: int
    """Scores that are new or different."""
    deleted: int
    """Scores of customers without paid orders."""
    new_run: bool


def read_buyers(shop: Shop, on: date) -> list[Buyer]:
    """Return the customers with a paid order up to a day, amounts in minor units of the shop's currency."""
    own, rates = shop.settings.shop.currency, load_rates(shop.database)

    def value(amount: int, currency: str, day: str) -> int | None:
        return amount if currency == own else rates.convert(amount, currency, own, day)

    return gather_buyers(iterate_order_days(shop.database, on.isoformat()), value)


def refresh_churn(shop: Shop, on: date) -> ChurnRefresh:
    """Score all customers as of the end of a day; scores and run are written only where they differ."""
    buyers = read_buyers(shop, on)
    end = on.toordinal()
    method = choose_method(buyers, end)
    scores, evaluations = score_buyers(buyers, end, method)
    signs = sort_signs(_read_signs(shop, on))
    wanted = {score.customer_id: add_reason(score, signs) for score in scores}
    stored = list_scores(shop.database)
    changed = [score for number, score in wanted.items() if stored.get(number) != score]
    gone = [number for number in stored if number not in wanted]
    run = _make_run(on, buyers, method)
    is_new_run = last_run(shop.database, run.as_of) != run
    if changed or gone or is_new_run:
        _write(shop, run if is_new_run else None, run.as_of, changed, gone)
    return ChurnRefresh(
        run.as_of, run.method, run.customers, evaluations, len(changed), len(gone), is_new_run
    )


def _write(shop: Shop, run: ChurnRun | None, on: str, changed: list[ChurnScore], gone: list[int]) -> None:
    with shop.writing("customers.churn") as writing:
        write_scores(shop.database, on, changed)
        delete_scores(shop.database, gone)
        # Another process may have scored the same day meanwhile.
        if run and last_run(shop.database, on) != run:
            insert_run(shop.database, run, shop.stamp)
        writing.count(scores=len(changed), deleted=len(gone))


def _make_run(on: date, buyers: list[Buyer], method: Method) -> ChurnRun:
    return ChurnRun(
        as_of=on.isoformat(),
        method=method.code,
        customers=len(buyers),
        repeaters=sum(1 for buyer in buyers if buyer.repeats),
        parameters=json.dumps(method.parameters),
        explanation=json.dumps(explain_guards(method.guards)),
    )


def _read_signs(shop: Shop, on: date) -> list[ChurnSign]:
    db, day = shop.database, on.isoformat()
    midnight = datetime.combine(on + timedelta(days=1), time(), tzinfo=shop.zone)
    at = to_text(min(midnight.astimezone(UTC), shop.now))
    return [
        *list_told_signs(db, day, shop.settings.callbacks.low_score),
        *late_refunds(list_refund_waits(db, day, at), at),
        *long_replies(list_reply_waits(db, day), at),
        *word_signs(iterate_messages(db, day), stock_and_price_words(shop.taxonomy("reasons"))),
    ]
