"""The reference pages match the program."""

import os
from pathlib import Path

from aftersales_cli.settings import describe_settings
from tests.command_reference import PATH, command_reference

DOCS = Path(__file__).parent.parent / "docs"
SETTINGS = DOCS / "settings.md"


def _settings_reference() -> str:
    lines = [
        "# Settings",
        "",
        "Keys of `aftersales.toml` in the shop's folder; `aftersales init` writes them all.",
        "",
    ]
    current = ""
    for section, entry in describe_settings():
        if section != current:
            lines += [
                *([""] if current else []),
                f"## [{section}]",
                "",
                "| key | default | meaning |",
                "|---|---|---|",
            ]
            current = section
        choices = " (" + ", ".join(entry.metadata["choices"]) + ")" if entry.metadata["choices"] else ""
        lines.append(f"| `{entry.name}` | `{entry.default}` | {entry.metadata['help']}{choices} |")
    return "\n".join(lines) + "\n"


def _check(path: Path, expected: str) -> None:
    if os.environ.get("RENEW_DOCS"):
        path.write_text(expected, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == expected, (
        "run RENEW_DOCS=1 python -m pytest tests/test_docs.py"
    )


def test_the_command_reference_matches_the_program() -> None:
    _check(PATH, command_reference())


def test_the_settings_reference_matches_the_loader() -> None:
    _check(SETTINGS, _settings_reference())
