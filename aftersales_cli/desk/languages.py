"""Which language a customer is written to in."""

import re
from collections.abc import Sequence

_HAN = re.compile(r"[㐀-鿿豈-﫿]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_CHINESE_COUNTRIES = frozenset({"CN", "HK", "MO", "TW"})
_CHINESE_PLATFORMS = frozenset(
    {"taobao", "tmall", "jd", "pinduoduo", "pdd", "douyin", "xiaohongshu", "xhs", "kuaishou", "wechat", "youzan",
     "alibaba1688"}
)  # fmt: skip
_FOREIGN_PLATFORMS = frozenset(
    {"amazon", "shopify", "ebay", "etsy", "tiktok", "woocommerce", "woo", "aliexpress", "lazada", "shopee"}
)


def guess_language(words: Sequence[str], *, country: str, platform: str, default: str) -> str:
    """Return ``zh`` or ``en``: what the customer wrote last, else the customer's country, else the platform's.

    ``words`` are the customer's messages, latest last. One Chinese character is enough for Chinese, since
    product names and order numbers are written in Latin letters, too.
    """
    for text in reversed(words):
        if _HAN.search(text):
            return "zh"
        if _LATIN_WORD.search(text):
            return "en"
    if country:
        return "zh" if country.upper() in _CHINESE_COUNTRIES else "en"
    if platform in _CHINESE_PLATFORMS:
        return "zh"
    return "en" if platform in _FOREIGN_PLATFORMS else default
