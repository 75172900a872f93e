"""The reference pages match the program."""

import os
from pathlib import Path

from aftersales_cli.access import ALLOWED, ROLES, own_only
from aftersales_cli.settings import describe_settings
from tests.command_reference import PATH, command_reference

DOCS = Path(__file__).parent.parent / "docs"
SETTINGS = DOCS / "settings.md"
ACCESS = DOCS / "access.md"


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


def _access_reference() -> str:
    """A row for each operation; roles in the order of the help, the owner first."""
    lines = [
        "# Who may do what",
        "",
        "Operations and roles; ● may do it, ○ only on own cases and on those nobody works on, nothing: refused",
        "(exit code 4) and noted in the audit log. Looking at things is open to every role. The table guards against",
        "mistakes, not against attackers: `--as` says who acts, and nobody asks for a password.",
        "",
        "Giving a case that somebody else works on to another employee is `cases reassign`; taking a free one, or",
        "handing on one's own, is `cases assign`. Closing or cancelling a complaint somebody else works on is",
        "`cases end complaint`. Making somebody an owner, or taking that away, is `team appoint owner`. A technician",
        "or somebody of the warehouse answers only the hand-offs of the own department.",
        "",
        "| operation | " + " | ".join(ROLES) + " |",
        "|---|" + ":-:|" * len(ROLES),
    ]
    for operation, allowed in sorted(ALLOWED.items()):
        marks = ["" if role not in allowed else "○" if own_only(operation, role) else "●" for role in ROLES]
        name = operation.replace(".", " ").replace("_", " ")
        lines.append(f"| {name} | " + " | ".join(marks) + " |")
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


def test_the_table_of_permissions_matches_the_program() -> None:
    _check(ACCESS, _access_reference())
