"""Search in everything that was said and noted about cases."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import attrgetter

from aftersales_cli.database.case_listings import get_case_row
from aftersales_cli.database.search import MOST_RANKED, find_cases, list_case_texts
from aftersales_cli.database.search_text import Query, find_hits, read_query, split_words
from aftersales_cli.desk.contacts import mask_word
from aftersales_cli.desk.snippets import make_snippet
from aftersales_cli.records.search import CaseText, SearchFilter
from aftersales_cli.shop import Shop

DEFAULT_LIMIT = 20
_ENDED_OTHERWISE = ("merged", "cancelled")
_PUBLIC = {"number", "product"}
"""Sources without personal data: an order's number may look like a phone number."""


@dataclass(frozen=True)
class FoundCase:
    """A case that fits, with the text that shows it best."""

    number: int
    kind: str
    status: str
    opened_at: str
    order_number: str
    customer: str
    """Masked."""
    source: str
    """Where the text stands, e.g. ``message``; codes as in ``CaseText``."""
    said_at: str
    snippet: str
    """On one line, hits in square brackets, phone numbers and e-mail addresses masked."""


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    query: Query
    cases: list[FoundCase]
    """Best first."""
    count: int
    """How many cases fit, those not shown too."""
    archived: int = 0
    """How many more fit among the archived ones a search leaves out; 0 if it looked at them."""

    @property
    def is_cut(self) -> bool:
        """Whether so many cases fit that only the newest were ranked."""
        return self.count >= MOST_RANKED


def search_cases(
    shop: Shop,
    words: str,
    *,
    limit: int = DEFAULT_LIMIT,
    kind: str = "",
    since: date | None = None,
    archived: bool = False,
    every: bool = False,
) -> Found:
    """Find the cases that have all the words, in whichever of their texts; best first.

    ``"…"`` is a run of words, ``-word`` leaves cases out, anything else is literal. Merged, cancelled and archived
    cases are left out; ``archived`` searches archived ones only, ``every`` all there are. A question without
    a word to look for finds nothing. Raises WrongUsageError for an unknown kind.
    """
    wanted = SearchFilter(
        kind=shop.taxonomy("kinds").resolve(kind) if kind else "",
        since=since.isoformat() if since else "",
        without=() if every or archived else _ENDED_OTHERWISE,
        archived=None if every else archived,
    )
    query = read_query(words)
    if not query.wanted:
        return Found(query, [], 0)
    numbers, count = find_cases(shop.database, query, wanted, limit=limit)
    hidden = 0
    if not (every or archived):
        _best, hidden = find_cases(shop.database, query, replace(wanted, archived=True), limit=1)
    texts = {
        number: list(entries)
        for number, entries in groupby(list_case_texts(shop.database, numbers), attrgetter("case_number"))
    }
    cases = [_describe(shop, query, number, texts[number]) for number in numbers]
    return Found(query, cases, count, hidden)


def _describe(shop: Shop, query: Query, number: int, texts: Iterable[CaseText]) -> FoundCase:
    row = get_case_row(shop.database, number)
    assert row is not None
    text, hits = _choose_text(query, texts)
    return FoundCase(
        number=number,
        kind=row.kind,
        status=row.status,
        opened_at=row.opened_at,
        order_number=row.order_number,
        customer=mask_word(row.customer),
        source=text.source,
        said_at=text.at,
        snippet=make_snippet(text.text, hits, masked=text.source not in _PUBLIC),
    )


def _choose_text(query: Query, texts: Iterable[CaseText]) -> tuple[CaseText, list[tuple[int, int]]]:
    """Return the text with most of the phrases, of equal ones the newest, and where its hits stand."""
    best: tuple[tuple[int, str, bool], CaseText, list[tuple[int, int]]] | None = None
    for text in texts:
        split = split_words(text.text)
        places = [list(find_hits(split, phrase)) for phrase in query.wanted]
        # A title often repeats the first message.
        rank = (sum(map(bool, places)), text.at, text.source != "title")
        if best is None or rank > best[0]:
            best = rank, text, [place for found in places for place in found]
    assert best is not None, "a case that was found has a text"
    return best[1], best[2]
