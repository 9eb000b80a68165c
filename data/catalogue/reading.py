"""Read the catalogue's TOML files into checked records; every fault names the file and the entry."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from data.catalogue.checking import check_catalogue
from data.catalogue.definitions import (
    Ask,
    Breakdown,
    Catalogue,
    Column,
    DisclosureRule,
    ExpectedPart,
    Ics,
    Indicator,
    LateRule,
    LongReturn,
    Msds,
    Page,
    Place,
    Register,
    Section,
    SignOffRule,
    Source,
    Spelling,
    Target,
    Term,
)
from data.errors import EmptyFile, UnknownName, UnreadableFile, WrongColumns, WrongValues

FOLDER = Path(__file__).parent

Record = TypeVar("Record")
Entry = dict[str, Any]


def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Read every file of the catalogue and check that the entries agree with each other."""
    sections, asks = _read_asks(folder)
    catalogue = Catalogue(
        asks=asks,
        sections=sections,
        indicators=_read_indicators(folder),
        sources=_read_list(folder, "sources.toml", "source", Source),
        registers=_read_registers(folder),
        breakdowns=_read_list(folder, "breakdowns.toml", "breakdown", Breakdown),
        pages=_read_list(folder, "pages.toml", "page", Page),
        ics=_read_ics(folder),
        disclosure=_read_disclosure(folder),
        long_return=_read_long_return(folder),
        expected=_read_expected(folder),
        late_rule=_read_late_rule(folder),
        sign_off_rule=_read_sign_off_rule(folder),
        glossary=_read_list(folder, "glossary.toml", "term", Term),
    )
    check_catalogue(catalogue)
    return catalogue


def read_toml(folder: Path, name: str, keys: set[str]) -> Entry:
    """Parse one file and refuse it when it is missing, broken or holds a key that nobody reads."""
    path = folder / name
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UnreadableFile("the file is missing", file=name, todo="Restore it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"not valid TOML: {error}", file=name) from error
    if unknown := sorted(set(content) - keys):
        raise WrongColumns("unknown key", file=name, found=", ".join(unknown), expected=", ".join(sorted(keys)))
    if not content:
        raise EmptyFile("the file holds no entries", file=name)
    return content


def build(kind: type[Record], entry: object, *, file: str, name: str) -> Record:
    """Make a record from one entry: no unknown key, none missing, every value of its declared type."""
    if not isinstance(entry, dict):
        raise WrongValues(f"entry {name!r} is not a table", file=file, found=repr(entry))
    hints = _hints(cast(Any, kind))
    if unknown := sorted(set(entry) - set(hints)):
        raise WrongColumns(
            f"entry {name!r} has an unknown key", file=file, found=", ".join(unknown), expected=", ".join(hints)
        )
    if missing := [key for key in _required(cast(Any, kind)) if key not in entry]:
        raise WrongColumns(f"entry {name!r} lacks a key", file=file, expected=", ".join(missing))
    values = {key: _checked(value, hints[key], file=file, name=name, key=key) for key, value in entry.items()}
    return kind(**values)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _required(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.default is MISSING)


def _checked(value: object, hint: Any, *, file: str, name: str, key: str) -> object:
    """Return the value as its field holds it, or raise when it is of another type."""
    if get_origin(hint) is UnionType:
        hint = next(option for option in get_args(hint) if option is not NoneType)
    if get_origin(hint) is tuple:
        if isinstance(value, list | tuple):
            inner = get_args(hint)[0]
            return tuple(_checked(item, inner, file=file, name=name, key=key) for item in value)
    elif get_origin(hint) is Literal:
        if value in get_args(hint):
            return value
        expected = " or ".join(map(str, get_args(hint)))
        raise WrongValues(f"entry {name!r}, key {key!r}: unknown word", file=file, found=value, expected=expected)
    elif hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif isinstance(value, hint) and not (hint is int and isinstance(value, bool)):
        return value
    expected = getattr(hint, "__name__", str(hint))
    raise WrongValues(f"entry {name!r}, key {key!r}: wrong type", file=file, found=repr(value), expected=expected)


def _entries(content: Entry, key: str, *, file: str) -> list[Entry]:
    entries = content.get(key, [])
    if not entries or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise WrongValues(f"there is no list of {key!r} entries", file=file, expected=f"[[{key}]]")
    return entries


def _name_of(entry: Entry) -> str:
    """The words by which a person finds this entry in its file."""
    return str(next((entry[key] for key in ("id", "slug", "name", "code", "term", "title") if key in entry), "unnamed"))


def _read_list(folder: Path, file: str, key: str, kind: type[Record]) -> tuple[Record, ...]:
    entries = _entries(read_toml(folder, file, {key}), key, file=file)
    return tuple(build(kind, entry, file=file, name=_name_of(entry)) for entry in entries)


def _nested(entry: Entry, key: str, kind: type[Record], *, file: str) -> tuple[Record, ...]:
    entries = _entries(entry, key, file=file)
    return tuple(build(kind, inner, file=file, name=f"{_name_of(entry)} / {_name_of(inner)}") for inner in entries)


def _read_asks(folder: Path) -> tuple[tuple[Section, ...], tuple[Ask, ...]]:
    file = "asks.toml"
    content = read_toml(folder, file, {"section", "ask"})
    sections = tuple(
        build(Section, entry, file=file, name=_name_of(entry)) for entry in _entries(content, "section", file=file)
    )
    by_line = {(section.document, section.line): section for section in sections}
    asks = []
    for entry in _entries(content, "ask", file=file):
        place = (entry.get("document"), entry.get("line"))
        if place not in by_line:
            raise UnknownName(f"entry {_name_of(entry)!r} stands in no section", file=file, found=place)
        asks.append(build(Ask, entry | {"section": by_line[place]}, file=file, name=_name_of(entry)))
    return sections, tuple(asks)


def _read_indicators(folder: Path) -> tuple[Indicator, ...]:
    found = []
    for path in sorted((folder / "indicators").glob("*.toml")):
        file = f"indicators/{path.name}"
        for entry in _entries(read_toml(folder, file, {"indicator"}), "indicator", file=file):
            found.append(_indicator(entry | {"theme": path.stem}, file=file))
    if not found:
        raise EmptyFile("no indicators are defined", file="indicators")
    return tuple(found)


def _indicator(entry: Entry, *, file: str) -> Indicator:
    name = _name_of(entry)
    if "target" in entry:
        entry["target"] = build(Target, entry["target"], file=file, name=f"{name} / target")
    if "msds" in entry:
        entry["msds"] = build(Msds, entry["msds"], file=file, name=f"{name} / msds")
    return build(Indicator, entry, file=file, name=name)


def _read_registers(folder: Path) -> tuple[Register, ...]:
    file = "registers.toml"
    entries = _entries(read_toml(folder, file, {"register"}), "register", file=file)
    return tuple(
        build(
            Register, entry | {"columns": _nested(entry, "columns", Column, file=file)}, file=file, name=_name_of(entry)
        )
        for entry in entries
    )


def _read_ics(folder: Path) -> Ics:
    file = "ics.toml"
    entry = read_toml(folder, file, {"ics"})["ics"]
    places: Entry = {key: build(Place, entry.get(key), file=file, name=key) for key in ("icb", "region", "country")}
    places |= {key: _nested(entry, key, Place, file=file) for key in ("lads", "neighbours")}
    return build(Ics, entry | places, file=file, name="ics")


def _read_disclosure(folder: Path) -> DisclosureRule:
    file = "disclosure.toml"
    return build(DisclosureRule, read_toml(folder, file, {"rule"})["rule"], file=file, name="rule")


def _read_long_return(folder: Path) -> LongReturn:
    file = "returns.toml"
    entry = read_toml(folder, file, {"long_return"})["long_return"]
    parts: Entry = {
        "columns": _nested(entry, "columns", Column, file=file),
        "spellings": _nested(entry, "spellings", Spelling, file=file),
    }
    return build(LongReturn, entry | parts, file=file, name="long_return")


def _read_expected(folder: Path) -> tuple[ExpectedPart, ...]:
    file = "expected.toml"
    entries = _entries(read_toml(folder, file, {"rule", "part"}), "part", file=file)
    return tuple(build(ExpectedPart, entry, file=file, name=_name_of(entry)) for entry in entries)


def _read_late_rule(folder: Path) -> LateRule:
    file = "expected.toml"
    return build(LateRule, read_toml(folder, file, {"rule", "part"}).get("rule"), file=file, name="rule")


def _read_sign_off_rule(folder: Path) -> SignOffRule:
    file = "sign_off.toml"
    return build(SignOffRule, read_toml(folder, file, {"rule"})["rule"], file=file, name="rule")
