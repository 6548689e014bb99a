"""The rules of the catalogues of words, by which a machine can judge them: of やさしい日本語, of ふりがな, of English.

The rules of やさしい日本語 are short sentences that end in one way each, one thing a sentence, no honorifics, no hard words
(honorifics.tsv, hard_words.tsv), a reading over each kanji. Whether a sentence is understood, people must say.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from library.language import days, languages, own, readings

LONGEST, MOST_COMMAS, LABEL = 40, 1, 12  # letters of a sentence, 、 in it; letters of a label, which needs no ending
FACT = "○○"  # what is put in the place of a blank, for its length
_FOLDER = Path(__file__).parent
_SENTENCES = re.compile("[^。？！\n]+[。？！]?[）」』]*")
_ENDINGS = ("です", "ます", "ました", "ません", "ください", "か")
_ENDS = "。？！"
_CLOSING = f"{_ENDS}：:）)」』…"
_CONJUNCTIONS = re.compile("が、|ので、|ため、|(?:です|ます|ました|ません|でした)(?:が|ので)(?!す)")
_NEGATIVES = re.compile(
    "(?<![少危汚])ない[^。]*(?<![少危汚])ない|(?:なければ|なくては|なくちゃ|ないと(?![きこ]))[^。]*(?:ない|ません)|なくは?ありません|"
    "ない(?:こと|わけ)(?:は|では|も)ありません|ざるを得"
)
_SHORT_DAYS = re.compile(
    rf"\d{{1,2}}月\d{{1,2}}日(?!（[{days.WEEKDAYS}]曜日）)|\d{{1,2}}/\d{{1,2}}|[(（][{days.WEEKDAYS}][)）]|[{days.WEEKDAYS}]曜(?!日)"
)
_KANJI = re.compile("[々〆〇㐀-䶿一-鿿\uf900-\ufaff]+")
_NO_READING = re.compile("[^ぁ-ゖァ-ヺー]")
_JAPANESE = re.compile("[、。「」『』（）：！？・〜ぁ-ゖァ-ヺー々〆〇㐀-䶿一-鿿]+")
_LETTERS = "[^。、をはがにでとて]{1,6}"  # for … in honorifics.tsv: お待ちください, but not お金をはらってください


class Fault(NamedTuple):
    """A rule that a text breaks, the words by which it does, and what may be written instead."""

    rule: str
    words: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.words}" + (f" → {self.instead}" if self.instead else "")


def faults_of(code: str, msgid: str, text: str) -> list[Fault]:
    """Return the faults of what a catalogue of ours says for a sentence."""
    own_rules = {languages.JAPANESE: _readings_over(msgid), languages.EASY: faults, languages.ENGLISH: english_faults}
    lost = own.wrong_blanks(msgid, text)
    return [*own_rules[code](text), *([Fault("blanks", lost)] if lost else [])]


def faults(text: str) -> list[Fault]:
    """Return the faults of a text in やさしい日本語, with its readings."""
    plain = own.BLANK.sub(FACT, readings.plain(text))
    found = [*reading_faults(text), *_among(_SHORT_DAYS, plain, "day", "12月9日（水曜日）")]
    for sentence in filter(None, map(str.strip, _SENTENCES.findall(plain))):
        found += _faults_of_sentence(sentence, is_label=plain[-1] not in _ENDS and len(plain) <= LABEL)
    return [*found, *_listed(plain, "honorific", _honorifics()), *_listed(plain, "hard word", _hard_words())]


def reading_faults(text: str) -> list[Fault]:
    """Return the faults of the readings in a text: kanji without one, readings that are not in kana."""
    bare = readings.MARK.sub(" ", text)
    found = [Fault("kanji without a reading", kanji) for kanji in _KANJI.findall(bare)]
    for base, reading in readings.MARK.findall(text):
        if not _KANJI.search(base) or _NO_READING.search(reading):
            found.append(Fault("reading", f"{{{base}|{reading}}}"))
    return found


def english_faults(text: str) -> list[Fault]:
    """Return the Japanese in an English text."""
    return [Fault("Japanese", words) for words in _JAPANESE.findall(text)]


def _readings_over(msgid: str) -> Callable[[str], list[Fault]]:
    def found(text: str) -> list[Fault]:
        plain = readings.plain(text)
        return [*reading_faults(text), *([Fault("another text", plain, msgid)] if plain != msgid else [])]

    return found


# -- やさしい日本語 ----------------------------------------------------------------------------------------------------
def _faults_of_sentence(sentence: str, *, is_label: bool) -> Iterator[Fault]:
    if len(sentence) > LONGEST:
        yield Fault(f"longer than {LONGEST} letters", sentence)
    if sentence.count("、") > MOST_COMMAS:
        yield Fault(f"more than {MOST_COMMAS} 、", sentence)
    if not is_label and not sentence.rstrip(_CLOSING).endswith(_ENDINGS):
        yield Fault("ending", sentence, " ".join(_ENDINGS))
    yield from _among(_CONJUNCTIONS, sentence, "two sentences in one")
    yield from _among(_NEGATIVES, sentence, "double negative")


def _among(pattern: re.Pattern[str], text: str, rule: str, instead: str = "") -> Iterator[Fault]:
    for words in pattern.finditer(text):
        yield Fault(rule, words[0], instead)


class _Word(NamedTuple):
    pattern: re.Pattern[str]
    instead: str


def _listed(text: str, rule: str, words: list[_Word]) -> list[Fault]:
    """Return the words of a list that a text has; of words within one another the longest."""
    spans = sorted(
        ((found.start(), found.end(), word.instead) for word in words for found in word.pattern.finditer(text)),
        key=lambda span: (span[0], -span[1]),
    )
    faults: list[Fault] = []
    last = 0
    for start, end, instead in spans:
        if end > last:
            faults.append(Fault(rule, text[start:end], instead))
            last = end
    return faults


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, instead, within, *_ = [*line.split("\t"), ""]
            yield [word, instead, within]


@cache
def _honorifics() -> list[_Word]:
    return [
        _Word(re.compile(_LETTERS.join(map(re.escape, words.split("…")))), instead)
        for words, instead, _ in _rows("honorifics.tsv")
    ]


@cache
def _hard_words() -> list[_Word]:
    return [_Word(_outside(word, within.split()), instead) for word, instead, within in _rows("hard_words.tsv")]


def _outside(word: str, longer: list[str]) -> re.Pattern[str]:
    """Return the pattern of a word, but not where a longer one has it."""
    but = ""
    for each in longer:
        before, _, after = each.partition(word)
        but += f"(?!(?<={before}){word}{after})" if before else f"(?!{word}{after})"
    return re.compile(but + re.escape(word))
