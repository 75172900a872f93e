"""What to ask on a callback, by its reason and the kind of case."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.errors import FileError
from aftersales_cli.language import _, pick
from aftersales_cli.resources import data_files

FILE_NAME = "callbacks.toml"
_ANY_KIND = "default"

Texts = dict[str, str]
"""``{"zh": …, "en": …}``."""


@dataclass(frozen=True)
class Scripts:
    """Reason → kind of case (or ``default``) → the text in both languages."""

    entries: dict[str, dict[str, Texts]]

    def text(self, reason: str, kind: str) -> str:
        """Return what to ask in the current language: for this kind, else for any; empty if nothing is set."""
        kinds = self.entries.get(reason, {})
        return pick(kinds.get(kind) or kinds.get(_ANY_KIND, {}))


def load_scripts(shop_folder: Path) -> Scripts:
    """Read the shipped texts with those of the shop's ``templates/scripts/callbacks.toml`` over them.

    Raises FileError naming the file if it is broken.
    """
    entries: dict[str, dict[str, Texts]] = {}
    for folder in (None, shop_folder):
        path = data_files("templates/scripts", folder)[FILE_NAME]
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            for reason, kinds in document.items():
                for kind, texts in kinds.items():
                    entries.setdefault(reason, {})[kind] = {
                        language: str(texts[language]) for language in ("zh", "en") if language in texts
                    }
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
            raise FileError(
                _("{path} is not a list of callback texts: {reason}", path=path, reason=error),
                remedy=_('Write it like the shipped file: [reason.kind] with zh = "…" and en = "…".'),
            ) from error
    return Scripts(entries)
