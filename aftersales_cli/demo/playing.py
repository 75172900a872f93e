"""Play the whole demonstration: found the shop, live through its year, run the night, and work a morning."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from aftersales_cli.clock import NOW_VARIABLE, month_of, to_text
from aftersales_cli.demo.abroad import invent_shopify_orders, write_shopify_file
from aftersales_cli.demo.days import MORNING, NIGHT, STARTED
from aftersales_cli.demo.desk_cases import DeskCase, invent_desk_cases, invent_morning_cases
from aftersales_cli.demo.morning import play_morning
from aftersales_cli.demo.orders import invent_taobao_orders
from aftersales_cli.demo.refunds import invent_refunds
from aftersales_cli.demo.taobao_files import SHOP_NAME, refund_rows, write_order_file
from aftersales_cli.demo.weeks import Team, play_weeks
from aftersales_cli.errors import AftersalesError
from aftersales_cli.insight.findings import three_findings
from aftersales_cli.language import _, current_language, pick
from aftersales_cli.records.runs import JobStep
from aftersales_cli.reports.plain_sheet import write_plain_sheet
from aftersales_cli.runner.job_files import find_job
from aftersales_cli.runner.running import RunOptions, run_now
from aftersales_cli.runner.steps import judge
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.agents import add_agent
from aftersales_cli.team.founding import found_shop
from aftersales_cli.team.storefronts import add_storefront

SEED = 20261122
OWNER = "owner"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Demonstration:
    """What is there at the end."""

    folder: Path
    callback_list: Path
    workbook: Path
    findings: list[str]
    """What is wrong in this shop, as sentences."""
    month: str
    day: str
    open_case: int
    """Number of a case worth looking at."""


def play_demonstration(folder: Path, tell: Tell) -> Demonstration:
    """Make a shop in a folder and play it; ``tell`` is called with a line before each part.

    Speaks the current language. Raises RefusedError if there is a shop already, FileError.
    """
    with _at(STARTED):
        tell(_("Making a shop in {folder} …", folder=folder))
        place = found_shop(folder, name=pick(_NAMES), language=current_language()).folder
        shop = open_shop(place, agent=OWNER)
        try:
            morning_cases = _live_through_the_year(shop, tell)
        finally:
            shop.close()
    with _opened(place, NIGHT) as shop:
        tell(_("The night of {moment}: the nightly job …", moment=NIGHT.strftime("%Y-%m-%d %H:%M")))
        _run_night(shop, tell)
    with _opened(place, MORNING) as shop:
        tell(_("The morning: two new cases, some answers, and the callback list …"))
        worked = play_morning(shop, *morning_cases)
        month = month_of(shop.today)
        return Demonstration(
            folder=place,
            callback_list=worked.callback_list,
            workbook=worked.workbook,
            findings=three_findings(shop, month),
            month=month.label,
            day=shop.today.isoformat(),
            open_case=worked.open_case,
        )


_NAMES = {"zh": "棉花糖家居", "en": "Cotton Candy Home"}
_AGENTS = (("xiaoyu", {"zh": "小雨", "en": "Xiaoyu"}), ("mia", {"zh": "米娅", "en": "Mia"}))


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """Let it be that moment, for this process and those it starts."""
    before = os.environ.get(NOW_VARIABLE)
    os.environ[NOW_VARIABLE] = to_text(moment)
    try:
        yield
    finally:
        if before is None:
            del os.environ[NOW_VARIABLE]
        else:
            os.environ[NOW_VARIABLE] = before


@contextmanager
def _opened(folder: Path, moment: datetime) -> Iterator[Shop]:
    with _at(moment):
        shop = open_shop(folder, agent=OWNER)
        try:
            yield shop
        finally:
            shop.close()


@dataclass(frozen=True)
class _Story:
    """What is in none of the files."""

    weeks: list[DeskCase]
    morning: tuple[DeskCase, DeskCase]


def _live_through_the_year(shop: Shop, tell: Tell) -> tuple[DeskCase, DeskCase]:
    """Fill the inbox, play the weeks, and return the cases that will come in the morning."""
    tell(_("Inventing a year of customers, orders and refunds …"))
    rng = Random(SEED)  # noqa: S311 - the demonstration must be the same every time
    story = _fill_inbox(shop.folder / "inbox", rng)
    tell(_("Three months at the desk …"))
    agents = [add_agent(shop, code, name=pick(names)) for code, names in _AGENTS]
    add_storefront(shop, "taobao", name=SHOP_NAME, platform="taobao")
    add_storefront(shop, "shopify", name=_NAMES["en"], platform="shopify", currency="USD")
    play_weeks(shop, rng, Team(*agents), story.weeks)
    return story.morning


def _fill_inbox(inbox: Path, rng: Random) -> _Story:
    """Write the files a seller would have downloaded, and return what is in none of them."""
    taobao = invent_taobao_orders(rng)
    refunds = invent_refunds(rng, taobao)
    shopify = invent_shopify_orders(rng)
    write_order_file(inbox / "ExportOrderList202611212340.csv", taobao, refunds)
    write_plain_sheet(inbox / "退款管理-20261121.xlsx", "退款", refund_rows(refunds))
    write_shopify_file(inbox / "orders_export_1.csv", shopify)
    refunded = {refund.order.number for refund in refunds}
    weeks = invent_desk_cases(rng, taobao, shopify, refunded)
    taken = refunded | {case.order_number for case in weeks}
    return _Story(weeks, invent_morning_cases(rng, taobao, taken))


def _run_night(shop: Shop, tell: Tell) -> None:
    def report(step: JobStep) -> None:
        tell(_("  {step}: {seconds} s", step=step.name, seconds=f"{step.seconds:.1f}"))
        if judge(step.exit_code) == "failed":
            log = shop.folder / (step.log_file or "logs")
            raise AftersalesError(
                _("The step “{step}” of the night failed.", step=step.name),
                remedy=_("What it said is in {path}.", path=log),
            )

    run_now(shop, find_job("nightly", shop.folder), RunOptions(on_step=report))
