"""Fill values into a text somebody wrote: Jinja expressions only, in a sandbox, of a limited length."""

from collections.abc import Mapping

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from aftersales_cli.errors import WrongUsageError
from aftersales_cli.language import _

LONGEST = 5_000
"""Characters of a filled text; no chat takes more."""

_FILTERS = frozenset({"default", "trim", "upper", "lower", "title"})


def check_text(text: str, *, place: str) -> frozenset[str]:
    """Return the names of the values a text is filled with; raises WrongUsageError if it cannot be filled in."""
    try:
        tree = SandboxedEnvironment(autoescape=False).parse(text)
    except TemplateSyntaxError as error:
        raise _problem(place, str(error.message)) from error
    _check(tree, place)
    return frozenset(find_undeclared_variables(tree))


def fill_in(text: str, values: Mapping[str, str], *, place: str) -> str:
    """Return a text with ``{{ name }}`` replaced by values.

    Conditions inside ``{{ }}`` are understood (``name or "x"``, ``"x" if name else ""``, ``~``) and a few
    filters; loops, attributes and calls are not. ``place`` says where the text stands. Raises WrongUsageError
    for a value that is missing, listing those there are, and for anything else that cannot be filled in.
    """
    check_text(text, place=place)
    # Plain text goes into chats, not into a page: escaping would put &amp; into it.
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    try:
        filled = environment.from_string(text).render(values)
    except UndefinedError as error:
        missing = str(error.message).split("'")[1]
        raise WrongUsageError(
            _("{place}: the value “{name}” is not known here.", place=place, name=missing),
            remedy=_(
                "Give it with --fill {name}=… There are: {names}.",
                name=missing,
                names=", ".join(sorted(values)),
            ),
        ) from error
    if len(filled) > LONGEST:
        raise _problem(place, _("the text becomes longer than {limit} characters", limit=LONGEST))
    return filled.strip()


def _check(tree: nodes.Template, place: str) -> None:
    """Refuse everything but plain expressions, so that no text can run for ever or reach anything."""
    allowed = (
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Const,
        nodes.CondExpr,
        nodes.Concat,
        nodes.And,
        nodes.Or,
        nodes.Not,
        nodes.Filter,
    )
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, allowed):
            raise _problem(
                place, _("“{part}” is not allowed in a reply text", part=type(node).__name__.lower())
            )
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            raise _problem(place, _("there is no filter “{name}” here", name=node.name))


def _problem(place: str, what: str) -> WrongUsageError:
    return WrongUsageError(
        _("{place} cannot be filled in: {problem}.", place=place, problem=what),
        remedy=_('Write {{ name }}, {{ name or "…" }} or {{ "…" if name else "" }}.'),
    )
