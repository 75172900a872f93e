"""Filled forms that come back through the inbox: how each is known, and who takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aftersales_cli.customers.callback_import import CallbackImport, import_callbacks
from aftersales_cli.customers.callback_list import recognise_callback_list
from aftersales_cli.desk.register_form import recognise_register
from aftersales_cli.desk.register_import import RegisterImport, import_register
from aftersales_cli.desk.returns.exception_form import recognise_exceptions
from aftersales_cli.desk.returns.exception_import import ExceptionsImport, import_exceptions
from aftersales_cli.reading.form_rows import FormImport
from aftersales_cli.shop import Shop


@dataclass(frozen=True)
class FilledForm:
    """A form staff hand back."""

    recognise: Callable[[list[str]], object]
    """Gets normalised header cells; returns something true if they are the form's."""
    take: Callable[[Shop, Path], FormImport]


FORMS = {
    CallbackImport.kind: FilledForm(recognise_callback_list, import_callbacks),
    RegisterImport.kind: FilledForm(recognise_register, import_register),
    ExceptionsImport.kind: FilledForm(recognise_exceptions, import_exceptions),
}
"""Kind of file, as the inbox calls it → form."""


def recognise_form(header: list[str]) -> str | None:
    """Return the kind of form these normalised header cells belong to."""
    return next((kind for kind, form in FORMS.items() if form.recognise(header)), None)
