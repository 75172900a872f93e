"""The verbs of ``customers`` about one of them: show and tag."""

from __future__ import annotations

import click

from aftersales_cli.cli.base import Command, option
from aftersales_cli.cli.output import Column
from aftersales_cli.cli.run import Run
from aftersales_cli.language import N_, _


@click.command("show", cls=Command, writes=True)
@click.argument("customer", metavar="CUSTOMER")
def show(run: Run, customer: str) -> None:
    """Show all that is known of a customer: orders, spend, segment, cases, scores, messages, callbacks, tags, consent.

    The customer is a number, an order number, a name, a phone number or an e-mail address; if several fit, they are
    listed. Contacts are masked. Only derived figures are brought up to date, nothing else is changed.

    Example: aftersales customers show 12
    """
    from aftersales_cli.cli.customers_page import write_profile
    from aftersales_cli.customers.value.profile import build_profile
    from aftersales_cli.customers.value.who import find_customer

    profile = build_profile(run.shop, find_customer(run.shop, customer))
    run.out.data(profile, *write_profile(run.shop, profile))


@click.command("tag", cls=Command, writes=True)
@click.argument("customer", metavar="[CUSTOMER]", required=False)
@click.argument("tag", metavar="[TAG]", required=False)
@option("--remove", is_flag=True, help=N_("Take the tag off."))
@option("--why", default="", metavar="TEXT", help=N_("Why the customer has it."))
def tag(run: Run, customer: str | None, tag: str | None, remove: bool, why: str) -> None:
    """Put a tag on a customer, or list the tags: of all customers, or of one.

    Tags by rule (templates/settings/tags.toml) come and go by themselves. “customers list --tag vip” finds them again.

    Example: aftersales customers tag 12 vip --why "sister of the owner"
    """
    from aftersales_cli.cli.cases_steps import tell
    from aftersales_cli.customers.value.tagging import shown_tags, tag_counts, tag_customer
    from aftersales_cli.customers.value.who import find_customer

    origins = {"hand": _("by hand"), "rule": _("by rule")}
    columns = [
        Column(_("Tag"), lambda row: row.tag),
        Column(_("Name"), lambda row: row.name),
        Column(_("Origin"), lambda row: origins[row.origin]),
    ]
    if tag is None and (remove or why):
        raise click.MissingParameter(param_type="argument", param_hint="'TAG'")
    if customer is None:
        columns.append(Column(_("Customers"), lambda row: row.customers, right=True))
        run.out.listing(tag_counts(run.shop), columns, empty=_("No customer has a tag."))
        return
    number = find_customer(run.shop, customer)
    if tag is None:
        columns.append(Column(_("Why"), lambda row: row.why))
        empty = _("Customer {number} has no tag.", number=number)
        run.out.listing(shown_tags(run.shop, number), columns, empty=empty)
        return
    done = tag_customer(run.shop, number, tag, remove=remove, why=why)
    names = ", ".join(dict.fromkeys(entry.name for entry in done.tags))
    tell(run, done, _("Tags of customer {number}: {tags}", number=number, tags=names or "–"))


COMMANDS = (show, tag)
"""The verbs of this module."""
