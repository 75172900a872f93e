"""A process that tries to plan one refund after another, for the test of several at once."""

import sys
from decimal import Decimal
from pathlib import Path

from aftersales_cli.desk.refunds.composing import RefundAsk
from aftersales_cli.desk.refunds.planning import plan_refund
from aftersales_cli.errors import BusyError, RefusedError
from aftersales_cli.shop import open_shop

ROUNDS = 30


def main(folder: Path, case_number: int) -> None:
    """Plan ten at a time for a case until all rounds are over; what is refused is refused."""
    shop = open_shop(folder)
    for _round in range(ROUNDS):
        try:
            plan_refund(shop, RefundAsk(case_number=case_number, amount=Decimal(7), again=True))
        except (RefusedError, BusyError):
            continue
    shop.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
