"""Searching in 200,000 messages, against LIKE on the same table."""

import random
from functools import partial

from aftersales_cli.database.cases import insert_case_message
from aftersales_cli.database.search import find_search_faults
from aftersales_cli.desk.searching import search_cases
from aftersales_cli.shop import DATABASE_NAME, Shop
from tests.benchmarks.setup import Setup
from tests.benchmarks.timing import Ratio, Table, medians, ratio_table

CASES, MESSAGES = 40_000, 200_000
_WRITTEN = 200
"""Messages added one by one."""

_CHINESE = [
    "退货",
    "快递",
    "发货",
    "物流",
    "签收",
    "丢件",
    "少件",
    "客服",
    "订单",
    "质量",
    "颜色",
    "尺码",
    "收到",
    "包装",
    "杯子",
    "裂了",
    "漏水",
    "味道",
    "大小",
    "不合适",
    "换货",
    "补发",
    "优惠券",
    "差价",
    "保价",
    "发票",
    "电话",
    "地址",
    "修改",
    "催促",
    "赔偿",
    "平台",
    "介入",
    "投诉",
    "好评",
    "谢谢",
    "您好",
    "亲",
    "请问",
    "什么时候",
    "到",
    "我要的是",
    "红色",
    "但是",
    "来的是",
    "蓝色",
    "麻烦",
    "处理一下",
    "已经",
    "三天了",
    "还没有",
    "消息",
    "怎么回事",
    "说明书",
    "配件",
    "螺丝",
    "开关",
    "不亮",
    "充电",
    "没反应",
    "屏幕",
    "划痕",
    "假货",
    "保质期",
    "生产日期",
]
_ENGLISH = [
    "the",
    "parcel",
    "arrived",
    "and",
    "i",
    "would",
    "like",
    "to",
    "have",
    "a",
    "please",
    "send",
    "new",
    "one",
    "my",
    "address",
    "thank",
    "you",
    "for",
    "your",
    "help",
    "colour",
    "is",
    "wrong",
    "size",
    "does",
    "not",
    "fit",
    "when",
    "will",
    "it",
    "be",
    "shipped",
    "tracking",
    "number",
    "says",
    "delivered",
    "but",
    "nothing",
    "came",
    "box",
    "was",
    "open",
    "charger",
    "missing",
    "screen",
    "scratched",
    "return",
    "label",
    "invoice",
    "cancel",
    "order",
    "still",
    "waiting",
    "answer",
    "three",
    "weeks",
    "customs",
]
WORDS = {
    "退": "one character, very common",
    "退款": "two characters, in 3 of 10 messages",
    "破损": "two characters, in 1 of 50",
    "琉璃": "two characters, in 1 of 2,000",
    "已经三天了": "five characters",
    "退款 破损": "both words",
    "refund": "English, in 3 of 10 English messages",
    "scratched": "English",
    "re": "beginning of English words",
}
_RARE = {"退款": 0.3, "破损": 0.02, "琉璃": 0.0005}


def _message(chance: random.Random) -> str:
    if chance.random() < 0.3:
        words = chance.choices(_ENGLISH, k=chance.randint(6, 40))
        return " ".join([*words, "refund"] if chance.random() < 0.3 else words)
    parts = ["".join(chance.choices(_CHINESE, k=chance.randint(2, 6))) for _ in range(chance.randint(1, 6))]
    parts += [word for word, share in _RARE.items() if chance.random() < share]
    chance.shuffle(parts)
    return "，".join(parts) + "。"


def _fill(shop: Shop, cases: int, messages: int) -> None:
    chance = random.Random(4)
    moments = [f"2026-{month:02}-{day:02}T08:00:00Z" for month in range(1, 12) for day in range(1, 29)]
    connection = shop.database.conn
    with shop.writing("cases.open"):
        connection.executemany(
            "INSERT INTO cases (kind, channel, origin, status, opened_at, opened_on, title) "
            "VALUES ('inquiry', 'platform_chat', 'own', 'closed', ?, ?, ?)",
            (
                (moment, moment[:10], _message(chance)[:60])
                for moment in (moments[number * len(moments) // cases] for number in range(cases))
            ),
        )
        connection.executemany(
            "INSERT INTO case_messages (case_number, direction, author_type, author, channel, sent_at, body) "
            "VALUES (?, 'in', 'customer', '', 'platform_chat', ?, ?)",
            (
                (chance.randint(1, cases), moments[number * len(moments) // messages], _message(chance))
                for number in range(messages)
            ),
        )


def _like(shop: Shop, words: str) -> int:
    """Return how many cases LIKE finds; it knows no rank but time."""
    parts = words.split()
    conditions = " AND ".join(
        f"EXISTS (SELECT 1 FROM case_messages AS m WHERE m.case_number = f.case_number AND m.body LIKE ?{place})"
        for place in range(2, len(parts) + 1)
    )
    rows = shop.database.conn.execute(
        f"SELECT f.case_number, max(f.sent_at) FROM case_messages AS f WHERE f.body LIKE ?1 "
        f"{'AND ' + conditions if conditions else ''} GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
        [f"%{part}%" for part in parts],
    ).fetchall()
    return len(rows)


def _write(shop: Shop, chance: random.Random) -> None:
    with shop.writing("cases.reply"):
        insert_case_message(
            shop.database,
            chance.randint(1, 100),
            direction="in",
            author_type="customer",
            author="",
            channel="platform_chat",
            sent_at="2026-11-22T01:00:00Z",
            body=_message(chance),
        )


def measure(setup: Setup) -> list[Table]:
    """Time warm searches with ranks and snippets, adding a message, and what the index adds to the file."""
    cases, messages = (400, 2_000) if setup.quick else (CASES, MESSAGES)
    shop = setup.new_shop()
    fill = medians({"fill": partial(_fill, shop, cases, messages)}, 1)["fill"]
    rows = [_search_row(shop, setup, words, note) for words, note in WORDS.items()]
    assert find_search_faults(shop.database) == []
    searching = Table(
        f"search in {messages:,} messages of {cases:,} cases, warm, the best 20 with snippets",
        ("words", "what", "cases", "ms", "LIKE, ms", "ratio", "wanted"),
        rows,
    )
    size = (shop.folder / DATABASE_NAME).stat().st_size
    writing = _writing_ratio(shop, setup)
    shop.database.conn.execute("DROP TABLE search_words")
    shop.database.conn.execute("VACUUM")
    bare = (shop.folder / DATABASE_NAME).stat().st_size
    shop.close()
    keeping = Table(
        "what the search index costs",
        ("what", "value"),
        [
            ("filling the database with its index, seconds", f"{fill:.1f}"),
            ("file, MB", f"{size / 1e6:.1f}"),
            ("file without index, MB", f"{bare / 1e6:.1f}"),
        ],
    )
    return [searching, ratio_table("adding a message in a transaction of its own", [writing]), keeping]


def _search_row(shop: Shop, setup: Setup, words: str, note: str) -> list[str]:
    found = search_cases(shop, words).count
    times = medians(
        {"ours": partial(search_cases, shop, words), "like": partial(_like, shop, words)}, setup.repeats
    )
    ours, like = times["ours"] * 1000, times["like"] * 1000
    missed = "" if ours < 100 else " (missed)"
    return [
        words,
        note,
        f"{found:,}",
        f"{ours:.1f}",
        f"{like:.1f}",
        f"{ours / like:.2f}",
        f"< 100 ms{missed}",
    ]


def _writing_ratio(shop: Shop, setup: Setup) -> Ratio:
    """Return the time of a message with its index to that of one without."""
    rounds = 10 if setup.quick else _WRITTEN
    with_index = medians({"ours": partial(_write, shop, random.Random(5))}, rounds)["ours"]
    triggers = shop.database.conn.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'search_*'"
    ).fetchall()
    for (name,) in triggers:
        shop.database.conn.execute(f"DROP TRIGGER {name}")
    without = medians({"ours": partial(_write, shop, random.Random(5))}, rounds)["ours"]
    return Ratio("insert with search index", "insert without", with_index, without)
