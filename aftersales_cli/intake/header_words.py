"""What the header of an unknown file looks like: buyers' reviews, courier tracking, a survey, a chat report or orders."""

import re
from collections.abc import Collection, Sequence

from aftersales_cli.intake.survey_questions import find_questions
from aftersales_cli.reading.headers import normalise_header

_ORDER_NUMBER = r"订单(编)?号|订单id|^order(number|no\.?|id|#)?$|order(number|no\.?|id|#)"
_TIME = r"时间|日期|date|time|^on$|^at$"
_FIELDS: dict[str, dict[str, str]] = {
    "review": {
        # The first pattern that fits a free column wins: what is told by whole words stands before what is part of them.
        "order_number": _ORDER_NUMBER,
        "reviewed_at": rf"(评价|评论|review|rating|feedback|^created).*({_TIME})|^({_TIME})$",
        "stars": r"星级|评分|打分|评价等级|评价类型|评价结果|rating|stars?$|score|^评价$",
        "body": r"评价内容|评论内容|评语|买家评价|评价详情|评论|评价|reviewtext|comment|feedback|review|content|内容",
        "sku": r"商家编码|商品编码|货号|sku",
        "title": r"商品(名称|标题)|宝贝(名称|标题)|^商品$|^宝贝$|productname|product|itemname|itemtitle",
    },
    "tracking": {
        "order_number": _ORDER_NUMBER,
        "number": r"(运单|快递|物流|包裹)(编|单)?号|trackingnumber|trackingno\.?|trackingid|trackingcode|waybill|airwaybill|^awb$|^tracking$",
        "carrier": r"(快递|物流|承运|配送)(公司|商)|承运|^快递$|^物流$|carrier|courier|shippingprovider|logistics(company|provider)",
        "status": r"(物流|快递|运单|包裹|配送|签收|最新|当前)状态|^状态$|物流信息|最新轨迹|轨迹|trackingstatus|deliverystatus|shipmentstatus|^status$|laststatus|lateststatus|event",
        "status_at": rf"签收时间|(状态|更新|最新|轨迹|物流).*({_TIME})|delivered(at|on|date|time)|(status|event|update|scan).*({_TIME})|^({_TIME})$",
    },
    "chat": {
        "agent": r"客服|旺旺|员工|昵称|agent|operator|staff|employee",
        "day": rf"^({_TIME})$|统计(日期|时间)|日期|^day$",
        "chats": r"(咨询|接待)(人数|量)|会话(数|量)|chats|conversations",
        "first_reply": r"首次.*(响应|回复)|firstre(ply|sponse)",
        "average_reply": r"平均.*(响应|回复)|averagere(ply|sponse)|avgre(ply|sponse)|responsetime",
        "answered_share": r"(应答|回复)率|answeredshare|responserate|replyrate",
        "satisfaction": r"满意(率|度)|satisfaction|csat",
    },
    "request": {
        "id": r"^序号$|(答卷|提交|申请)(编)?号|submissionid|responseid|^id$",
        "asked_at": rf"提交.*时间|(填写|申请)时间|timestamp|时间戳|submitted|^({_TIME})$",
        "order_number": _ORDER_NUMBER,
        "phone": r"手机|电话|联系方式|phone|mobile",
        "email": r"邮箱|电子邮件|电邮|e-?mail",
        "name": r"姓名|称呼|yourname|fullname|customername|^name$",
        "storefront": r"店铺|哪家店|storefront|whichshop|whichstore",
        "kind": r"(申请|售后|问题|服务|需求|诉求)(的)?(类型|类别|种类)|办理什么|需要什么服务|处理方式|requesttype|typeof|whatdoyouneed|whatdoyouwant|whatisthisabout|whatisitabout",
        "reason": r"原因|为什么|reason|why",
        "said": r"描述|说明|详情|详细|具体|留言|备注|诉求|内容|describe|description|whathappened|tellus|detail|message|comment|问题|problem|issue",
    },
}
"""Record kind → field → pattern of a normalised header, in the order in which they choose their columns."""

_SIGNS = {
    "tracking": (
        r"运单|快递单号|物流单号|tracking|waybill",
        r"(物流|快递|运单|包裹|配送|签收)状态|签收|轨迹|(tracking|delivery|shipment|last|latest)status|delivered|^status$|^状态$",
    ),
    "review": (
        r"评价|评论|评语|评分|review|rating|feedback",
        r"星级|评分|评价(等级|内容|时间|类型|结果)|^评价$|评论(内容|时间)|stars?$|rating|score|review(text|date|time|edat)|comment",
    ),
    "chat": (
        r"客服|旺旺|接待|agent|operator|staff",
        r"(响应|回复)时(长|间)|re(ply|sponse)time|(应答|回复)率",
    ),
    "survey": (
        r"满意|推荐|satisf|recommend|费力|survey|questionnaire|答卷|问卷",
        rf"提交|填写|答卷|答题|timestamp|submitted|answered|{_TIME}",
    ),
}
"""Record kind → two patterns: a file of that kind has a header for each."""
_MONEY = re.compile(
    r"金额|实付|实收|应付|总价|单价|价格|货款|price|amount|total|subtotal|paid|currency|vat|tax"
)


def likely_kind(header: Sequence[str]) -> str:
    """Return ``review``, ``tracking``, ``chat`` or ``survey`` if a header looks like one, else ``order``.

    A header that names amounts is one of orders or refunds, whatever else it holds.
    """
    names = [normalise_header(cell) for cell in header if cell.strip()]
    if any(_MONEY.search(name) for name in names):
        return "order"
    for kind, signs in _SIGNS.items():
        if all(any(re.search(sign, name) for name in names) for sign in signs):
            return kind
    return "order"


def guess_columns(kind: str, header: Sequence[str]) -> list[tuple[str, str]]:
    """Return (column, field such as ``review.stars``) for the columns of a kind that ``likely_kind`` names."""
    names = {place: normalise_header(cell) for place, cell in enumerate(header) if cell.strip()}
    if kind == "survey":
        found = _survey_columns(header, names)
    else:
        found = {}
        for field, pattern in _FIELDS[kind].items():
            if (place := _best(names, pattern, found.values())) is not None:
                found[field] = place
    return [
        (header[place].strip(), f"{kind}.{field}")
        for field, place in sorted(found.items(), key=lambda entry: entry[1])
    ]


def _best(names: dict[int, str], pattern: str, taken: Collection[int]) -> int | None:
    """Return the free place whose name fits the earliest alternative of a pattern."""
    for alternative in re.split(r"\|(?![^(]*\))", pattern):
        for place, name in names.items():
            if place not in taken and re.search(alternative, name):
                return place
    return None


def _survey_columns(header: Sequence[str], names: dict[int, str]) -> dict[str, int]:
    moment = _best(names, rf"提交|填写时间|答题时间|timestamp|submitted|answered|{_TIME}", ())
    asked = find_questions(header, () if moment is None else (moment,), ())
    return {
        **asked.scores,
        **{
            name: place
            for name, place in (
                ("answered_at", moment), ("order_number", asked.order), ("case_number", asked.case),
                ("phone", asked.phone), ("email", asked.email),
            )
            if place is not None
        },
    }  # fmt: skip
