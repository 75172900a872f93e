"""What every subject is given: where to work, how often, and on which files."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from aftersales_cli.intake.mapping import mapped_document, save_format
from aftersales_cli.settings import FILE_NAME
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop
from tests.benchmarks.retail import MAPPING, ROWS, write_retail

_JOURNAL = '# journal = "auto"'
"""How a new shop's settings show the default."""


@dataclass
class Setup:
    """How to measure."""

    folder: Path
    """For all files and shops; emptied by the caller."""
    quick: bool = False
    """Small files and one round: to see that it works."""
    file: Path | None = None
    """The real Online Retail csv; without it one of the same shape is made."""
    pandas_python: str | Path = sys.executable
    """An interpreter that can import pandas, which the project itself does not need."""
    rounds: int = 5
    """How many rounds the medians are of, unless ``quick``."""
    _shops: int = field(default=0, repr=False)

    @property
    def repeats(self) -> int:
        """How many rounds to run."""
        return 1 if self.quick else self.rounds

    @property
    def retail_name(self) -> str:
        """What the retail file is called in tables."""
        return "Online Retail" if self.file else "generated lines"

    def retail(self) -> Path:
        """Return the csv of order lines, made on the first call if no real one was given."""
        if self.file:
            return self.file
        path = self.folder / "retail.csv"
        if not path.exists():
            write_retail(path, 2_000 if self.quick else ROWS)
        return path

    def new_shop(self, *, journal: str = "auto") -> Shop:
        """Make and open an empty shop that knows the mapping of the retail file."""
        self._shops += 1
        folder = found_shop(self.folder / f"shop-{self._shops}").folder
        settings = folder / FILE_NAME
        text = settings.read_text(encoding="utf-8")
        assert _JOURNAL in text
        settings.write_text(text.replace(_JOURNAL, f'journal = "{journal}"'), encoding="utf-8")
        shop = open_shop(folder)
        save_format(shop, mapped_document(MAPPING, name="retail"), "retail")
        return shop
