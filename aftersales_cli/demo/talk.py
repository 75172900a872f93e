"""What customers write to the desk, and what the desk answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Talk:
    """One conversation; ``{product}`` stands for what was bought."""

    kind: str
    say: str
    answer: str
    cause: str = ""
    """Empty where nobody is at fault."""
    resolution: str = ""
    """Empty for the kind's usual one."""
    reason: str = ""
    severity: str = ""
    hours: tuple[float, float] = (0.2, 20)
    """Shortest and longest time until it is solved."""
    about_parcel: bool = False
    """It is about an order on its way, not about goods received."""


ORDINARY = (
    Talk("inquiry", "{product}可以机洗吗？会不会缩水？", "亲，可以机洗的，选轻柔档、30度以下，不会明显缩水哦。"),
    Talk("inquiry", "{product}还有别的颜色吗，想再买一个配套", "有的亲，米白和浅灰都有现货，页面下方可以选。"),
    Talk("inquiry", "{product}多久换一次比较好？", "亲，一般用两年左右，平时多晾晒就好。"),
    Talk("order_problem", "怎么还没发货呀，等着用", "抱歉让您久等，已经加急，今天发出。", "stockout_late_ship", "answered", "late", about_parcel=True, hours=(3, 50)),
    Talk("order_problem", "地址填错了，能帮我改一下吗", "可以的亲，已经备注仓库改新地址。", "customer_preference", "answered", about_parcel=True, hours=(0.2, 6)),
    Talk("order_problem", "物流三天没动了，是不是丢了", "已经联系快递核实，今天内给您答复。", "carrier_delay", "answered", "late", about_parcel=True, hours=(10, 70)),
    Talk("order_problem", "少发了一件，包裹里只有一个{product}", "非常抱歉，马上给您补发，单号稍后发您。", "picking_packing", "resent", "missing_item", hours=(4, 60)),
    Talk("exchange", "{product}尺寸不合适，想换大一号", "可以换的亲，寄回后当天给您发新的。", "size_chart", "", "size_fit", hours=(40, 150)),
    Talk("exchange", "发错颜色了，我要的是白色{product}", "抱歉发错了，来回运费我们出，给您换。", "picking_packing", "", "wrong_item", hours=(40, 140)),
    Talk("damage_claim", "{product}外包装压烂了，里面也脏了", "抱歉，拍张照片给我，今天给您赔付。", "carrier_damage", "", "damaged_transit", hours=(3, 60)),
    Talk("invoice", "需要开发票，抬头发您了", "收到，电子发票今天发到您邮箱。", hours=(1, 30)),
    Talk("praise", "{product}特别软，孩子很喜欢，谢谢！", "谢谢您的喜欢，欢迎常来！", hours=(0.2, 5)),
    Talk("suggestion", "{product}能不能出个大号的", "好建议，已经记下转给设计同事。", hours=(0.2, 8)),
)  # fmt: skip

COMPLAINTS = (
    Talk("complaint", "客服一直不回，退款问了两次都没人理", "非常抱歉，是我们回复慢了，马上给您处理。", "service_slow", "", "service", "L1", (6, 60)),
    Talk("complaint", "说好48小时发货，四天了，骗人吗", "十分抱歉，爆仓了，今天一定发出并补偿您5元。", "stockout_late_ship", "compensated", "late", "L1", (6, 70), about_parcel=True),
    Talk("complaint", "{product}和图片差太多了，颜色完全不一样", "很抱歉让您失望，给您退差价或退货都可以。", "listing_mismatch", "", "not_as_described", "L1", (10, 80)),
    Talk("complaint", "晚上发的消息到第二天才回，还让我重复说一遍", "对不起，夜里没有人值班，我来跟到底。", "service_slow", "", "service", "L2", (6, 50)),
)  # fmt: skip

NEW_BATCH = (
    Talk("complaint", "{product}才用两天就开线了，棉花全出来了，什么质量", "非常抱歉，给您换新并补偿运费，同时反馈给工厂。", "product_quality", "exchanged", "defect", "L2", (20, 110)),
    Talk("complaint", "以前买的{product}很好，这次填充薄得像纸，换供应商了吧", "抱歉，确实换了一批，给您退一半货款可以吗？", "product_quality", "compensated", "defect", "L1", (10, 90)),
    Talk("exchange", "{product}侧边开线，要求换一个好的", "抱歉，马上安排换新，旧的不用寄回。", "product_quality", "", "defect", hours=(40, 120)),
    Talk("inquiry", "{product}有点味道正常吗？", "亲，通风两天会散，若还有味道我们给您换。", hours=(0.3, 20)),
    Talk("damage_claim", "{product}收到就破了个口子", "抱歉，先给您赔付20元，需要换新也可以。", "product_quality", "", "defect", hours=(4, 60)),
)  # fmt: skip
"""About the cloud cushion since its new supplier."""

ABROAD = (
    Talk("inquiry", "Can the {product} go into the dryer?", "Yes, on low heat. It may shrink by one or two percent."),
    Talk("order_problem", "My parcel has been stuck in customs for a week.", "I have asked the carrier and will write again tomorrow.", "customs_tax", "answered", "customs", hours=(20, 120)),
    Talk("order_problem", "Where is my order? The tracking page is empty.", "It left us yesterday; tracking starts when it reaches the airport.", "carrier_delay", "answered", "late", hours=(2, 60)),
    Talk("damage_claim", "The {product} arrived with a stain on it.", "I am sorry. We send you a new one today, keep the other.", "carrier_damage", "resent", "damaged_transit", hours=(10, 90)),
    Talk("complaint", "The {product} came apart after one wash, and nobody answered me all night.", "I am very sorry. We refund it today and will tell our supplier.", "product_quality", "compensated", "defect", "L2", (10, 90)),
)  # fmt: skip
