"""What customers suggest and praise, by product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aftersales_cli.clock import Period
from aftersales_cli.database.complaints import list_voices
from aftersales_cli.records.desk_rows import VoiceRow
from aftersales_cli.shop import Shop

KINDS = ("suggestion", "praise")


@dataclass(frozen=True)
class ProductVoices:
    """What was said about one product."""

    product: str
    """"" for what was said about none."""
    suggestions: int
    praise: int
    voices: list[VoiceRow]
    """Latest first."""


def collect_voices(shop: Shop, *, kind: str = "", period: Period | None = None) -> list[ProductVoices]:
    """Return suggestions and praise by product, the one most is said about first; default: the last 90 days."""
    kinds = (shop.taxonomy("kinds").resolve(kind),) if kind else KINDS
    first = period.start if period else shop.today - timedelta(days=90)
    last = period.last if period else shop.today
    return group_voices(
        list_voices(shop.database, kinds, first_day=first.isoformat(), last_day=last.isoformat())
    )


def group_voices(rows: Sequence[VoiceRow]) -> list[ProductVoices]:
    """Group voices by product; what names none comes last."""
    products: dict[str, list[VoiceRow]] = {}
    for row in rows:
        products.setdefault(row.product, []).append(row)
    groups = [
        ProductVoices(
            product,
            suggestions=sum(voice.kind == "suggestion" for voice in voices),
            praise=sum(voice.kind == "praise" for voice in voices),
            voices=voices,
        )
        for product, voices in products.items()
    ]
    return sorted(groups, key=lambda group: (not group.product, -len(group.voices), group.product))
