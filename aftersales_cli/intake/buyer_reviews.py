"""Take in buyers' reviews (评价) from a table whose columns the owner has mapped."""

import hashlib
from collections.abc import Callable, Mapping

from aftersales_cli.clock import local_day
from aftersales_cli.database.other_files import REVIEWS_RECEIVED, join_other_rows
from aftersales_cli.intake.columns import Cells, Columns, RowError
from aftersales_cli.intake.other_rows import OtherFile, OtherResult, column_name, read_rows
from aftersales_cli.intake.scores import parse_score
from aftersales_cli.intake.survey_times import moment_converter
from aftersales_cli.intake.vocabulary import normal
from aftersales_cli.language import N_
from aftersales_cli.records.feedback import ReviewReceived

NO_STARS = N_("the stars are missing")

_STARS = frozenset("12345")


def take_reviews(file: OtherFile) -> OtherResult:
    """Store buyers' reviews; order, date and words tell one from another, so that changed stars are an update."""
    result = OtherResult()
    reader = _ReviewReader(file)
    with file.shop.writing("orders.import") as writing:
        reviews = read_rows(file.table, reader.read, result, needed=reader.needed)
        older = file.store(REVIEWS_RECEIVED, reviews, result)
        join_other_rows(file.shop.database)
        writing.count(review_new=result.new, review_updated=result.updated)
    result.warn_older(older)
    return result


class _ReviewReader:
    """Reads the rows of one file."""

    def __init__(self, file: OtherFile) -> None:
        columns = Columns(file.format, file.header)
        self.needed = frozenset(columns.all_places("review"))
        self._shop, self._storefront = file.shop, file.owner
        self._order = columns.identity("review", "order_number")
        self._moment = columns.value(
            "review", "reviewed_at", moment_converter(file.zone, file.format.slashes)
        )
        self._stars = columns.value(
            "review", "stars", _stars_converter(file.own_words.get("review.stars", {}))
        )
        self._stars_column = column_name(file.header, columns.places("review", "stars"))
        self._body = columns.words("review", "body")
        self._text = {name: columns.text("review", name) for name in ("sku", "title")}

    def read(self, row_number: int, cells: Cells) -> ReviewReceived:
        """Return a row's review; raises RowError."""
        del row_number
        order_number, stars = self._order(cells), self._stars(cells)
        if stars is None:
            raise RowError(self._stars_column, NO_STARS)
        moment, body = self._moment(cells), self._body(cells)
        sku, title = self._text["sku"](cells) or "", self._text["title"](cells) or ""
        said = hashlib.sha256(f"{sku}\x1f{body}".encode(errors="surrogatepass")).hexdigest()[:16]
        return ReviewReceived(
            storefront_id=self._storefront.id,
            order_external_id=order_number,
            reviewed_at=moment,
            reviewed_on=local_day(moment, self._shop.zone).isoformat() if moment else None,
            stars=stars,
            body=body,
            sku=sku,
            title=title,
            row_key=f"{order_number}|{moment or ''}|{said}",
            as_of=moment or "",
        )


def _stars_converter(own: Mapping[str, str]) -> Callable[[str], int | None]:
    """Return a converter that knows the owner's words for stars, too."""
    words = {normal(word): int(code) for word, code in own.items() if code in _STARS}

    def convert(cell: str) -> int | None:
        found = words.get(normal(cell))
        return parse_score("stars", cell) if found is None else found

    return convert
