"""What can go wrong with an order, how often, and what buyers say about it."""

from dataclasses import dataclass

Reasons = tuple[tuple[str, str], ...]
"""The marketplace's reason and the buyer's own words, which may be empty."""


@dataclass(frozen=True)
class Trouble:
    """One way a sale goes wrong."""

    probability: float
    """Per paid order."""
    kind: str
    """The marketplace's word."""
    goods_state: str
    reasons: Reasons
    hours: tuple[float, float]
    """Shortest and longest time until the marketplace has settled it."""
    part: tuple[float, float] | None = None
    """Share of the price that goes back; None is all of it."""
    fault: str = ""
    before_shipping: bool = False
    rejected: bool = False
    """The buyer takes it back or the shop refuses."""

    @property
    def goods_go_back(self) -> bool:
        """Whether a parcel travels back first."""
        return self.kind in {"退货退款", "换货"}


UNSHIPPED_STATE = "未发货"
_RECEIVED, _SHOP, _BUYER = "已收到货", "商家责任", "买家责任"
_NOTHING = (0.0, 0.0)
_CHANGED_MIND: Reasons = (
    ("七天无理由退换货", ""),
    ("七天无理由退换货", "颜色和家里不太搭"),
    ("七天无理由退换货", "买多了"),
    ("不喜欢/效果不好", "没有图片上蓬松"),
)
_AS_DESCRIBED: Reasons = (
    ("大小/尺寸与商品描述不符", "比想象的小一圈"),
    ("尺寸不合适", "床笠套不上1米8的床"),
    ("描述不符", "颜色偏黄，和图片差别大"),
    ("描述不符", "面料没有描述的厚"),
)
_FAULTY: Reasons = (
    ("质量问题", "有线头，洗一次起球"),
    ("质量问题", "拉链坏了"),
    ("质量问题", ""),
    ("破损/污渍", "收到有一块污渍"),
    ("发错货", "发成了另一个颜色"),
)
_COMES_APART: Reasons = (
    ("质量问题", "缝线开了，棉花都露出来了"),
    ("质量问题", "新买的用两天就塌了，和以前买的不一样"),
    ("质量问题", "侧边开线"),
    ("商品质量问题", "有味道，填充很薄"),
    ("质量问题", "拆开就开线了"),
    ("破损/污渍", "收到就破了个口子"),
)

UNSHIPPED = (
    Trouble(
        0.016,
        "仅退款",
        UNSHIPPED_STATE,
        (
            ("拍错/多拍", ""),
            ("不想要了", ""),
            ("不想要了", "地址填错了，重新拍"),
            ("未按约定时间发货", "等了好几天还没发货"),
        ),
        (0.3, 30),
        before_shipping=True,
    ),
)

ORDINARY = (
    Trouble(0.016, "退货退款", _RECEIVED, _CHANGED_MIND, (50, 150), fault=_BUYER),
    Trouble(0.009, "退货退款", _RECEIVED, _AS_DESCRIBED, (50, 150)),
    Trouble(0.010, "退货退款", _RECEIVED, _FAULTY, (40, 130), fault=_SHOP),
    Trouble(
        0.009,
        "仅退款",
        _RECEIVED,
        (("破损/污渍", "外包装压坏了"), ("少件/漏发", "少了一条"), ("质量问题", "有个小洞，不退了补偿一点"), ("协商一致退款", "")),
        (2, 40),
        part=(0.15, 0.5),
        fault=_SHOP,
    ),
    Trouble(0.003, "换货", _RECEIVED, (("发错货", "要白色的"), ("尺寸不合适", "换大一号")), (90, 200), part=_NOTHING),
    Trouble(0.003, "补寄", _RECEIVED, (("少件/漏发", "少发一个枕套"), ("少件/漏发", "")), (20, 90), part=_NOTHING, fault=_SHOP),
    Trouble(0.005, "退货退款", _RECEIVED, (*_CHANGED_MIND, *_AS_DESCRIBED), (20, 180), rejected=True),
)  # fmt: skip
"""Every product, all year."""

NEW_BATCH = (
    Trouble(0.150, "退货退款", _RECEIVED, _COMES_APART, (50, 150), fault=_SHOP),
    Trouble(0.050, "仅退款", _RECEIVED, _COMES_APART[:4], (4, 50), part=(0.3, 0.6), fault=_SHOP),
    Trouble(0.025, "换货", _RECEIVED, _COMES_APART[:3], (90, 200), part=_NOTHING),
    Trouble(0.010, "退货退款", _RECEIVED, _CHANGED_MIND, (20, 180), rejected=True),
)
"""The cloud cushion since its new supplier."""
