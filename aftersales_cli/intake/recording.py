"""Write down one import: its row, its rejects, its counts and what it did to other rows, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aftersales_cli.database.forgetting import keep_forgotten_empty
from aftersales_cli.database.history import begin_recording, end_recording
from aftersales_cli.database.imports import complete_import, find_import, insert_import
from aftersales_cli.database.mending import keep_header
from aftersales_cli.database.merging import Merged
from aftersales_cli.database.search import mark_cases_of_import
from aftersales_cli.database.storefronts import get_storefront
from aftersales_cli.desk.returns.platform_returns import follow_files
from aftersales_cli.intake.formats import Format
from aftersales_cli.intake.other_rows import OtherWarning
from aftersales_cli.intake.results import ImportResult, Warned
from aftersales_cli.reading.tables import OpenTable
from aftersales_cli.records.orders import Import
from aftersales_cli.records.shops import Storefront
from aftersales_cli.shop import Shop

_NOTHING = Merged(0, 0, 0)


@dataclass
class Taken:
    """What taking in the rows of a file came to."""

    rows: int
    rejected: int
    skipped: int
    """Totals and end notes."""
    samples: list[tuple[int, str, str]]
    """The first rejected rows: row number, column, reason."""
    warnings: Sequence[Warned | OtherWarning]
    orders: Merged = _NOTHING
    lines: Merged = _NOTHING
    aftersales: Merged = _NOTHING
    others: Merged = _NOTHING
    opened: tuple[int, ...] = ()
    """Numbers of the cases that rows became."""
    counts: dict[str, int] = field(init=False)
    """All counts by name, e.g. ``orders_new``."""

    def __post_init__(self) -> None:
        kinds = {
            "orders": self.orders,
            "lines": self.lines,
            "aftersales": self.aftersales,
            "others": self.others,
        }
        self.counts = {
            f"{kind}_{name}": number
            for kind, merged in kinds.items()
            for name, number in merged._asdict().items()
        }


@dataclass(frozen=True)
class Recorder:
    """Knows the file; called with how to find its storefront and how to take in its rows."""

    shop: Shop
    name: str
    """What people call the file: its path, or its place in an archive."""
    sha256: str
    table: "OpenTable[Format]"
    named: bool = True
    """Whether the user said whose file it is."""
    mapping: str = ""
    """The mapping the user made and did not save, as JSON."""
    settle: Callable[[int, Taken], None] | None = None
    """Called with the import's id before the transaction ends: what becomes of rows that were handed back."""

    def __call__(
        self, find_owner: Callable[[], Storefront], take: Callable[[int, Storefront], Taken]
    ) -> ImportResult:
        """Run ``take`` (given the import's id and the storefront) inside one transaction and write down the import."""
        shop, database = self.shop, self.shop.database
        with shop.writing("orders.import") as writing:
            if seen := find_import(database, self.sha256):
                return repeated_result(shop, self.name, seen)
            owner = find_owner()
            import_id = self._insert(owner)
            begin_recording(database, import_id, owner.id)
            taken = take(import_id, owner)
            end_recording(database)
            forgotten = keep_forgotten_empty(database, import_id, owner.id, stamp=shop.stamp)
            if forgotten:
                taken.warnings = [*taken.warnings, Warned("forgotten", "", "", forgotten)]
            # What follows from files is no part of what this one did: an undo derives it anew.
            follow_files(shop)
            mark_cases_of_import(database, import_id)
            if taken.rejected:
                keep_header(database, import_id, self.table.header)
            complete_import(
                database,
                import_id,
                rows_read=taken.rows,
                rejected=taken.rejected,
                skipped=taken.skipped,
                counts=taken.counts,
                warnings=[asdict(entry) for entry in taken.warnings],
            )
            if self.settle:
                self.settle(import_id, taken)
            writing.touch("import", import_id)
            writing.count(rows=taken.rows, rejected=taken.rejected, **taken.counts)
        return self._result(owner, import_id, taken)

    def _insert(self, owner: Storefront) -> int:
        fmt = self.table.match
        return insert_import(
            self.shop.database,
            file_name=Path(self.name).name,
            sha256=self.sha256,
            fmt=fmt.code,
            version=fmt.version,
            platform=fmt.platform,
            encoding=self.table.encoding,
            storefront_id=owner.id,
            stamp=self.shop.stamp,
            agent=self.shop.agent.code,
            mapping=self.mapping,
            storefront_named=self.named,
        )

    def _result(self, owner: Storefront, import_id: int, taken: Taken) -> ImportResult:
        return ImportResult(
            file=self.name,
            format=self.table.match.code,
            platform=self.table.match.platform,
            encoding=self.table.encoding,
            import_id=0 if self.shop.dry_run else import_id,
            storefront=owner.code,
            rows=taken.rows,
            orders=taken.orders,
            lines=taken.lines,
            aftersales=taken.aftersales,
            others=taken.others,
            rejected=taken.rejected,
            skipped=taken.skipped,
            warnings=tuple(taken.warnings),
            opened=taken.opened,
            samples=tuple(taken.samples),
        )


def repeated_result(shop: Shop, name: str, seen: Import, *, ignored: bool = False) -> ImportResult:
    """Describe a file whose very bytes were imported before: everything in it is unchanged.

    ``ignored`` says that the user asked for another reading, which was not done.
    """
    owner = get_storefront(shop.database, seen.storefront_id)
    return ImportResult(
        file=name,
        format=seen.format,
        platform=seen.platform,
        encoding=seen.encoding,
        import_id=seen.id,
        storefront=owner.code if owner else "",
        rows=seen.rows_read,
        orders=Merged(0, 0, seen.orders_new + seen.orders_updated + seen.orders_unchanged),
        lines=Merged(0, 0, seen.lines_new + seen.lines_updated + seen.lines_unchanged),
        aftersales=Merged(0, 0, seen.aftersales_new + seen.aftersales_updated + seen.aftersales_unchanged),
        others=Merged(0, 0, seen.others_new + seen.others_updated + seen.others_unchanged),
        rejected=seen.rejected,
        skipped=seen.skipped,
        already_at=seen.imported_at,
        warnings=(Warned("ignored", "", str(seen.id), 1),) if ignored else (),
    )
