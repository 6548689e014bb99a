"""The file of settings of a library, in TOML: what stands in it, and its faults by their line.

Of a line nothing but its name is said: what is behind it may be a password.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from library.store import ownership

HOLDING_PARTS = {"barcode", "branch", "shelf", "call_number"}
_NAMED = re.compile(r"""\s*(?:(\[[^\]]*\])|["']?([^=#\["']+?)["']?\s*=)""")
_LINE = re.compile(r"\(at line (\d+),")


class WrongSetting(Exception):
    """Refuse a setting; the message is for the person who starts the server."""


def read(file: Path) -> dict[str, Any]:
    """Return the settings and tables of a file; none where there is no file. Raises: WrongSetting."""
    try:
        return parse(file.read_text(encoding="utf-8"), file)
    except (FileNotFoundError, NotADirectoryError):
        return {}  # without a usable folder prepare_instance says so
    except PermissionError as error:
        if not os.path.exists(file):  # nor where the folder may not be entered
            return {}
        raise WrongSetting(ownership.refusal(file)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise WrongSetting(f"{file} の{line}行目を読めません。ファイルを UTF-8 で保存してください。") from error
    except OSError as error:
        raise WrongSetting(f"{file} を読めません（{error}）。") from error


def parse(text: str, file: Path) -> dict[str, Any]:
    """Return the settings and tables in the text of a file. Raises: WrongSetting, with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        lines = text.splitlines() or [""]
        found = _LINE.search(str(error))
        number = min(int(found[1]) if found else len(lines), len(lines))
        raise WrongSetting(f"{file} の{number}行目{_fault(lines, number)}") from error


def _fault(lines: list[str], number: int) -> str:
    """Return the end of the sentence about a line that can't be read: its fault, and the way to mend it."""
    table, name = list(_names(lines[:number]))[-1]
    if not name:
        return "を読めません。設定は、1行に一つ、名前 = 値 の形で書いてください。"
    same = [each for each, names in enumerate(_names(lines[: number - 1]), 1) if names == (table, name)]
    if same:
        return f": {name} が二つあります（はじめは{same[0]}行目）。どちらかの行を消してください。"
    return (
        f': {name} の値を読めません。文字は "…" で囲み、数はそのまま、はい・いいえは true か false で書いてください。'
    )


def _names(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the table and the name of each line; a line that begins a table is named as that is."""
    table = ""
    for line in lines:
        found = _NAMED.match(line)
        name = (found[1] or found[2]) if found else ""
        if name.startswith("["):
            table, name = name, name
        yield "" if name.startswith("[") else table, name


def found_at(file: Path, *names: str) -> str:
    """Return the place of one of these names in a file, a setting or a [table], for the beginning of a sentence: with
    its line, where one can be told.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    found = next((line for line, (table, each) in enumerate(_names(lines), 1) if not table and each in names), None)
    return f"{file} の{found}行目: " if found else f"{file} の "


# -- tables ------------------------------------------------------------------------------------------------------------
def checked_maps(tables: Any, file: Path, is_setting: Callable[[str], bool]) -> dict[str, dict[str, str]]:
    """Return ``[maps.NAME]``, column = "heading", for files whose headings are others (``--map NAME``). A setting below
    its head is refused: it would be a column. Raises: WrongSetting.
    """
    for name, mapping in tables.items() if isinstance(tables, dict) else [("NAME", None)]:
        at = found_at(file, f"[maps.{name}]", "maps")
        if not isinstance(mapping, dict) or not all(isinstance(heading, str) for heading in mapping.values()):
            raise WrongSetting(f'{at}[maps.{name}] は、列 = "見出し" の形で書いてください。')
        if strayed := next(filter(is_setting, mapping), None):
            raise WrongSetting(f"{at}[maps.{name}] より下に、設定 {strayed} があります。表より上に移してください。")
    return tables


def checked_holdings(tables: Any, file: Path) -> dict[str, dict[str, str]]:
    """Return ``[holdings.TAG]``: the subfields of MARC with the barcode, branch, shelf and call number of a copy.
    Raises: WrongSetting.
    """
    for tag, table in tables.items() if isinstance(tables, dict) else [("TAG", None)]:
        parts = table if isinstance(table, dict) else {}
        complete = {"barcode", "branch"} <= set(parts) <= HOLDING_PARTS
        if not complete or not all(isinstance(codes, str) and codes.isalnum() for codes in parts.values()):
            raise WrongSetting(
                f'{found_at(file, f"[holdings.{tag}]", "holdings")}[holdings.{tag}] は、barcode = "p"、branch = "b" のように'
                "書いてください。ほかに書けるのは shelf と call_number です。"
            )
    return tables
