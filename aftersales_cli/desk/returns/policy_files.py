"""The policies in use: the shipped files, those of the shop over them, and the text they are kept as."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from aftersales_cli.database.policies import find_policy_version, insert_policy_version, load_policy_document
from aftersales_cli.desk.returns.policy_categories import FILE_NAME as CATEGORIES
from aftersales_cli.desk.returns.policy_categories import read_products
from aftersales_cli.desk.returns.policy_reading import Codes, PolicyFile, Problem, read_policy_file
from aftersales_cli.desk.returns.policy_records import LAYERS, PolicySet, ProductEntry
from aftersales_cli.desk.rule_files import read_toml
from aftersales_cli.errors import NotFoundError
from aftersales_cli.language import _
from aftersales_cli.resources import data_files
from aftersales_cli.shop import Shop
from aftersales_cli.taxonomy import load_taxonomy

FOLDER = "templates/policies"


def policy_paths(shop_folder: Path | None) -> dict[str, Path]:
    """Return file name → path of the files in use, ``categories.toml`` aside."""
    return {name: path for name, path in data_files(FOLDER, shop_folder).items() if name != CATEGORIES}


def load_files(
    shop_folder: Path | None, *, changed: Path | None = None
) -> tuple[list[PolicyFile], list[Problem]]:
    """Read all files in use, with every problem; ``changed`` takes the place of the one of its name.

    Raises FileError for a file that is no TOML.
    """
    paths = policy_paths(shop_folder)
    if changed is not None and changed.name != CATEGORIES:
        paths[changed.name] = changed
    codes = _known_codes(shop_folder)
    files: list[PolicyFile] = []
    problems = _read_products(shop_folder, changed)[1]
    for path in paths.values():
        read, wrong = read_policy_file(read_toml(path), path, codes)
        files.append(read)
        problems += wrong
    return files, problems + _doubles(files, paths)


def load_policies(shop_folder: Path | None, *, changed: Path | None = None) -> PolicySet:
    """Return the rules in use; raises FileError, and WrongUsageError naming file, rule and key."""
    files, problems = load_files(shop_folder, changed=changed)
    if problems:
        raise problems[0].error(len(problems) - 1)
    return combine(files, load_products(shop_folder, changed=changed))


def combine(files: Sequence[PolicyFile], products: tuple[ProductEntry, ...] = ()) -> PolicySet:
    """Put files together in the order in which they are asked: by layer, then by name."""
    ordered = sorted(files, key=lambda entry: (LAYERS.index(entry.layer), entry.name))
    rules = [rule for entry in ordered for rule in entry.rules]
    own = [entry for entry in ordered if entry.layer == "shop"]
    return PolicySet(
        rules=tuple(rule for rule in rules if rule.on),
        auto_limit=_merged(entry.auto_limit for entry in own),
        second_limit=_merged(entry.second_limit for entry in own),
        return_clause=tuple(country for entry in own for country in entry.return_clause),
        switched_off=tuple(rule for rule in rules if not rule.on),
        products=products,
    )


def load_products(shop_folder: Path | None, *, changed: Path | None = None) -> tuple[ProductEntry, ...]:
    """Return the table that tells what a product is; raises FileError and WrongUsageError."""
    entries, problems = _read_products(shop_folder, changed)
    if problems:
        raise problems[0].error(len(problems) - 1)
    return entries


def policy_document(shop_folder: Path | None) -> str:
    """Return all files in use as one text, checked; it changes whenever a rule does.

    Raises FileError and WrongUsageError.
    """
    paths = {**policy_paths(shop_folder), CATEGORIES: data_files(FOLDER, shop_folder)[CATEGORIES]}
    states = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths.values())
    return _document(states, shop_folder)


@lru_cache(maxsize=16)
def _document(states: tuple[tuple[Path, int, int], ...], shop_folder: Path | None) -> str:
    load_policies(shop_folder)
    content = {path.name: read_toml(path) for path, _time, _size in states}
    return json.dumps(content, ensure_ascii=False, default=str, sort_keys=True)


@lru_cache(maxsize=32)
def read_document(document: str) -> PolicySet:
    """Return the rules of a stored version; codes the shop no longer has are no error there."""
    content: dict[str, Mapping[str, Any]] = json.loads(document)
    products = read_products(content.pop(CATEGORIES, {}), Path(CATEGORIES), None)[0]
    return combine(
        [read_policy_file(values, Path(name), None)[0] for name, values in content.items()], products
    )


def current_policy(shop: Shop) -> tuple[int, PolicySet]:
    """Return the version in force with its id; a changed text becomes a new version, inside ``writing``.

    Raises FileError and WrongUsageError naming what is wrong in a file: no case is judged by half a policy.
    """
    document = policy_document(shop.folder)
    digest = hashlib.sha256(document.encode()).hexdigest()
    found = find_policy_version(shop.database, digest)
    if found is None:
        with shop.writing("policy.keep") as writing:
            # Somebody else may have kept the same text a moment ago.
            found = find_policy_version(shop.database, digest) or insert_policy_version(
                shop.database, digest=digest, document=document, since=shop.stamp
            )
            writing.touch("policy", found)
    return found, read_document(document)


def stored_policy(shop: Shop, version: int) -> PolicySet:
    """Return the rules as they stood in a version; raises NotFoundError."""
    document = load_policy_document(shop.database, version)
    if document is None:
        raise NotFoundError(_("There is no version {version} of the policy.", version=version))
    return read_document(document)


def _read_products(
    shop_folder: Path | None, changed: Path | None
) -> tuple[tuple[ProductEntry, ...], list[Problem]]:
    own = changed is not None and changed.name == CATEGORIES
    path = changed if own and changed is not None else data_files(FOLDER, shop_folder)[CATEGORIES]
    return read_products(read_toml(path), path, _known_codes(shop_folder).categories)


def _known_codes(shop_folder: Path | None) -> Codes:
    return Codes(
        reasons=tuple(load_taxonomy("reasons", shop_folder).terms),
        categories=tuple(load_taxonomy("product_categories", shop_folder).terms),
    )


def _merged(tables: Iterable[Mapping[str, int]]) -> dict[str, int]:
    return {currency: amount for table in tables for currency, amount in table.items()}


def _doubles(files: list[PolicyFile], paths: Mapping[str, Path]) -> list[Problem]:
    """Return a problem for every id that stands in several places."""
    seen: dict[str, str] = {}
    problems = []
    for entry in files:
        for rule in entry.rules:
            if rule.id and rule.id in seen:
                what = _("is also the id of a rule in {file}", file=seen[rule.id])
                problems.append(
                    Problem(str(paths[entry.name]), rule.id, "id", what, _("Give each rule its own id."))
                )
            seen.setdefault(rule.id, entry.name)
    return problems
