"""Find the data that ships with the program: job files and templates, each overridable by the shop."""

from pathlib import Path

SETTINGS_FILE = "aftersales.toml"
"""Name of the settings file; a folder that holds it is a shop."""

PACKAGE_FOLDER = Path(__file__).parent


def data_dir(name: str) -> Path:
    """Return the folder of shipped data ``jobs`` or ``templates``.

    Installed, it lies inside the package; in a bare checkout or an editable install beside it.
    """
    inside = PACKAGE_FOLDER / name
    return inside if inside.is_dir() else PACKAGE_FOLDER.parent / name


def data_files(kind: str, shop_folder: Path | None = None) -> dict[str, Path]:
    """Return file name → path of all TOML files of a kind such as ``jobs`` or ``templates/formats``.

    A file in the shop's folder replaces the shipped file of the same name.
    """
    root, _, rest = kind.partition("/")
    folders = [data_dir(root) / rest]
    if shop_folder is not None:
        folders.append(shop_folder / kind)
    return {path.name: path for folder in folders for path in sorted(folder.glob("*.toml"))}
