"""What the demonstration shop sells: cotton for the home, and toys."""

from dataclasses import dataclass

TROUBLED_SKU = "MHT-BZ-01"
"""The cloud cushion, whose new batch comes apart."""


@dataclass(frozen=True)
class Product:
    """One product; prices in minor units of their currency."""

    sku: str
    short: str
    """How customers call it."""
    title: str
    english: str
    price_fen: int
    price_cents: int
    """Price abroad in US cents, 0 if it is sold at home only."""
    weight: float
    """How well it sells."""


PRODUCTS = (
    Product(
        TROUBLED_SKU, "云朵抱枕", "棉花糖云朵抱枕沙发靠垫毛绒可爱靠枕", "Cloud Cushion, white", 6900, 2490, 15
    ),
    Product(
        "MHT-BZ-02", "月亮抱枕", "棉花糖月亮抱枕床头靠垫儿童房装饰", "Moon Cushion, yellow", 7900, 2690, 5
    ),
    Product("MHT-BZ-03", "星星抱枕", "棉花糖星星抱枕办公室腰靠午睡枕", "Star Cushion, grey", 5900, 0, 4),
    Product(
        "MHT-CP-01",
        "水洗棉四件套",
        "棉花糖水洗棉四件套纯色床单被套1.5m/1.8m",
        "Washed Cotton Bed Set",
        19900,
        8900,
        7,
    ),
    Product("MHT-CP-02", "针织棉三件套", "棉花糖针织棉三件套裸睡床笠学生宿舍", "", 15900, 0, 4),
    Product("MHT-CP-03", "纯棉床笠", "棉花糖纯棉床笠单件防滑床垫保护套", "", 7900, 0, 5),
    Product(
        "MHT-CP-04", "纱布枕套", "棉花糖双层纱布枕套一对装纯棉透气", "Muslin Pillowcases, pair", 3900, 1890, 6
    ),
    Product(
        "MHT-BT-01", "纱布盖毯", "棉花糖四层纱布盖毯夏凉被空调毯", "Four-layer Muslin Blanket", 9900, 4290, 6
    ),
    Product("MHT-BT-02", "泡泡毯", "棉花糖泡泡毯婴儿盖毯午睡毯子", "Bubble Baby Blanket", 6900, 2990, 5),
    Product("MHT-BT-03", "珊瑚绒毯", "棉花糖珊瑚绒毛毯加厚沙发毯", "", 8900, 0, 4),
    Product(
        "MHT-MJ-01",
        "纯棉毛巾",
        "棉花糖纯棉毛巾三条装家用吸水洗脸巾",
        "Cotton Towels, set of 3",
        4900,
        2190,
        7,
    ),
    Product("MHT-MJ-02", "纱布浴巾", "棉花糖纱布浴巾宝宝洗澡巾盖毯", "Muslin Bath Towel", 5900, 2590, 5),
    Product(
        "MHT-MJ-03", "口水巾", "棉花糖纱布口水巾五条装婴儿方巾", "Muslin Cloths, set of 5", 2900, 1490, 5
    ),
    Product("MHT-WJ-01", "小熊玩偶", "棉花糖小熊玩偶毛绒安抚玩具礼物", "Sleepy Bear", 5900, 2490, 6),
    Product("MHT-WJ-02", "兔子安抚巾", "棉花糖兔子安抚巾可入口睡眠玩偶", "Bunny Comforter", 3900, 1690, 5),
    Product("MHT-WJ-03", "小鲸鱼玩偶", "棉花糖小鲸鱼毛绒玩偶抱枕生日礼物", "Little Whale", 8900, 3290, 3),
    Product("MHT-WJ-04", "布书", "棉花糖纯棉布书早教玩具撕不烂", "Cotton Cloth Book", 4500, 1990, 3),
    Product("MHT-WJ-05", "摇铃", "棉花糖手摇铃布偶套装新生儿玩具", "", 3500, 0, 3),
    Product("MHT-JJ-01", "家居棉袜", "棉花糖家居棉袜四双装中筒袜秋冬", "", 2900, 0, 4),
    Product("MHT-JJ-02", "棉拖鞋", "棉花糖棉拖鞋情侣居家防滑软底", "", 3900, 0, 4),
    Product("MHT-JJ-03", "纱布睡衣", "棉花糖双层纱布睡衣套装情侣款", "Muslin Pyjamas", 12900, 5490, 4),
    Product("MHT-JJ-04", "围裙", "棉花糖纯棉围裙厨房防污北欧风", "", 3500, 0, 2),
    Product("MHT-JJ-05", "桌布", "棉花糖纯棉桌布防滑餐桌布茶几布", "", 5500, 0, 2),
    Product("MHT-JJ-06", "收纳篮", "棉花糖棉绳编织收纳篮玩具筐", "Cotton Rope Basket", 4900, 2290, 3),
)
BY_SKU = {product.sku: product for product in PRODUCTS}
TROUBLED = BY_SKU[TROUBLED_SKU]
SOLD_ABROAD = tuple(product for product in PRODUCTS if product.price_cents)
