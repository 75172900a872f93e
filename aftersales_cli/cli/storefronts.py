"""The command ``storefronts``."""

import click

from aftersales_cli.cli.base import Noun, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _


@click.group(cls=Noun, help=N_("The shop's accounts on marketplaces."))
def storefronts() -> None:
    """Group of verbs."""


@storefronts.command("list")
def list_(run: Run) -> None:
    """List the storefronts.

    Example: aftersales storefronts list
    """
    from aftersales_cli.database.storefronts import list_storefronts

    columns = [
        Column(_("Code"), lambda row: row.code),
        Column(_("Name"), lambda row: row.name),
        Column(_("Platform"), lambda row: row.platform),
        Column(_("Currency"), lambda row: row.currency),
        Column(_("Time zone"), lambda row: row.timezone),
    ]
    empty = _("No storefront yet; the first imported file makes one.")
    run.out.listing(list_storefronts(run.shop.database), columns, empty=empty)


@storefronts.command("add", writes=True)
@click.argument("code")
@option("--name", default="", help=N_("Name as the marketplace shows it."))
@option("--platform", default="", help=N_("Marketplace, e.g. taobao or shopify."))
@option("--country", help=N_("Country, two letters; default: the shop's."))
@option("--currency", help=N_("Currency, three letters; default: the shop's."))
@option("--timezone", help=N_("Time zone; default: the shop's."))
def add(
    run: Run,
    code: str,
    name: str,
    platform: str,
    country: str | None,
    currency: str | None,
    timezone: str | None,
) -> None:
    """Add a storefront before its first file comes.

    Example: aftersales storefronts add tmall2 --platform taobao --name 二店
    """
    from aftersales_cli.team.storefronts import add_storefront

    storefront = add_storefront(
        run.shop, code, name=name, platform=platform, country=country, currency=currency, timezone=timezone
    )
    run.out.data(storefront, _("Storefront {code} added.", code=storefront.code))


@storefronts.command("rename", writes=True)
@click.argument("code")
@click.argument("name")
def rename(run: Run, code: str, name: str) -> None:
    """Give a storefront another name; its code stays.

    Example: aftersales storefronts rename taobao 棉花糖旗舰店
    """
    from aftersales_cli.team.storefronts import rename_storefront

    storefront = rename_storefront(run.shop, code, name)
    run.out.data(storefront, _("Storefront {code} is now called {name}.", code=code, name=name))
