"""Plays a script of the desk through the command line, at the moments the script names."""

import contextlib
import io
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from aftersales_cli.cli.main import run_command
from aftersales_cli.clock import NOW_VARIABLE, local_text, parse_moment, to_text
from aftersales_cli.database.fetch import insert
from aftersales_cli.database.handoffs import list_handoffs
from aftersales_cli.database.sla import list_case_clocks
from aftersales_cli.desk.register_form import CASES
from aftersales_cli.language import use_language
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop
from aftersales_cli.team.storefronts import require_storefront
from tests.desk.sla_helpers import write_settings

HERE = Path(__file__).parent
SCRIPT = HERE / "week_script.txt"
NIGHT_CALENDAR = """[night]
zh = "夜班"
en = "night shift"
country = "none"
hours = { monday = "20:00-02:00", tuesday = "20:00-02:00", wednesday = "20:00-02:00", thursday = "20:00-02:00", friday = "20:00-02:00", saturday = "20:00-02:00", sunday = "20:00-02:00" }

"""
DUTY = "date,open|closed,hours,note\n2026-10-06,open,10:00-14:00,duty\n"
NIGHT_POLICY = """[[policy]]
name = "night"
zh = "WhatsApp 夜班"
en = "WhatsApp, answered by the night shift"
match = { channel = "whatsapp" }
first_reply = { target = "30min", calendar = "night" }
next_reply = { target = "30min", calendar = "night" }

"""
ZONE = ZoneInfo("Asia/Shanghai")

_DAY = re.compile(r"== (\d{4}-\d\d-\d\d)\b")
_STEP = re.compile(r"(\d\d:\d\d) (\w+)(?: !(\d+))?(?: > (\w+))?: (.+)", re.DOTALL)

ORDERS = (
    # number, storefront, customer, phone, placed, status, sku, product, pieces, paid in cents of its currency
    ("T1001", "taobao", "王小明", "13800138001", "2026-09-26 20:10", "paid", "SOFA-2", "云朵抱枕", 2, 9900),
    ("T1002", "taobao", "李芳", "13800138002", "2026-09-20 11:00", "finished", "BAG-7", "帆布包", 1, 12900),
    ("T1003", "taobao", "赵强", "13800138003", "2026-09-29 15:40", "paid", "KET-1", "电水壶", 1, 15900),
    ("T1004", "taobao", "孙丽", "13800138004", "2026-09-22 09:30", "shipped", "SHIRT-M", "棉麻衬衫", 1, 18900),
    ("T1005", "taobao", "周敏", "13800138005", "2026-09-18 21:00", "finished", "CREAM-1", "保湿面霜", 1, 8800),
    ("T1006", "taobao", "吴磊", "13800138006", "2026-09-24 10:00", "shipped", "CUP-9", "玻璃杯", 6, 7800),
    ("T1007", "taobao", "郑凯", "13800138007", "2026-08-02 10:00", "finished", "KET-1", "电水壶", 1, 15900),
    ("T1008", "taobao", "冯雪", "13800138008", "2026-09-25 19:00", "shipped", "CUP-9", "玻璃杯", 2, 2600),
    ("J3001", "jd", "陈晨", "13900139001", "2026-09-21 08:00", "finished", "BAG-7", "帆布包", 1, 12900),
    ("J3002", "jd", "褚卫", "13900139002", "2026-09-25 08:30", "shipped", "CUP-9", "玻璃杯", 4, 5200),
    ("J3003", "jd", "蒋欣", "13900139003", "2026-09-26 12:00", "shipped", "CUP-9", "玻璃杯", 2, 2600),
    ("J3004", "jd", "沈浩", "13900139004", "2026-09-27 18:20", "finished", "SOFA-2", "云朵抱枕", 1, 4950),
    ("S2001", "global", "Anna Berg", "+49 30 5550101", "2026-09-12 16:00", "shipped", "BAG-7", "Canvas bag", 1, 3900),
    ("S2002", "global", "Tom Reed", "+1 555 010 0102", "2026-09-14 03:00", "finished", "SHIRT-M", "Linen shirt", 2, 5800),
)  # fmt: skip


Moments = dict[tuple[object, ...], str]
"""Case, metric, cycle and turn of a clock, or "handoff" and its number → when it is due, in local time."""


@dataclass
class Played:
    """What came of a script."""

    folder: Path
    language: str
    shown: dict[str, list[str]] = field(default_factory=dict)
    """Name of a golden file → what the steps for it printed, each under a heading."""
    said: list[str] = field(default_factory=list)
    """Everything that was printed, for people who want to read the whole week."""
    probes: dict[str, Moments] = field(default_factory=dict)
    """Name of a moment → what was due then."""
    wrong: list[str] = field(default_factory=list)
    """Steps that ended with another exit code than the script says."""


@dataclass(frozen=True)
class Step:
    """One line of the script."""

    at: datetime
    agent: str
    code: int
    golden: str
    words: list[str]


def read_script(text: str) -> Iterator[Step]:
    """Yield the steps of a script: ``== DAY``, then ``HH:MM AGENT [!CODE] [> GOLDEN]: command`` lines.

    An indented line goes on with the one before it; ``#`` begins a remark.
    """
    day = ""
    for block in re.split(r"\n(?=\S)", text):
        if block.startswith("#"):
            continue
        if found := _DAY.match(block):
            day = found[1]
            continue
        step = _STEP.fullmatch(block.strip())
        assert step, block
        at = datetime.fromisoformat(f"{day}T{step[1]}").replace(tzinfo=ZONE).astimezone(UTC)
        yield Step(at, step[2], int(step[3] or 0), step[4] or "", shlex.split(step[5]))


def play_week(folder: Path, language: str, patch: pytest.MonkeyPatch) -> Played:
    """Found a shop, give it orders and its own settings, and play the whole script."""
    patch.setenv("LC_ALL", "C.UTF-8")
    for name in ("AFTERSALES_SHOP", "AFTERSALES_AGENT", "LANGUAGE"):
        patch.delenv(name, raising=False)
    use_language(language)
    patch.setenv(NOW_VARIABLE, "2026-09-28T01:00:00Z")
    shop_folder = found_shop(folder / "shop", name="棉花糖小铺", language=language).folder
    write_settings(shop_folder, "calendar.toml", ("[business]\n", NIGHT_CALENDAR + "[business]\n"))
    write_settings(
        shop_folder, "sla.toml", ('[[policy]]\nname = "mail"', NIGHT_POLICY + '[[policy]]\nname = "mail"')
    )
    (shop_folder / "duty.csv").write_text(DUTY, encoding="utf-8")
    played = Played(shop_folder, language)
    patch.chdir(shop_folder)
    for step in read_script(SCRIPT.read_text(encoding="utf-8")):
        patch.setenv(NOW_VARIABLE, to_text(step.at))
        _take(played, step)
    return played


def _take(played: Played, step: Step) -> None:
    heading = f"{step.at.astimezone(ZONE):%Y-%m-%d %H:%M} {step.agent}> {shlex.join(step.words)}"
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        if step.words[0] == "add-orders":
            code = _with_shop(played.folder, add_orders)
        elif step.words[0] == "probe":
            code = _with_shop(played.folder, lambda shop: played.probes.update({step.words[1]: probe(shop)}))
        elif step.words[0] == "fill":
            code = fill_register(played.folder, step.words[1], step.words[2], step.words[3:])
        else:
            words = [str(_newest(played.folder)) if word == "REGISTER" else word for word in step.words]
            code = run_command(["--as", step.agent, *words])
    text = printed.getvalue().replace(str(played.folder), "SHOP")
    played.said.append(f"{heading}\n{text}")
    if step.golden:
        played.shown.setdefault(step.golden, []).append(f"{heading}\n\n{text}")
    if code != step.code:
        played.wrong.append(f"{code} instead of {step.code}: {heading}\n{text}")


def _with_shop(folder: Path, work: Callable[[Shop], None]) -> int:
    shop = open_shop(folder)
    try:
        work(shop)
    finally:
        shop.close()
    return 0


def probe(shop: Shop) -> Moments:
    """Return when every promise and every answer of a department is due, in local time."""
    clocks = [clock for row in range(1, 99) for clock in list_case_clocks(shop.database, row)]
    due: Moments = {
        (clock.case_number, clock.metric, clock.cycle, clock.turn): local_text(clock.due_at, shop.zone)
        for clock in clocks
    }
    for handoff in list_handoffs(shop.database):
        due["handoff", handoff.id] = local_text(handoff.due_at, shop.zone)
    return due


def add_orders(shop: Shop) -> None:
    """Put orders and their customers into the shop, as an import would have left them."""
    for number, code, name, phone, placed, status, sku, product, pieces, paid in ORDERS:
        storefront = require_storefront(shop, code)
        with shop.writing("orders.import"):
            customer = insert(
                shop.database,
                "INSERT INTO customers (name, phone, created_at) VALUES (:name, :phone, :at)",
                {"name": name, "phone": phone, "at": shop.stamp},
            )
            values = {
                "storefront": storefront.id,
                "number": number,
                "customer": customer,
                "placed_at": to_text(parse_moment(placed, shop.zone)),
                "placed_on": placed[:10],
                "status": status,
                "currency": storefront.currency,
                "paid": paid,
                "sku": sku,
                "title": product,
                "pieces": pieces,
            }
            values["order"] = insert(
                shop.database,
                "INSERT INTO orders (storefront_id, external_id, display_number, customer_id, placed_at, "
                "placed_on, status, status_raw, close_reason, currency, total, paid, paid_basis, refunded_basis, "
                "title, buyer_note, seller_note, progress, as_of) VALUES (:storefront, :number, :number, "
                ":customer, :placed_at, :placed_on, :status, '', '', :currency, :paid, :paid, 'stated', "
                "'none', :title, '', '', 1, '')",
                {key: value for key, value in values.items() if key not in {"sku", "pieces"}},
            )
            insert(
                shop.database,
                "INSERT INTO order_lines (storefront_id, order_external_id, order_id, line_key, sku, title, "
                "variant, quantity, currency, status_raw) "
                "VALUES (:storefront, :number, :order, :sku, :sku, :title, '', :pieces, :currency, '')",
                {
                    key: values[key]
                    for key in ("storefront", "number", "order", "sku", "title", "pieces", "currency")
                },
            )


def _newest(folder: Path) -> Path:
    return max((folder / "outbox").glob("*.xlsx"), key=lambda entry: entry.stat().st_mtime_ns)


def fill_register(folder: Path, sheet: str, key: str, values: list[str]) -> int:
    """Fill in a row of the newest register as staff do: ``key`` is a case number, or ``new`` for the next new row."""
    path = _newest(folder)
    book = openpyxl.load_workbook(path)
    columns = list(CASES.columns)
    page = book[sheet]
    for row in range(1, page.max_row + 1):
        number = str(page.cell(row, columns.index("case") + 1).value or "")
        taken = page.cell(row, columns.index("said") + 1).value
        if number == key or (key == "new" and number in {"new", "新"} and not taken):
            for entry in values:
                name, _sign, text = entry.partition("=")
                page.cell(row, columns.index(name) + 1).value = text
            book.save(path)
            return 0
    raise AssertionError(f"{sheet} has no row {key}")
