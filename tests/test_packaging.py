"""The wheel holds everything the program needs, away from the checkout."""

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_module_job_and_template(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"aftersales_cli/{path.relative_to(ROOT / 'aftersales_cli').as_posix()}"
        for path in (ROOT / "aftersales_cli").rglob("*")
        if path.suffix in {".py", ".po", ".mo", ".typed"} or path.name == "py.typed"
    }
    for folder in ("jobs", "templates"):
        wanted |= {
            f"aftersales_cli/{path.relative_to(ROOT).as_posix()}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file()
        }
    assert not wanted - inside
    strangers = {name for name in inside - wanted if ".dist-info/" not in name}
    assert not strangers


def test_every_package_is_listed_in_setup_cfg() -> None:
    text = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    listed = set(re.findall(r"^    (aftersales_cli[\w.]*)$", text, re.MULTILINE))
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "aftersales_cli").rglob("__init__.py")
    }
    assert listed == found | {"aftersales_cli.jobs", "aftersales_cli.templates"}


def test_installed_from_the_wheel_it_plays_the_demo(wheel: Path, tmp_path: Path) -> None:
    """In a fresh virtual environment, away from the checkout."""
    home = tmp_path / "fresh venv"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "AFTERSALES_NOW"}}
    install: list[str | Path] = [scripts / "python", "-m", "pip", "install", "--quiet", wheel]
    subprocess.run(install, check=True, capture_output=True, env=clean, cwd=tmp_path)
    done = subprocess.run(
        [scripts / "aftersales", "demo", "店 demo", "--lang", "zh"],
        cwd=tmp_path,
        env=clean,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    books = sorted(path.name for path in (tmp_path / "店 demo" / "outbox").glob("*.xlsx"))
    assert any(name.startswith("回访名单") for name in books)
    assert any(name.startswith("KPI") for name in books)
    assert [name for name in books if name in done.stdout]
