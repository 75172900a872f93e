"""What can go wrong for a user: one class per exit code, each with a text and a remedy."""


class AftersalesError(Exception):
    """A problem the user can understand and mend; never shown with a traceback.

    ``message`` says what happened and where, ``remedy`` what to do next. Both are already translated.
    """

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class WrongUsageError(AftersalesError):
    """An argument, option or setting has a value that cannot be used."""

    exit_code = 2


class NotFoundError(AftersalesError):
    """The named thing does not exist in this shop."""

    exit_code = 3


class RefusedError(AftersalesError):
    """A rule forbids the step: transition, policy, permission or limit."""

    exit_code = 4


class NotAllowedError(RefusedError):
    """The employee's role forbids an operation of access.ALLOWED, named in ``operation``."""

    def __init__(self, operation: str, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.operation = operation


class BusyError(AftersalesError):
    """Another process holds the database or a job's lock."""

    exit_code = 6


class DatabaseError(AftersalesError):
    """The database is missing, damaged, of a newer version, or SQLite is too old."""

    exit_code = 7


class FileError(AftersalesError):
    """A file cannot be read or written."""

    exit_code = 8


class UnknownFileError(FileError):
    """A file can be read, but none of its tables is one we know.

    ``headers`` are the best header rows found, one list of raw cells for each sheet.
    """

    def __init__(self, message: str, *, remedy: str = "", headers: tuple[tuple[str, ...], ...] = ()) -> None:
        super().__init__(message, remedy=remedy)
        self.headers = headers


PARTLY_DONE = 5
"""Exit code of a command that did its work but had to reject some rows or steps."""

INTERRUPTED = 130
"""Exit code after Ctrl-C."""
