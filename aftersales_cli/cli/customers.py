"""The command ``customers``."""

import click

from aftersales_cli.cli import customers_churn, customers_privacy, customers_show, customers_value
from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _


@click.group(cls=Noun, help=N_("The buyers, as far as the marketplaces let us know them."))
def customers() -> None:
    """Group of verbs."""


@customers.command("list")
@option("--words", help=N_("Part of the name, phone number or e-mail address."))
@option(
    "--duplicates", is_flag=True, help=N_("Only suggest who may be one person: same phone number or e-mail.")
)
@option("--tag", default="", metavar="TAG", help=N_("Only customers with this tag, by hand or by rule."))
@option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help=N_("How many at most."))
def list_(run: Run, words: str | None, tag: str, limit: int, *, duplicates: bool) -> None:
    """List customers, newest first, or those who may be one and the same person.

    Suggestions need the very same phone number or e-mail address; masked ones (138****0000) never count.

    Example: aftersales customers list --duplicates
    """
    from aftersales_cli.customers.merging import customers as find
    from aftersales_cli.customers.merging import suggestions
    from aftersales_cli.desk.contacts import mask_email, mask_phone

    if duplicates:
        columns = [
            Column(_("Same"), lambda row: _("phone number") if row.by == "phone" else _("e-mail address")),
            Column(_("Value"), lambda row: (mask_phone if row.by == "phone" else mask_email)(row.value)),
            Column(_("Customers"), lambda row: " ".join(map(str, row.customers))),
            Column(_("Names"), lambda row: row.names),
        ]
        run.out.listing(
            suggestions(run.shop)[:limit], columns, empty=_("No two customers look like one person.")
        )
        return
    columns = [
        Column(_("Customer"), lambda row: row.id, right=True),
        Column(_("Name"), lambda row: row.name),
        Column(_("Phone"), lambda row: row.phone and mask_phone(row.phone)),
        Column(_("E-mail"), lambda row: row.email and mask_email(row.email)),
        Column(_("Storefronts"), lambda row: row.storefronts),
        Column(_("Orders"), lambda row: row.orders, right=True),
    ]
    run.out.listing(
        find(run.shop, words=words, tag=tag, limit=limit), columns, empty=_("No customers found.")
    )


@customers.command("merge", writes=True)
@click.argument("keep", type=int)
@click.argument("others", type=int, nargs=-1, required=True)
def merge(run: Run, keep: int, others: tuple[int, ...]) -> None:
    """Merge customers who are one person: all that belongs to the others goes to the first.

    What is not known of the first is filled in from the others; a wish not to be contacted stays.

    Example: aftersales customers merge 12 57
    """
    from aftersales_cli.customers.merging import merge_customers

    result = merge_customers(run.shop, keep, others)
    run.out.data(
        result,
        _("Customer {number} now has all that belonged to {others}.", number=keep,
          others=", ".join(map(str, result.merged))),
    )  # fmt: skip


for verb in (
    *customers_show.COMMANDS,
    *customers_value.COMMANDS,
    *customers_churn.COMMANDS,
    *customers_privacy.COMMANDS,
):
    customers.add_command(verb)
