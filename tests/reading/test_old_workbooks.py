"""Old .xls workbooks, made by LibreOffice where it is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import Shop
from tests.intake.test_golden_files import marketplace_file


@pytest.mark.system
def test_an_xls_gives_the_same_orders_as_the_xlsx(shop: Shop, tmp_path: Path) -> None:
    office = shutil.which("libreoffice")
    if not office:
        pytest.skip("LibreOffice is not installed")
    path = marketplace_file(tmp_path, "taobao_orders_o7", "xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "xls", "--outdir", tmp_path / "old", path],
        check=True,
        capture_output=True,
    )
    import_file(shop, path)
    assert import_file(shop, tmp_path / "old" / "taobao_orders_o7.xls").orders == (0, 0, 4)
