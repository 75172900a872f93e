"""Invented people: names put together from lists, addresses in streets that do not exist."""

from dataclasses import dataclass
from random import Random

_SURNAMES = tuple("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
_GIVEN = (
    "晓雯", "雨桐", "梓涵", "佳怡", "思远", "浩然", "欣妍", "子轩", "静怡", "若曦", "明哲", "诗涵", "语嫣", "宇航",
    "丽华", "建国", "春梅", "志强", "婷婷", "晨曦", "可欣", "一诺", "沐阳", "安琪", "家豪", "雪梅", "心怡", "文博",
    "小满", "清扬", "知夏", "望舒", "芷若", "嘉树", "念慈", "书瑶", "景行", "南星", "半夏", "听雨",
)  # fmt: skip
_NICK_STARTS = (
    "爱吃糖的",
    "晒太阳的",
    "睡不醒的",
    "软乎乎的",
    "会飞的",
    "早起的",
    "慢吞吞的",
    "种花的",
    "半糖",
    "圆滚滚的",
)
_NICK_ENDS = ("小鱼", "团子", "橘猫", "土豆", "小鹿", "面包", "汤圆", "奶茶", "蘑菇", "松鼠", "云", "柚子")
_PLACES = (
    ("浙江省", "杭州市", "西湖区", "310000"), ("江苏省", "苏州市", "吴中区", "215100"),
    ("广东省", "广州市", "天河区", "510000"), ("广东省", "深圳市", "南山区", "518000"),
    ("上海", "上海市", "闵行区", "201100"), ("北京", "北京市", "朝阳区", "100020"),
    ("四川省", "成都市", "武侯区", "610000"), ("湖北省", "武汉市", "洪山区", "430070"),
    ("山东省", "青岛市", "市南区", "266000"), ("陕西省", "西安市", "雁塔区", "710000"),
    ("福建省", "厦门市", "思明区", "361000"), ("湖南省", "长沙市", "岳麓区", "410000"),
)  # fmt: skip
_REMOTE = (
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "830000"),
    ("内蒙古自治区", "呼和浩特市", "赛罕区", "010000"),
)
_STREETS = ("云朵路", "棉花街", "月亮湾路", "晚风巷", "青团街", "纸鸢路", "小满大道", "拾光弄")
_ENGLISH_GIVEN = (
    "Emma", "Olivia", "Noah", "Liam", "Ava", "Sophie", "Lucas", "Mia", "Ethan", "Grace", "Henry", "Chloe", "Oscar",
    "Ruby", "Leo", "Hannah", "Isaac", "Nora", "Felix", "Clara", "Hugo", "Alice", "Jonas", "Ida",
)  # fmt: skip
_ENGLISH_SURNAMES = (
    "Fairweather", "Appleby", "Northwood", "Marlow", "Penrose", "Ashdown", "Winterbourne", "Larkspur", "Holloway",
    "Thistle", "Underhill", "Brightwell", "Kestrel", "Merriweather", "Greenaway", "Sandgate", "Oakhurst", "Pemberly",
)  # fmt: skip
_COUNTRIES = (
    ("US", "Springfield", "IL", "62701", 60), ("US", "Portland", "OR", "97201", 30), ("CA", "Toronto", "ON", "M5V 2T6", 14),
    ("GB", "Bristol", "", "BS1 4DJ", 14), ("AU", "Hobart", "TAS", "7000", 10), ("DE", "Bremen", "", "28195", 8),
)  # fmt: skip
_REMOTE_SHARE, _PLAIN_NICKS = 0.04, 0.6


@dataclass(frozen=True)
class Buyer:
    """Somebody in China who buys on Taobao."""

    nick: str
    name: str
    phone: str
    address: str
    remote: bool
    """Lives where parcels cost postage."""


@dataclass(frozen=True)
class Customer:
    """Somebody abroad who buys in the Shopify shop."""

    name: str
    email: str
    phone: str
    street: str
    city: str
    province: str
    postcode: str
    country: str


def invent_buyer(rng: Random, number: int) -> Buyer:
    """Invent a buyer; ``number`` makes nickname and phone unique."""
    remote = rng.random() < _REMOTE_SHARE
    province, city, district, postcode = rng.choice(_REMOTE if remote else _PLACES)
    house = f"{rng.randrange(1, 200)}号{rng.randrange(1, 20)}幢{rng.randrange(101, 1804)}室"
    plain = rng.random() < _PLAIN_NICKS
    nick = f"tb{70_000_000 + number * 37}" if plain else rng.choice(_NICK_STARTS) + rng.choice(_NICK_ENDS)
    return Buyer(
        nick=nick if plain else f"{nick}{number}",
        name=rng.choice(_SURNAMES) + rng.choice(_GIVEN),
        # 160 is the beginning of nobody's mobile number.
        phone=f"160{number * 7919 % 100_000_000:08d}",
        address=f"{province} {city} {district} {rng.choice(_STREETS)}{house}({postcode})",
        remote=remote,
    )


def invent_customer(rng: Random, number: int) -> Customer:
    """Invent a customer abroad; ``number`` makes the e-mail address unique."""
    given, surname = rng.choice(_ENGLISH_GIVEN), rng.choice(_ENGLISH_SURNAMES)
    weights = [entry[-1] for entry in _COUNTRIES]
    country, city, province, postcode, _weight = rng.choices(_COUNTRIES, weights)[0]
    return Customer(
        name=f"{given} {surname}",
        email=f"{given}.{surname}{number}@example.com".lower(),
        # 555-01xx is kept free for invented people.
        phone=f"+1 {200 + number % 700} 555 01{number % 100:02d}",
        street=f"{rng.randrange(1, 400)} Dandelion Lane",
        city=city,
        province=province,
        postcode=postcode,
        country=country,
    )
