"""対応づけ by name, and as a TOML file: the headings and words of a system, for the next library that leaves it.

Meanings of branches stay here: another library's branch of the same number is another branch.
"""

import json
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import Any

from library import errors
from library.files.headings import AND, NOTHING
from library.importing import assignments, kinds, words
from library.importing.assignments import Assignments
from library.store import database
from models import Assignment

LARGEST = 96 * 1024  # bytes of a file
MOST_DOTS = 100  # in a line: a key of many parts takes memory with the square of their number
LONGEST, LONGEST_NAME = 500, 40  # letters of a heading or word; of a profile's name
BRANCHES = ("branch", "pickup_branch")
HEAD = "# Madoguchi の対応づけ：窓口の「対応づけ」で取り込めます。\n"


@dataclass(frozen=True)
class Profile:
    """The assignments of a system, by kind of file."""

    name: str
    kinds: dict[str, Assignments]


def stored(name: str) -> Profile:
    """Return the profile of this name; without kinds if there is none."""
    found = {kind: assignments.remembered(kind, name) for kind in kinds.KINDS}
    return Profile(name, {kind: made for kind, made in found.items() if made})


def rename(name: str, new: str) -> None:
    """Give a profile another name. Raises: ProfileTaken."""
    with database.writing():
        if new != name and new in assignments.profiles():
            raise errors.ProfileTaken(name=new)
        Assignment.update(profile=new).where(Assignment.profile == name).execute()


def remove(name: str) -> None:
    with database.writing():
        Assignment.delete().where(Assignment.profile == name).execute()


def lines(profile: Profile) -> dict[tuple[str, str, str], str]:
    """Return (label of the kind, label of the column, word of the file) → meaning; without a word → heading."""
    found = {}
    for kind, made in profile.kinds.items():
        label, labels = kinds.KINDS[kind].label, {column.name: column.label for column in kinds.KINDS[kind].columns}
        labels[NOTHING] = "取り込まない列"
        for name, said in made.headings.items():
            found[label, labels.get(name, name), ""] = (
                "（取り込まない）" if said == NOTHING else said.replace(AND, "、")
            )
        for name, meanings in made.values.items():
            known = dict(kinds.meanings(kind, name)) | {"": "（空にする）", "-": "（この行を取り込まない）"}
            found |= {
                (label, labels.get(name, name), word): known.get(means, means) for word, means in meanings.items()
            }
    return found


def changes(profile: Profile) -> list[tuple[str, str, str, str, str]]:
    """Return the lines of a profile that say something else than those here, each with what is here."""
    here = lines(stored(profile.name))
    return [(*key, said, here.get(key, "")) for key, said in lines(profile).items() if said != here.get(key)]


# -- as a file ---------------------------------------------------------------------------------------------------------
def written(profile: Profile) -> str:
    """Return the profile as TOML."""
    parts = [f"{HEAD}name = {_quoted(profile.name)}\n"]
    for kind, made in profile.kinds.items():
        headings = {name: [] if said == NOTHING else said.split(AND) for name, said in made.headings.items()}
        parts += _table(f"{kind}.headings", headings)
        for name, meanings in made.values.items():
            parts += _table(f"{kind}.values.{name}", meanings) if name not in BRANCHES else []
    return "".join(parts)


def _table(name: str, values: dict[str, Any]) -> list[str]:
    return (
        [f"\n[{name}]\n", *(f"{_quoted(key)} = {_quoted(value)}\n" for key, value in values.items())] if values else []
    )


def _quoted(value: str | list[str]) -> str:
    """Return a text, or a list of texts, as JSON, which TOML reads alike but for one letter."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read(content: bytes) -> Profile:
    """Return the profile in a TOML file. Raises: ProfileUnreadable, ProfileHasUnknown."""
    if len(content) > LARGEST:
        raise errors.ProfileUnreadable()
    try:
        text = content.decode("utf-8-sig")
        if any(line.count(".") > MOST_DOTS for line in text.split("\n")):
            raise errors.ProfileUnreadable()
        found = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise errors.ProfileUnreadable() from None
    name = found.pop("name", None)
    if not _is_text(name) or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise errors.ProfileHasUnknown(what="name")
    return Profile(name.strip(), {kind: _read_kind(kind, parts) for kind, parts in found.items()})


def _read_kind(kind: str, parts: object) -> Assignments:
    if kind not in kinds.KINDS or not isinstance(parts, dict):
        raise errors.ProfileHasUnknown(what=kind[:LONGEST_NAME])
    columns = {column.name for column in kinds.KINDS[kind].columns}
    made = Assignments()
    for part, names in parts.items():
        for name, said in names.items() if isinstance(names, dict) else [("", None)]:
            if (
                part == "headings"
                and name in {*columns, NOTHING}
                and isinstance(said, list)
                and all(map(_is_text, said))
            ):
                made.headings[name] = AND.join(filter(None, said)) or NOTHING
            elif part == "values" and name in columns - {*BRANCHES} and isinstance(said, dict) and _are_texts(said):
                made.values[name] = {word: means for word, means in said.items() if word and _is_here(name, means)}
            else:
                raise errors.ProfileHasUnknown(what=f"{kind}.{part}.{name}"[:LONGEST_NAME])
    return made


def _is_text(value: object) -> bool:
    is_text = isinstance(value, str) and len(value) <= LONGEST
    return is_text and not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in str(value))


def _are_texts(said: dict) -> bool:
    return all(map(_is_text, [*said, *said.values()]))


def _is_here(name: str, means: str) -> bool:
    """Tell whether a meaning is a word of this library, where the rules have such words."""
    return name not in words.SETTINGS or means in ("", "-") or means in dict(kinds.meanings("", name))


def take(profile: Profile) -> None:
    """Remember what a profile says, in addition to what is remembered under its name."""
    with database.writing():
        for kind, made in profile.kinds.items():
            assignments.remember(kind, made, profile.name)
