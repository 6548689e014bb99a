"""え: the 24 pictures by which children search, and four kinds of material, from motifs.tsv and as the library changed
them.

A title has a picture by a subject heading, by its class (NDC, or the letters of a call number), or by a word of its
title. A word in kana counts alone (いぬ, not しいぬ), one of kanji or katakana wherever it stands by itself.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from library import audit, errors, policy
from library.catalog.folding import romaji
from library.store import database

LIST = Path(__file__).with_name("motifs.tsv")
BETWEEN = "；"
SETTING = "motifs"  # slug → the columns that the library changed
# a title is of one kind: of the first that fits
KINDS = ("kamishibai", "picture-books", "stories", "finding-out")
SHOWN_KINDS = ("picture-books", "stories", "finding-out", "kamishibai")
NO_BOOKS = ("CD", "DVD")  # of no kind
LONGEST_LABEL, MOST, LONGEST = 12, 60, 40  # letters of a label; entries of a list; letters of an entry
_LABEL = re.compile("[ぁ-んァ-ヶー ]+")
_CLASS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?|[A-Z]{1,3}")
_KANA = re.compile("[ぁ-んー]+")
_PARTICLES = re.compile("(?<=..)(?:の|は|が|を|に|と|で|も|へ|や|さん|くん|ちゃん)$|(?<=..)[、。！？・].*$")


class Motif(NamedTuple):
    """A picture: its label in kana, and the subjects, classes and words by which titles have it. ``is_shown``: the
    library offers it.
    """

    slug: str
    label: str
    subjects: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    is_shown: bool = True

    @property
    def is_kind(self) -> bool:
        """Tell whether this is a kind of material: えほん, ものがたり, しらべる, かみしばい."""
        return self.slug in KINDS


class Draft(NamedTuple):
    """A picture as the desk typed it: an entry a line."""

    label: str
    subjects: str
    classes: str
    words: str
    is_shown: bool


@lru_cache(maxsize=1)
def shipped() -> dict[str, Motif]:
    """Return the pictures as they come with the program, by slug."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["slug"]: _of_row(row) for row in rows}


def _of_row(row: Mapping[str, str]) -> Motif:
    return Motif(row["slug"], row["label"], _split(row["subjects"]), _split(row["classes"]), _split(row["words"]))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(BETWEEN)))


def every(changed: Mapping[str, Any]) -> tuple[Motif, ...]:
    """Return all pictures with the library's changes, in the order of pages: first the motifs, then the kinds."""
    motifs = [_changed(each, changed.get(slug, {})) for slug, each in shipped().items() if slug not in KINDS]
    kinds = [_changed(shipped()[slug], changed.get(slug, {})) for slug in SHOWN_KINDS]
    return (*motifs, *kinds)


def _changed(motif: Motif, own: Mapping[str, Any]) -> Motif:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in own.items()}
    return motif._replace(**values)


def find(slug: str) -> Motif | None:
    """Return a picture with the library's changes; None if there is none of this name."""
    return next((each for each in every(policy.get(SETTING)) if each.slug == slug), None)


# -- at the desk -------------------------------------------------------------------------------------------------------
def change(slug: str, draft: Draft, *, by: str, now: datetime) -> None:
    """Store a picture. Raises: RefusedTogether by field (KanaUnreadable, MotifClassUnreadable,
    MotifListTooLong)."""
    wanted = _read(slug, draft)
    with database.writing():
        before = find(slug)
        if before is None or before == wanted:
            return
        _put(slug, wanted)
        changes = {
            name: [_words(was), _words(will)]
            for name, was, will in zip(Motif._fields, before, wanted, strict=True)
            if was != will
        }
        audit.record("kids.motif", actor=by, now=now, motif=wanted.label, changes=changes)


def _put(slug: str, wanted: Motif) -> None:
    own = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value, usual in zip(Motif._fields, wanted, shipped()[slug], strict=True)
        if value != usual
    }
    others = {name: row for name, row in policy.get(SETTING).items() if name != slug}
    policy.put(SETTING, others | ({slug: own} if own else {}))


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "出す" if value else "出さない"
    return "、".join(value) or "–" if isinstance(value, tuple) else value


def _read(slug: str, draft: Draft) -> Motif:
    problems: dict[str, list[errors.Refused]] = {}
    label = " ".join(draft.label.split())
    if not _LABEL.fullmatch(label) or len(label) > LONGEST_LABEL:
        problems["label"] = [errors.KanaUnreadable(maximum=LONGEST_LABEL)]
    subjects, classes, words = (_entries(text) for text in (draft.subjects, draft.classes, draft.words))
    classes = tuple(dict.fromkeys(normalize("NFKC", each).upper() for each in classes))
    if wrong := next((each for each in classes if not _CLASS.fullmatch(each)), None):
        problems["classes"] = [errors.MotifClassUnreadable(text=wrong)]
    for name, entries in (("subjects", subjects), ("classes", classes), ("words", words)):
        if len(entries) > MOST or any(len(each) > LONGEST for each in entries):
            problems[name] = [errors.MotifListTooLong(most=MOST, letters=LONGEST)]
    if problems:
        raise errors.RefusedTogether(problems)
    return Motif(slug, label, subjects, classes, words, draft.is_shown)


def _entries(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


# -- words of titles ---------------------------------------------------------------------------------------------------
class Words:
    """The words of several pictures, looked for in one title after the other."""

    def __init__(self, motifs: Iterable[Motif]) -> None:
        self.spoken: dict[str, set[str]] = {}  # word in hiragana → slugs
        self.written: dict[str, set[str]] = {}  # of kanji or katakana
        for motif in motifs:
            for word in motif.words:
                self.spoken.setdefault(romaji.hiragana(word), set()).add(motif.slug)
                if not _KANA.fullmatch(word):
                    self.written.setdefault(word, set()).add(motif.slug)
        parts = (_alone(word) for word in sorted(self.written, key=len, reverse=True))
        self.pattern = re.compile("|".join(parts)) if self.written else None

    def found(self, title: str, kana: str) -> set[str]:
        """Return the slugs of the pictures that a title has by its words or those of its reading."""
        spoken = [*romaji.hiragana(kana).split(), *(_bare(word) for word in romaji.hiragana(title).split())]
        slugs = [self.spoken[word] for word in spoken if word in self.spoken]
        slugs += [self.written[word] for word in (self.pattern.findall(title) if self.pattern else ())]
        return set().union(*slugs)


def _alone(word: str) -> str:
    """Return the pattern of a word; one in katakana does not count inside of a longer one."""
    if re.fullmatch("[ァ-ヶー]+", word):
        return f"(?<![ァ-ヶー]){re.escape(word)}(?![ァ-ヶー])"
    return re.escape(word)


def _bare(word: str) -> str:
    """Return a word of a title without the particle that follows it: ねこの, うみへ."""
    return _PARTICLES.sub("", word)
