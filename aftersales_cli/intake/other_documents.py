"""Files of a marketplace that hold no orders: statements of money and figures of promotion, told by their headers."""

import re
from collections.abc import Sequence

from aftersales_cli.reading.headers import normalise_header

_SIGNS = {
    "settlement": (
        r"结算|应结|settlement", r"账单|账务|动账|入账|到账|收支|deposit", r"收入金额|支出金额|账户余额|余额|balance",
        r"佣金|手续费|服务费|扣点|扣费|费用(名称|类型|项)|^fees?$|(selling|commission|service|transaction|fulfil?lment|valuefee|finalvalue).*fee",
        r"流水号|提现|打款|payout|transfer", r"^net$|netamount|净额", r"(transaction|amount)-?(type|creation)|业务类型|账务类型",
    ),
    "promotion": (
        r"展现|曝光|impressions?", r"点击|clicks?|ctr", r"花费|消耗|^spend$|^cost$|广告费|adspend", r"投产|投入产出|^roi|roas|acos",
        r"推广|计划名称|单元名称|关键词|campaign|adgroup|keyword",
    ),
}  # fmt: skip
"""Kind → patterns of normalised headers; a file of that kind has columns for two of them."""
_ENOUGH = 2
_ORDERS = re.compile(r"数量|件数|收货|收件|地址|quantity|qty|^units$|address|shipto|recipient|buyername")
"""What a list of orders has, and these files have not."""


def other_document(header: Sequence[str]) -> str:
    """Return ``settlement`` or ``promotion`` if a header looks like one, else an empty text."""
    names = [normalise_header(cell) for cell in header if cell.strip()]
    if any(_ORDERS.search(name) for name in names):
        return ""
    for kind, signs in _SIGNS.items():
        found = sum(any(re.search(sign, name) for name in names) for sign in signs)
        if found >= _ENOUGH:
            return kind
    return ""
