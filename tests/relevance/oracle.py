"""Judge titles without the search: whether a record has a word, and by which way. The folding here is its own; the
tables of the catalogue (old forms of kanji, loanwords, readings of words) are read as data.

A record has a word by letters when a text of it has the word: old forms of kanji are one with the new, katakana with
hiragana, a long vowel with its mark; spaces and signs don't count. It has the word by reading when a reading or
romanisation that is stored has it, when a whole word there is how the dictionary reads a word in kanji, or when a text
has it as the dictionary spells it. Readings that have it inside of a word (ねこ in カネコ), or where one word ends and the
next begins (ねこ in カネ コウザ), are told apart.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from library import catalog
from library.catalog.heading_names import SEE_ALSO
from library.catalog.records import WORK
from models import (
    Contributor,
    Creator,
    CreatorName,
    Subject,
    SubjectLink,
    Title,
    TitleName,
    TitleSeries,
    TitleSubject,
)
from tests.relevance import romanised

LETTERS, READING, INSIDE, ACROSS, NONE = "letters", "reading", "inside a word", "across words", "no way"
WAYS = (LETTERS, READING, INSIDE, ACROSS, NONE)  # the best first
TITLE, HEADING, PERSON, REST = "title", "heading", "person", "rest"  # parts of a record; headings: series and subjects
ROOM = Path(catalog.__file__).parent
ROWS = {
    "あ": "あかさたなはまやらわがざだばぱゃぁ", "い": "いきしちにひみりぎじびぴぃ", "う": "うくすつぬふむゆるぐずぶぷゅぅ",
    "え": "えけせてねへめれげぜでべぺぇ", "お": "おこそとのほもよろをごぞどぼぽょぉ",
}  # fmt: skip
VOWEL = {kana: vowel for vowel, row in ROWS.items() for kana in row}
LONG = {"あ": "あー", "い": "いー", "う": "うー", "え": "えー", "お": "おうー"}
ONE_SOUND = str.maketrans("づぢゐゑゕゖ", "ずじいえかか")
LARGE = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")  # as the dictionary writes
SMALL = re.compile("(?<=[きしちにひみりぎじびぴ])[やゆよ]|つ(?=[かきくけこさしすせそたちつてとぱぴぷぺぽ])")
LESS = str.maketrans("つやゆよ", "っゃゅょ")
VOICED = str.maketrans("かきくけこさしすせそたちつてとはひふへほ", "がぎぐげござじずぜぞだぢづでどばびぶべぼ")
REPEATS = re.compile("([\u3041-\u3096\u30a1-\u30fa])([ゝヽゞヾ])|([\u3400-\u9fff])(々)")
KANJI = re.compile("[\u3400-\u9fff]")
KANA = re.compile("[ぁ-ゖァ-ヶー]+")
LATIN = "[0-9a-zÀ-ɏ]"
PARTICLES = "のはがをにともやへでか"
NO_WORDS = {*PARTICLES, "から", "まで", "より", "て", "し"}  # are no readings of a kanji where they stand alone
SPACES = re.compile(r"[\s,、・∥/／;:.]+")
SHORT = 3  # letters of romaji that are a whole word only
FORMS = 64  # readings of a word that are tried


class Text(NamedTuple):
    """A text of a record, its reading and its romanisation."""

    part: str
    written: str
    kana: str = ""
    latin: str = ""


class Record:
    """The folded texts of a title, a line each; spaces are left in ``readings`` and Latin texts alone."""

    def __init__(self, name: str, texts: list[Text]) -> None:
        self.name, self.texts = name, texts
        self.titles = _lines_of(text.written for text in texts if text.part == TITLE)
        self.headings = _lines_of(text.written for text in texts if text.part != REST)
        self.letters = _lines_of(text.written for text in texts)
        self.readings = "\n".join(map(_with_spaces, filter(None, (text.kana for text in texts))))
        self.unspaced = self.readings.replace(" ", "")
        self.latin = _in_small_letters(text.latin for text in texts)
        self.with_latin = _in_small_letters(part for text in texts for part in (text.written, text.latin))

    @cached_property
    def words(self) -> set[str]:
        """The whole words in kana of titles, series and subjects, without the particles at their ends."""
        told = [text for text in self.texts if text.part in (TITLE, HEADING)]
        found = {word for text in told for word in (*_with_spaces(text.kana).split(), fold(text.kana))}
        for run in (fold(run) for text in told for run in KANA.findall(text.written)):
            found |= {run, run.lstrip(PARTICLES), run[:-1] if run.endswith(tuple(PARTICLES)) else run}
        return {word.translate(LARGE) for word in found} - NO_WORDS


class Word:
    """A word that is looked for, with the patterns that a record may have it by."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self.is_latin, self.is_kana = self.folded.isascii(), bool(KANA.fullmatch(self.folded))
        spelled = [self.folded, *_loanwords(self.folded)]
        self.written = re.compile("|".join(map(_with_long_vowels, spelled)))
        self.begins = re.compile("|".join(r"(?<!\S)" + _with_long_vowels(each, " ?") for each in spelled))
        self.as_latin = re.compile(rf"(?<!{LATIN}){re.escape(self.folded)}(?!{LATIN})")
        self.read_so = set() if self.is_kana else set(islice(_readings(self.folded), FORMS)) - NO_WORDS
        self.spelled_so = _spelled_pattern(sorted(_spellings(self.folded.translate(LARGE))))
        spoken = [self.folded] if self.is_kana and len(self.folded) > 1 else self.read_so
        self.romaji = "|".join(_romaji_pattern(each) for each in sorted(spoken)) or "(?!)"
        whole = not self.is_kana or len(self.romaji) <= SHORT  # pan is no Panama
        self.in_romaji = re.compile(f"(?<!{LATIN})(?:{self.romaji})" + f"(?!{LATIN})" * whole)

    def way(self, record: Record) -> str:
        """Return the best of ``WAYS`` by which a record has the word."""
        if self.is_latin:
            return LETTERS if self.as_latin.search(record.with_latin) else NONE
        if self.written.search(record.letters):
            return LETTERS
        if self.spelled_so.search(record.letters.translate(LARGE)) or self.in_romaji.search(record.latin):
            return READING
        if not self.is_kana:
            return NONE if self.read_so.isdisjoint(record.words) else READING
        if self.begins.search(record.readings):
            return READING
        if self.written.search(record.readings) or re.search(self.romaji, record.latin):
            return INSIDE
        unspaced = re.sub("[ -]", "", record.latin)
        return ACROSS if self.written.search(record.unspaced) or re.search(self.romaji, unspaced) else NONE

    def surely(self, record: Record) -> bool:
        """Tell whether any search must find a record by this word: by its letters, one in kana by its reading, too."""
        return self.way(record) in ((LETTERS, READING) if self.is_kana else (LETTERS,))

    def is_title(self, record: Record) -> bool:
        """Tell whether the word is read as the whole title of a record is: 心 as こころ."""
        return fold(record.texts[0].kana or record.texts[0].written).translate(LARGE) in self.read_so

    def in_title(self, record: Record) -> bool:
        """Tell whether a title of a record has the letters of the word."""
        return bool(self.written.search(record.titles))

    def in_headings(self, record: Record) -> bool:
        """Tell whether a title, a person, a series or a subject of a record has the letters of the word."""
        return bool(self.written.search(record.headings))


def weakest(ways: Iterable[str]) -> str:
    return max(ways, key=WAYS.index)


# -- folding ---------------------------------------------------------------------------------------------------------
def fold(text: str) -> str:
    text = REPEATS.sub(_repeated, unicodedata.normalize("NFKC", text).lower())
    hiragana = (chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in text)
    kept = (letter for letter in hiragana if unicodedata.category(letter)[0] in "LN")
    return "".join(kept).translate(_new_forms()).translate(ONE_SOUND)


def _lines_of(texts: Iterable[str]) -> str:
    return "\n".join(map(fold, texts))


def _in_small_letters(texts: Iterable[str]) -> str:
    joined = unicodedata.normalize("NFKC", "\n".join(filter(None, texts)))
    return joined.lower().replace("ʼ", "'").replace("’", "'")


def _with_spaces(text: str) -> str:
    return " ".join(map(fold, SPACES.split(text))).strip()


def _repeated(found: re.Match[str]) -> str:
    letter, mark = found[1] or found[3], found[2] or found[4]
    if mark in "ゞヾ":
        hiragana = chr(ord(letter) - 0x60) if letter >= "ァ" else letter
        return letter + hiragana.translate(VOICED)
    return letter * 2


def _with_long_vowels(folded: str, between: str = "") -> str:
    """Return the pattern of a word with each long vowel in all its spellings."""
    parts, before = [], ""
    for letter in folded:
        vowel = VOWEL.get(before, "")
        alike = LONG.get(vowel, "")
        parts.append(f"[{alike}]" if letter in alike else re.escape(letter))
        before = vowel if letter == "ー" else letter
    return between.join(parts)


def _spelled_pattern(words: list[str]) -> re.Pattern[str]:
    """Return the pattern of other spellings; a single kanji is a word only where no other kanji stands beside it."""
    alone = "(?<!{0}){1}(?!{0})"
    return re.compile(
        "|".join(each if len(each) > 1 else alone.format(KANJI.pattern, each) for each in words) or "(?!)"
    )


def _romaji_pattern(folded: str) -> str:
    """Return the pattern of a word in kana, romanised; of one in large kana as if the small ones were."""
    small = SMALL.sub(lambda found: found[0].translate(LESS), folded)
    katakana = "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in small)
    latin = romanised.with_long_vowels(katakana).lower().replace("ʼ", "'")
    return re.sub("n(?=[bp])", "[nm]", latin)


# -- the tables ------------------------------------------------------------------------------------------------------
def _table(name: str) -> Iterator[list[str]]:
    with next(ROOM.rglob(name)).open(encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


@cache
def _new_forms() -> dict[int, str]:
    kept = {old: new for old, new, *_ in _table("variants.tsv")}
    return {ord(old): kept.get(new, new) for old, new in kept.items() if len(old) == 1}


def _loanwords(folded: str) -> list[str]:
    pairs = [(fold(one), fold(other)) for one, other in _table("loanwords.tsv")]
    both = [*pairs, *((other, one) for one, other in pairs)]
    return [folded.replace(one, other) for one, other in both if one in folded]


@cache
def dictionary() -> defaultdict[str, set[str]]:
    """Return word → its readings and other spellings, and reading → the words that are read so; in large kana."""
    found = defaultdict(set)
    for line in _table("readings.tsv"):
        word, readings, spellings = (text.translate(ONE_SOUND).translate(LARGE) for text in line)
        for other in (*readings.split(), *spellings.split()):
            found[word].add(other)
            found[other].add(word)
    return found


def _spellings(word: str) -> Iterator[str]:
    """Yield the words with kanji that are read or spelled so; not 蓮 for ばす, which it is inside of other words alone."""
    plain = unicodedata.normalize("NFD", word)[:1] + word[1:]
    for other in dictionary()[word]:
        if KANJI.search(other) and (plain == word or plain not in dictionary()[other]):
            yield other


def _readings(folded: str) -> Iterator[str]:
    """Yield the readings of a word in large kana, put together of its parts when the dictionary has only these."""
    word = folded.translate(LARGE)
    whole = [each for each in dictionary()[word] if KANA.fullmatch(each)]
    if whole or len(word) < 2:
        yield from [word] if KANA.fullmatch(word) else whole
        return
    for end in range(len(word) - 1, 0, -1):
        head = [word[:end]] if KANA.fullmatch(word[:end]) else filter(KANA.fullmatch, dictionary()[word[:end]])
        tails = list(_readings(word[end:]))
        yield from (first + rest for first in head for rest in tails)


# -- the records -----------------------------------------------------------------------------------------------------
def records() -> dict[int, Record]:
    """Return the records of the library that is open, by their ids."""
    added: dict[int, list[Text]] = defaultdict(list)
    for title_id, *text in _joined():
        added[title_id].append(Text(*text))
    return {row.id: Record(row.full_name, [*_own(row), *added[row.id]]) for row in Title.select()}


def _own(row: Title) -> Iterator[Text]:
    yield Text(TITLE, row.title, row.title_kana, row.title_latin)
    yield Text(TITLE, row.subtitle, row.subtitle_kana)
    yield Text(TITLE, row.volume, row.volume_kana)
    yield Text(HEADING, row.series, row.series_kana)
    yield Text(PERSON, row.author, row.author_kana)
    yield Text(REST, row.publisher, row.publisher_kana)
    for heading in row.subjects.splitlines():
        yield Text(HEADING, *heading.split("\t")[:2])
    for text in (row.extent, row.note, row.contents, row.accessibility):
        yield Text(REST, text)


def _joined() -> Iterator[tuple]:
    """Yield (title, part, name, reading, romanisation) of all tables beside the titles."""
    names = TitleName.select(TitleName.title, TitleName.kind, TitleName.name, TitleName.kana, TitleName.latin)
    for title, kind, *texts in names.tuples():
        yield title, REST if kind == WORK else TITLE, *texts
    series = TitleSeries.select(TitleSeries.title, TitleSeries.name, TitleSeries.kana, TitleSeries.latin)
    subjects = TitleSubject.select(TitleSubject.title, Subject.name, Subject.kana, Subject.latin).join(Subject)
    links = TitleSubject.select(TitleSubject.title, SubjectLink.name, SubjectLink.kana)
    links = links.join(SubjectLink, on=(SubjectLink.subject == TitleSubject.subject))
    for query in (series, subjects, links.where(SubjectLink.kind != SEE_ALSO)):
        yield from ((title, HEADING, *texts) for title, *texts in query.tuples())
    people = Contributor.select(Contributor.title, Creator.id, Creator.person).join(Creator)
    forms = _forms_of_people()
    for title, creator, person in people.tuples():
        yield from ((title, PERSON, *texts) for texts in forms[person or creator])


def _forms_of_people() -> dict[int, list[tuple[str, str, str]]]:
    """Return creator → the names, readings and romanisations of all that are the same creator."""
    found, person_of = defaultdict(list), {}
    rows = Creator.select(Creator.id, Creator.person, Creator.name, Creator.kana, Creator.latin)
    for number, person, *texts in rows.tuples():
        person_of[number] = person or number
        found[person or number].append(tuple(texts))
    others = CreatorName.select(CreatorName.author, CreatorName.name, CreatorName.kana, CreatorName.latin)
    for number, *texts in others.where(CreatorName.kind != SEE_ALSO).tuples():
        found[person_of[number]].append(tuple(texts))
    return found
