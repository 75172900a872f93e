"""Where a conversation takes place: whether it is written, and where the shop sends its answer."""

from collections.abc import Mapping

from aftersales_cli.language import N_, _

WRITTEN = frozenset({"platform_chat", "email", "wechat", "whatsapp", "social", "form"})
"""Channels where a message waits for an answer, so that a first-reply clock makes sense."""

_CHATS: Mapping[str, str] = {
    "taobao": N_("in Qianniu"),
    "tmall": N_("in Qianniu"),
    "jd": N_("in JD Dongdong"),
    "pinduoduo": N_("in Pinduoduo's merchant chat"),
    "pdd": N_("in Pinduoduo's merchant chat"),
    "douyin": N_("in Douyin Feige"),
    "xiaohongshu": N_("in Xiaohongshu's merchant chat"),
    "kuaishou": N_("in Kuaishou's merchant chat"),
    "amazon": N_("in Amazon's Buyer-Seller Messages"),
    "shopify": N_("in Shopify Inbox or by e-mail"),
}
"""Platform → its chat for sellers."""

_ANY_CHAT = N_("in the marketplace's chat")

_PLACES: Mapping[str, str] = {
    "email": N_("by e-mail"),
    "form": N_("by e-mail"),
    "wechat": N_("in WeChat"),
    "whatsapp": N_("in WhatsApp"),
    "social": N_("in the social network"),
    "phone": N_("by phone"),
    "store": N_("to the customer in the store"),
}


def describe_sending(channel: str, platform: str) -> str:
    """Say where the answer is to be sent, e.g. ``in Qianniu`` for the chat of a Taobao storefront."""
    if place := _PLACES.get(channel):
        return _(place)
    return _(_CHATS.get(platform, _ANY_CHAT))
