"""The table of root commands: name, when one needs it, the module it lives in, its one-line help."""

from aftersales_cli.cli.base import Entry
from aftersales_cli.language import N_

EVERY_DAY = N_("Every day")
CUSTOMERS = N_("Customers")
TEAM = N_("Team")
FIGURES = N_("Figures")
HOUSEKEEPING = N_("Housekeeping")

_CLI = "aftersales_cli.cli."

ENTRIES: dict[str, Entry] = {
    "today": Entry(EVERY_DAY, _CLI + "today", N_("Take in the inbox, write the lists, say what to do now")),
    "status": Entry(EVERY_DAY, _CLI + "status", N_("How the shop stands right now")),
    "inbox": Entry(EVERY_DAY, _CLI + "inbox", N_("Files dropped into the inbox")),
    "orders": Entry(EVERY_DAY, _CLI + "orders", N_("Import and look up orders")),
    "cases": Entry(EVERY_DAY, _CLI + "cases", N_("Open, work on and resolve after-sales cases")),
    "returns": Entry(
        EVERY_DAY, _CLI + "returns", N_("Returns: requests, reviews, evidence, and where they stand")
    ),
    "replacements": Entry(
        EVERY_DAY, _CLI + "replacements", N_("Goods sent instead of returned, faulty or missing ones")
    ),
    "repairs": Entry(
        EVERY_DAY, _CLI + "repairs", N_("Repairs and maintenance, from booking to shipped back")
    ),
    "refunds": Entry(
        EVERY_DAY, _CLI + "refunds", N_("Plan money back, record its payment, compare with statements")
    ),
    "invoices": Entry(EVERY_DAY, _CLI + "invoices", N_("Invoices customers ask for, red ones too")),
    "sla": Entry(EVERY_DAY, _CLI + "sla", N_("Promised times: what is near, what is missed, and why")),
    "policy": Entry(
        EVERY_DAY, _CLI + "policy", N_("The written rules for returns: check, try and print them")
    ),
    "callbacks": Entry(CUSTOMERS, _CLI + "callbacks", N_("Plan callbacks, hand out the list, read it back")),
    "customers": Entry(CUSTOMERS, _CLI + "customers", N_("Customers: profile, value, tags, merging")),
    "rates": Entry(CUSTOMERS, _CLI + "rates", N_("Exchange rates, for totals in the shop's currency")),
    "surveys": Entry(
        CUSTOMERS, _CLI + "surveys", N_("Ask customers how it went, take their answers, read the figures")
    ),
    "team": Entry(TEAM, _CLI + "team", N_("The employees and their roles")),
    "kpi": Entry(FIGURES, _CLI + "kpi", N_("Figures against targets, as text and as a workbook")),
    "init": Entry(HOUSEKEEPING, _CLI + "init", N_("Make a shop folder")),
    "demo": Entry(HOUSEKEEPING, _CLI + "demo", N_("Make a demonstration shop and play a morning in it")),
    "storefronts": Entry(HOUSEKEEPING, _CLI + "storefronts", N_("The shop's accounts on marketplaces")),
    "calendar": Entry(HOUSEKEEPING, _CLI + "calendar", N_("Opening hours, public holidays and make-up days")),
    "jobs": Entry(HOUSEKEEPING, _CLI + "jobs", N_("What runs at night, and how it went")),
    "doctor": Entry(HOUSEKEEPING, _CLI + "doctor", N_("Check the set-up and the database")),
}
