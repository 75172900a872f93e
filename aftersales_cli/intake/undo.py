"""Take a whole import back, unless somebody has built on it since."""

from collections.abc import Sequence
from dataclasses import dataclass

from aftersales_cli.database.callbacks import unname_customers
from aftersales_cli.database.customer_merging import count_merged_customers
from aftersales_cli.database.customer_tags import drop_rule_tags_of_import
from aftersales_cli.database.mirroring import let_go
from aftersales_cli.database.search import mark_cases_of_import
from aftersales_cli.database.survey_answers import settle_answered
from aftersales_cli.database.surveys import drop_unsent_invites
from aftersales_cli.database.undo import (
    Blocker,
    drop_untouched_callbacks,
    find_blockers,
    get_import_state,
    undo_import,
)
from aftersales_cli.desk.returns.platform_returns import follow_files
from aftersales_cli.errors import NotFoundError, RefusedError
from aftersales_cli.language import _
from aftersales_cli.shop import Shop

_NAMED = 5


@dataclass(frozen=True)
class Undone:
    """What an undo did."""

    import_id: int
    file: str
    deleted: int
    """Rows of all tables that the import had made."""
    restored: int
    """Changes to rows that were there before, taken back."""
    unmerged: int = 0
    """Customers merged by hand that went with it; importing the file again makes them anew, unmerged."""


def undo(shop: Shop, import_id: int) -> Undone:
    """Undo an import: the database is as if the file had never come, and the file can be imported again.

    Raises NotFoundError, and RefusedError naming later imports of the same rows or people's work on them.
    """
    with shop.writing("orders.undo", f"import:{import_id}") as writing:
        state = get_import_state(shop.database, import_id)
        if state is None:
            raise NotFoundError(
                _("There is no import {number}.", number=import_id),
                remedy=_("“aftersales orders imports” shows them."),
            )
        if state.undone_at:
            raise RefusedError(_("Import {number} was undone before.", number=import_id))
        if not state.recorded:
            raise RefusedError(
                _("Import {number} was made by an older version, which kept no images of the rows it changed.",
                  number=import_id),
                remedy=_("Restore a backup from before it, or import a newer export over it."),
            )  # fmt: skip
        drop_untouched_callbacks(shop.database, import_id)
        unname_customers(shop.database, import_id)
        drop_rule_tags_of_import(shop.database, import_id)
        drop_unsent_invites(shop.database, import_id)
        let_go(shop.database, import_id)
        if blockers := find_blockers(shop.database, import_id):
            raise _refusal(import_id, blockers)
        merged = count_merged_customers(shop.database)
        mark_cases_of_import(shop.database, import_id)
        deleted, restored, blockers = undo_import(shop.database, state, stamp=shop.stamp)
        if blockers:
            raise _refusal(import_id, blockers)
        follow_files(shop)
        settle_answered(shop.database)
        unmerged = merged - count_merged_customers(shop.database)
        writing.count(deleted=deleted, restored=restored)
    return Undone(import_id, state.file_name, deleted, restored, unmerged)


def _refusal(import_id: int, blockers: Sequence[Blocker]) -> RefusedError:
    imports = list(dict.fromkeys(entry.name for entry in blockers if entry.kind == "import"))
    others = list(dict.fromkeys(_describe(entry) for entry in blockers if entry.kind != "import"))
    parts = []
    if imports:
        parts.append(_("later imports have the same rows: {imports}", imports=", ".join(imports[:_NAMED])))
    if others:
        parts.append(_("people have worked on its rows: {rows}", rows=", ".join(others[:_NAMED])))
    remedy = (
        _("Undo the later imports first, the last one first: aftersales orders undo NUMBER")
        if imports
        else _("What people have done is never deleted; correct the rows by importing a newer export.")
    )
    return RefusedError(
        _("Import {number} cannot be undone: {reasons}", number=import_id, reasons="; ".join(parts)),
        remedy=remedy,
    )


def _describe(blocker: Blocker) -> str:
    if blocker.kind == "case":
        return _("case {number}", number=blocker.name)
    if blocker.kind in {"case_messages", "callbacks"}:
        return _("case {number} ({table})", number=blocker.name, table=blocker.kind)
    return f"{blocker.kind} {blocker.name}"
