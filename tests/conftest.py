"""What tests share: a fresh shop, and the program as a real process."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aftersales_cli.clock import NOW_VARIABLE
from aftersales_cli.language import use_language
from aftersales_cli.shop import Shop, open_shop
from aftersales_cli.team.founding import found_shop

NOW = "2026-11-22T01:00:00Z"
"""Nine in the morning in Shanghai."""

ROOT = Path(__file__).parent.parent

RunCli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _fixed_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(NOW_VARIABLE, NOW)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("AFTERSALES_SHOP", "AFTERSALES_AGENT", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    use_language("en")
    yield
    use_language("en")


@pytest.fixture
def shop_folder(tmp_path: Path) -> Path:
    """Make an English shop in China."""
    return found_shop(tmp_path / "shop", name="Cotton Candy", language="en").folder


@pytest.fixture
def shop(shop_folder: Path) -> Iterator[Shop]:
    """Open that shop as its owner."""
    opened = open_shop(shop_folder)
    yield opened
    opened.close()


@pytest.fixture
def run_cli() -> RunCli:
    """Return a function that runs the program as its own process and returns what it printed."""

    def run(
        *words: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None, timeout: float = 120
    ) -> "subprocess.CompletedProcess[str]":
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "aftersales_cli", *map(str, words)],
            cwd=cwd,
            env=surroundings,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run
