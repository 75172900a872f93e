"""A shop in which one person stands in every table and many files, and a search for what is left of that person."""

import io
import json
import zipfile
from pathlib import Path

from aftersales_cli.customers.privacy.consenting import record_consent
from aftersales_cli.customers.privacy.exporting import export_customer
from aftersales_cli.database.fetch import fetch_value
from aftersales_cli.desk.answering import hear_customer, note_case, reply_case
from aftersales_cli.desk.ending import resolve_case
from aftersales_cli.desk.opening import open_case
from aftersales_cli.desk.returns.evidence import add_evidence
from aftersales_cli.intake.inbox import run_inbox
from aftersales_cli.reports.register_workbook import export_register
from aftersales_cli.shop import Shop

NAME, PHONE, EMAIL, ACCOUNT = "欧阳晓梦", "13912345678", "ouyang.meng@example.test", "tb_xiaomeng_77"
CHAT = "快递员把我的琉璃花瓶摔碎了两次"
WORDS = (NAME, PHONE, EMAIL, ACCOUNT, CHAT, "139 1234 5678", "琉璃花瓶")
SAID = f"{NAME} {PHONE} {EMAIL} {ACCOUNT} {CHAT}"
ORDER, OTHER_ORDER = "4103876543219870002", "4103876543219870003"
HEADER = (
    "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,退款金额,宝贝总数量,买家会员名,收货人姓名,联系手机,"
    "买家留言\n"
)
ROWS = (
    f"{ORDER},50.00,50.00,交易成功,2026-11-01 10:00:00,2026-11-01 10:01:00,0.00,1,{ACCOUNT},{NAME},{PHONE},{CHAT}",
    f"{OTHER_ORDER},60.00,60.00,交易成功,2026-11-02 10:00:00,2026-11-02 10:01:00,0.00,1,cloud99,云朵朵,13800000009,请轻放",
    f"1.23457E+17,70.00,70.00,交易成功,2026-11-02 10:00:00,2026-11-02 10:01:00,0.00,1,{ACCOUNT},{NAME},{PHONE},{CHAT}",
)
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5")
_AT = "2026-11-10T01:00:00Z"


def write_orders(path: Path, *rows: str, encoding: str = "gbk") -> Path:
    """Write an order file of Taobao."""
    path.write_bytes((HEADER + "".join(row + "\n" for row in rows)).encode(encoding))
    return path


def fill_shop(shop: Shop) -> int:
    """Let the person buy, complain, answer and be written about everywhere; return the customer's number."""
    write_orders(shop.folder / "inbox" / "orders.csv", *ROWS)
    run_inbox(shop)
    number = int(
        fetch_value(
            shop.database, "SELECT customer_id FROM customer_keys WHERE external_id = :key", {"key": ACCOUNT}
        )
    )
    _work_on_case(shop)
    record_consent(
        shop, number, purpose="marketing", given=True, channel="phone", proof=f"said so herself: {SAID}"
    )
    with shop.writing("orders.import"):
        _write_rows(shop, number)
    _write_files(shop)
    export_customer(shop, number)
    return number


def _work_on_case(shop: Shop) -> None:
    case = open_case(shop, kind="complaint", say=CHAT, order=ORDER, channel="phone").number
    reply_case(shop, case, text=f"{NAME}您好, 我们马上处理")
    hear_customer(shop, case, text=f"打我电话 {PHONE}, 或 {EMAIL}")
    note_case(shop, case, f"{NAME} 很生气")
    picture = shop.folder.parent / f"{NAME}.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + SAID.encode())
    add_evidence(shop, case, [picture])
    export_register(shop)
    resolve_case(shop, case, resolution="apologised", cause="carrier_damage", note=SAID)
    other = open_case(shop, kind="inquiry", say="花瓶什么时候到", order=OTHER_ORDER, channel="phone").number
    note_case(shop, other, f"just like {NAME}, {PHONE}")


def _write_rows(shop: Shop, number: int) -> None:
    """Write into what nothing above has written."""
    run = shop.database.conn.execute
    order = fetch_value(shop.database, "SELECT id FROM orders WHERE external_id = :n", {"n": ORDER})
    case = fetch_value(shop.database, "SELECT number FROM cases WHERE order_id = :id", {"id": order})
    run("UPDATE customers SET email = ? WHERE id = ?", (EMAIL, number))
    run("UPDATE orders SET seller_note = ? WHERE id = ?", (SAID, order))
    run("UPDATE cases SET reason_raw = ?, typical_note = ? WHERE number = ?", (SAID, SAID, case))
    run("INSERT INTO customer_tags VALUES (?, ?, 'hand', ?, ?)", (number, f"friend of {NAME}", SAID, _AT))
    run(
        """INSERT INTO callbacks (reason, case_number, customer_id, due_on, priority, note, why, planned_at)
        VALUES ('promised', ?, ?, '2026-11-23', 1, ?, ?, ?)""",
        (case, number, SAID, SAID, _AT),
    )
    run(
        """INSERT INTO survey_answers (type, case_number, customer_id, score, comment, source, answered_at,
            answered_on, row_key) VALUES ('csat', ?, ?, 1, ?, 'survey.own', ?, '2026-11-10', ?)""",
        (case, number, SAID, _AT, f"survey.own|{PHONE}|{_AT}|1"),
    )
    run(
        """INSERT INTO reviews_received (storefront_id, order_external_id, order_id, stars, body, sku, title, row_key)
        VALUES (1, ?, ?, 1, ?, '', '', 'k')""",
        (ORDER, order, SAID),
    )
    run(
        """INSERT INTO handoffs (case_number, department, question, asked_at, asked_by, due_at, done_at, answer)
        VALUES (?, 'logistics', ?, ?, 'owner', ?, ?, ?)""",
        (case, SAID, _AT, _AT, _AT, SAID),
    )
    run("INSERT INTO incidents (title, note, opened_at) VALUES ('Vases', ?, ?)", (f"like {SAID}", _AT))
    run(
        """INSERT INTO return_requests (case_number, order_id, kind, status, reasons, requested_at, requested_on,
            requested_by, currency) VALUES (?, ?, 'return', 'rejected', ?, ?, '2026-11-10', 'owner', 'CNY')""",
        (case, order, SAID, _AT),
    )
    run(
        "INSERT INTO reviews (request_id, seq, step, verdict, reason, reviewer, at) VALUES (1, 1, 'first', 'rejected', ?, 'owner', ?)",
        (SAID, _AT),
    )
    run(
        """INSERT INTO return_parcels (case_number, request_id, direction, status, note)
        VALUES (?, 1, 'in', 'received', ?)""",
        (case, SAID),
    )
    run(
        """INSERT INTO refund_plans (case_number, order_id, currency, status, route, reason, key, planned_at, planned_by,
            failure, reference) VALUES (?, ?, 'CNY', 'succeeded', 'transfer', ?, 'k', ?, 'owner', ?, ?)""",
        (case, order, SAID, _AT, SAID, f"to {NAME}"),
    )
    run("INSERT INTO refund_attempts VALUES (1, 1, ?, 'owner', 'succeeded', ?, ?)", (_AT, SAID, SAID))
    run(
        """INSERT INTO statement_rows (code, source, currency, amount, reference, order_external_id, plan_id, read_at)
        VALUES ('c', 'bank', 'CNY', 500, ?, ?, 1, ?)""",
        (SAID, ORDER, _AT),
    )
    run(
        """INSERT INTO invoices (case_number, order_id, title, tax_id, currency, amount, asked_at, due_at)
        VALUES (?, ?, ?, '91310000MA1FL0AB3C', 'CNY', 5000, ?, ?)""",
        (case, order, f"{NAME}的公司", _AT, _AT),
    )
    run(
        "INSERT INTO case_costs (case_number, type, currency, amount, note, at, actor) VALUES (?, 'other', 'CNY', 5, ?, ?, 'owner')",
        (case, SAID, _AT),
    )
    run(
        """INSERT INTO repairs (case_number, kind, status, product, serial, problem, booked_at, diagnosis, currency,
            not_covered, ended_at) VALUES (?, 'repair', 'declined', 'Vase', 'SN-77', ?, ?, ?, 'CNY', ?, ?)""",
        (case, SAID, _AT, SAID, f"as {NAME} knows", _AT),
    )
    run(
        """INSERT INTO conflicts (import_id, storefront_id, table_name, row_key, column_name, ours, theirs, seen_at)
        VALUES (1, 1, 'orders', ?, 'buyer_note', ?, 'x', ?)""",
        (ORDER, SAID, _AT),
    )
    run("UPDATE imports SET file_name = ?, warnings = ?", (f"{NAME}.csv", json.dumps([{"value": NAME}])))
    run(
        "INSERT INTO row_history (import_id, table_name, row_key, before, after) VALUES (1, 'orders', ?, ?, ?)",
        (
            f"[{order}]",
            json.dumps({"buyer_note": SAID, "status": "paid"}),
            json.dumps({"buyer_note": "", "status": "finished"}),
        ),
    )


def _write_files(shop: Shop) -> None:
    """Put files where people and the program leave them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", (HEADER + ROWS[0]).encode("utf-16"))
    (shop.folder / "inbox" / "done" / "more.zip").write_bytes(packed.getvalue())
    rejected = shop.folder / "inbox" / "rejected" / "letter.txt"
    rejected.write_text(SAID, "big5", errors="ignore")
    (rejected.parent / "letter.txt.reason.txt").write_text("unknown", "utf-8")
    (shop.folder / "outbox" / "sub").mkdir()
    (shop.folder / "outbox" / "sub" / "list.txt").write_text(f"{NAME}", "utf-16")
    (shop.folder / "outbox" / "harmless.txt").write_text("nothing", "utf-8")
    (shop.folder / "inbox" / "done" / "harmless.csv").write_text("云朵朵", "utf-8")
    (shop.folder / "logs" / "night.log").write_text(f"Traceback: {json.dumps(NAME)}", "utf-8")
    (shop.folder / "backups" / "old.db").write_text(SAID, "utf-8")


def traces(folder: Path, words: tuple[str, ...] = WORDS) -> list[str]:
    """Return where anything of the words stands in the folder, backups apart, also packed and in other encodings."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] != "backups":
            found += [f"{path.relative_to(folder)}: {word}" for word in _traces_in(path.read_bytes(), words)]
            found += [f"{path.relative_to(folder)}: {word} (name)" for word in words if word in path.name]
    return found


def _traces_in(content: bytes, words: tuple[str, ...]) -> set[str]:
    found = {
        word
        for word in words
        for form in (word, json.dumps(word)[1:-1])
        for encoding in ENCODINGS
        if (written := form.encode(encoding, "ignore")) and written in content
    }
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                found |= _traces_in(archive.read(name), words)
    return found
