"""What one command run has at hand: its shared options, the opened shop, and ways to print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftersales_cli.errors import PARTLY_DONE, NotAllowedError, RefusedError

if TYPE_CHECKING:
    from aftersales_cli.cli.output import Output
    from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class SharedValues:
    """The options every command knows."""

    shop_folder: str | None = None
    lang: str | None = None
    as_agent: str | None = None
    as_json: bool = False
    table_format: str | None = None
    dry_run: bool = False

    def overridden(self, **values: Any) -> SharedValues:
        """Return a copy with the given values set."""
        return replace(self, **values)


class Run:
    """One command being run; the shop is opened when it is first asked for."""

    def __init__(self, shared: SharedValues) -> None:
        self.shared = shared
        self.exit_code = 0

    @cached_property
    def folder(self) -> Path:
        """The shop's folder; raises NotFoundError."""
        from aftersales_cli.shop import find_shop_folder

        given = self.shared.shop_folder
        return find_shop_folder(Path(given) if given else None)

    @cached_property
    def shop(self) -> Shop:
        """The opened shop; raises NotFoundError, DatabaseError, BusyError."""
        from aftersales_cli.shop import open_shop

        return open_shop(self.folder, agent=self.shared.as_agent, dry_run=self.shared.dry_run)

    @cached_property
    def out(self) -> Output:
        """Where and how results are printed."""
        from aftersales_cli.cli.output import Output

        return Output(as_json=self.shared.as_json, table_format=self.shared.table_format)

    def partly(self) -> None:
        """Remember that some rows or steps were rejected: exit code 5."""
        self.exit_code = PARTLY_DONE

    def audit_refusal(self, command: str, error: RefusedError, *, case: int | None = None) -> None:
        """Note in the audit log that a rule refused this command, and which operation the role lacks."""
        if "shop" not in self.__dict__ or self.shared.dry_run:
            return
        with self.shop.writing("refusal", f"command:{command}") as writing:
            if isinstance(error, NotAllowedError):
                writing.touch("operation", error.operation)
            if case is not None:
                writing.touch("case", case)

    def close(self) -> None:
        """Close the shop if it was opened."""
        if "shop" in self.__dict__:
            self.shop.close()
