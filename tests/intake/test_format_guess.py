"""Drafted formats: known names are found, the rest is guessed by its cells, and the draft imports at once."""

from pathlib import Path

import pytest

from aftersales_cli.errors import RefusedError, WrongUsageError
from aftersales_cli.intake.format_guess import guess_format
from aftersales_cli.intake.loading import import_file
from aftersales_cli.shop import Shop


def wholesale(folder: Path) -> Path:
    path = folder / "批发 2026.csv"
    path.write_text(
        "批发名单,,,,,\n"
        "流水,业务员,买家实际支付金额,订单创建时间,宝贝标题,备用\n"
        "W2026110001,小周,12.50,2026-11-01 10:00:00,云朵抱枕,\n"
        "W2026110002,小周,9.00,2026-11-02 11:00:00,小熊毛毯,x\n",
        "utf-8",
    )
    return path


def test_a_draft_names_known_columns_guesses_the_number_and_imports(shop: Shop, tmp_path: Path) -> None:
    path = wholesale(tmp_path)
    guessed = guess_format(shop, path)
    assert guessed.path == shop.folder / "templates/formats/批发-2026.toml"
    found = dict(guessed.fields)
    assert found["流水"] == "order.external_id"
    assert found["买家实际支付金额"] == "order.paid"
    assert found["订单创建时间"] == "order.placed_at"
    assert guessed.unused == ("业务员", "备用")
    text = guessed.path.read_text("utf-8")
    assert '#   "业务员"  text' in text
    assert "小周" not in text
    result = import_file(shop, path)
    assert (result.format, result.orders) == ("批发-2026", (2, 0, 0))
    assert shop.database.conn.execute("SELECT SUM(paid) FROM orders").fetchone()[0] == 2150


def test_a_list_of_refunds_is_guessed_as_one(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "refunds.csv"
    path.write_text(
        "退款编号,订单编号,退款状态,买家退款原因,退给买家金额,退款申请时间啊\n"
        "500001,700001,退款成功,拍错了,3.00,2026-11-01 10:00:00\n",
        "utf-8",
    )
    fields = dict(guess_format(shop, path, "refunds").fields)
    assert fields["退款编号"] == "aftersales.external_id"
    assert fields["订单编号"] == "aftersales.order_external_id"
    assert {field.partition(".")[0] for field in fields.values()} == {"aftersales"}


def test_columns_nobody_knows_still_give_a_format_that_can_be_read(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('"ab ""c""",d\\e,f\n1,2,x\n3,2,y\n', "utf-8")
    guessed = guess_format(shop, path, "odd")
    assert guessed.fields == (('ab "c"', "order.external_id"),)
    assert import_file(shop, path).orders == (2, 0, 0)


def test_a_format_that_is_there_is_never_overwritten(shop: Shop, tmp_path: Path) -> None:
    path = wholesale(tmp_path)
    guess_format(shop, path, "mine")
    with pytest.raises(RefusedError, match="mine"):
        guess_format(shop, path, "mine")
    with pytest.raises(WrongUsageError):
        guess_format(shop, path, "a b")
