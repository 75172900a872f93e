"""Texts for answers: read from ``templates/scripts/replies.toml``, chosen by situation and kind, filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.database.agents import get_agent
from aftersales_cli.database.cases import find_case_refund, list_case_lines
from aftersales_cli.database.customers import get_customer
from aftersales_cli.database.orders import get_order, list_lines
from aftersales_cli.desk.assigning import customer_language
from aftersales_cli.desk.filling import check_text, fill_in
from aftersales_cli.desk.rule_files import read_toml
from aftersales_cli.desk.steps import require_case
from aftersales_cli.errors import FileError, NotFoundError, WrongUsageError
from aftersales_cli.language import _, pick
from aftersales_cli.money import format_money
from aftersales_cli.records.cases import Case
from aftersales_cli.resources import data_files
from aftersales_cli.shop import Shop

FILE_NAME = "replies.toml"
_ANY_KIND = "default"
_TITLE = "title"


@dataclass(frozen=True)
class ReplyTemplate:
    """A text for one situation and kind of case."""

    name: str
    """The situation, as ``--template`` takes it."""
    kind: str
    """The kind of case it is for, ``default`` for every other."""
    title: str
    """What it is for, in the current language."""
    texts: Mapping[str, str]
    """Language → text."""


def load_templates(shop_folder: Path | None) -> list[ReplyTemplate]:
    """Return the shipped texts with the shop's own over them, in file order; raises FileError naming the place."""
    entries: dict[tuple[str, str], Mapping[str, str]] = {}
    titles: dict[str, Mapping[str, str]] = {}
    for folder in (None, shop_folder):
        path = data_files("templates/scripts", folder)[FILE_NAME]
        for name, kind, texts in _read(path):
            if kind == _TITLE:
                titles[name] = texts
            else:
                entries[name, kind] = texts
    situations = list(dict.fromkeys([*titles, *(name for name, _kind in entries)]))
    return [
        ReplyTemplate(name, kind, pick(titles.get(name, {})) or name, texts)
        for (name, kind), texts in sorted(entries.items(), key=lambda entry: situations.index(entry[0][0]))
    ]


def choose_template(templates: list[ReplyTemplate], name: str, kind: str) -> ReplyTemplate:
    """Return the text for a situation and kind, else for any kind; raises NotFoundError listing the situations."""
    found = {entry.kind: entry for entry in templates if entry.name == name}
    chosen = found.get(kind) or found.get(_ANY_KIND)
    if chosen is None:
        names = ", ".join(dict.fromkeys(entry.name for entry in templates))
        raise NotFoundError(
            _("There is no reply text “{name}” for this kind of case.", name=name),
            remedy=_("Choose one of: {names}", names=names),
        )
    return chosen


def write_reply(
    shop: Shop, number: int, name: str, *, language: str | None = None, fill: Mapping[str, str] | None = None
) -> str:
    """Return the text of a situation for a case, filled in; changes nothing.

    ``language`` is else that of the customer, as far as it is known; ``fill`` adds values or replaces those of
    the case. Raises NotFoundError, FileError, WrongUsageError listing the values there are.
    """
    case = require_case(shop, number)
    templates = load_templates(shop.folder)
    template = choose_template(templates, name, case.kind)
    chosen = language or customer_language(shop, case)
    _require_used(templates, name, fill or {})
    place = _place(template, chosen)
    return fill_in(pick(template.texts, chosen), {**case_values(shop, case), **(fill or {})}, place=place)


def check_templates(shop_folder: Path | None) -> None:
    """Check that every text can be filled in; raises FileError, WrongUsageError naming the first that cannot."""
    for template in load_templates(shop_folder):
        _used(template)


def _used(template: ReplyTemplate) -> frozenset[str]:
    """Return the names of the values the texts of a template use in any language."""
    found = [check_text(text, place=_place(template, code)) for code, text in template.texts.items()]
    return frozenset[str]().union(*found)


def _place(template: ReplyTemplate, language: str) -> str:
    return f"{FILE_NAME} [{template.name}.{template.kind}] {language}"


def _require_used(templates: list[ReplyTemplate], name: str, fill: Mapping[str, str]) -> None:
    """Refuse values that would change nothing; other kinds and languages of the situation count as well."""
    if not fill:
        return
    names = frozenset[str]().union(*(_used(entry) for entry in templates if entry.name == name))
    for unknown in sorted(fill.keys() - names):
        raise WrongUsageError(
            _("“{text}” has no value “{name}”.", text=name, name=unknown),
            remedy=_("It is filled with: {names}", names=", ".join(sorted(names)) or "–"),
        )


def case_values(shop: Shop, case: Case) -> dict[str, str]:
    """Return what a text about a case can be filled with; what is not known is ``""``.

    ``amount`` is missing without a refund record: a text that promises money must not go out without it.
    """
    db = shop.database
    customer = get_customer(db, case.customer_id) if case.customer_id is not None else None
    order = get_order(db, case.order_id) if case.order_id is not None else None
    assignee = get_agent(db, case.assignee_id) if case.assignee_id is not None else None
    titles = [line.title for line in list_case_lines(db, case.number)]
    if not titles and order is not None:
        titles = [line.title for line in list_lines(db, order.id)]
    values = {
        "customer": customer.name if customer else "",
        "shop": shop.settings.shop.name,
        "agent": (assignee or shop.agent).name,
        "case": str(case.number),
        "order": (order.display_number or order.external_id) if order else case.order_external_id,
        "product": titles[0] if len(titles) == 1 else "",
        "until": "",
    }
    if refund := find_case_refund(db, case.number):
        values["amount"] = format_money(refund.to_buyer, refund.currency)
    return values


def _read(path: Path) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    for name, kinds in read_toml(path).items():
        for kind, texts in kinds.items() if isinstance(kinds, dict) else [("", None)]:
            if (
                not isinstance(texts, dict)
                or not texts
                or not all(
                    language in {"zh", "en"} and isinstance(text, str) and text.strip()
                    for language, text in texts.items()
                )
            ):
                raise FileError(
                    _("{path}: “{name}” is no reply text.", path=path, name=f"{name}.{kind}".rstrip(".")),
                    remedy=_('Write it like the shipped file: [situation.kind] with zh = "…" and en = "…".'),
                )
            yield name, kind, texts
