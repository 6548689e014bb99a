"""ふりがな of titles and names, from the reading of the record alone: kana of the text part its reading, and each run of
kanji between them gets what is left.

ハシレ メロス divides over 走れメロス in one way: れ and メロス leave はし for 走. Where a reading divides in several ways, or in none, no
ruby is better than a wrong one.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

Runs = list[tuple[str, str]]  # of a text, each with its reading; with none where it is read as it stands
LONGEST = 500  # letters of a text or reading
MOST = 6  # kana a letter
KANA, WORD, RUN, NAMED, CUT = "kana", "word", "run", "named", "cut"
_PARTS = re.compile(
    "(?P<kana>[ｦ-ﾝ][ﾞﾟ]?|[ぁ-ゖァ-ヺーｰ][\u3099\u309a]?)|(?P<repeat>[ゝゞヽヾ])"
    r"|(?P<word>[0-9０-９]+|(?:[A-Za-zÀ-ɏＡ-Ｚａ-ｚ]['’]?)+)|(?P<run>[^\W_])|(?P<named>[&＆%％+＋])|(?P<cut>[\W_])"
)
_NAMES = {"&": "あんど", "%": "ぱーせんと", "+": "ぷらす"}  # of signs, where a reading has them
_KE = re.compile("(?<=[0-9０-９々〇㐀-鿿])[ヶケヵカ](?=[々㐀-鿿])")  # in 関ヶ原, a letter that is read か, が or こ
_VOWELS = {
    kana: vowel
    for vowel, row in zip("あいうえお", ("あかさたなはまやらわがざだばぱ", "いきしちにひみりぎじびぴ", "うくすつぬふむゆるゔぐずぶぷ",
                                     "えけせてねへめれげぜでべぺ", "おこそとのほもよろごぞどぼぽ"), strict=True)
    for kana in row
}  # fmt: skip
_ALIKE = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖはへをぢづゐゑ", "あいうえおつやゆよわかけわえおじずいえ")
_PARTICLE = "を"
_AS_WRITTEN = {code: sound for code, sound in _ALIKE.items() if code != ord(_PARTICLE)}
_OLD = {"ひ": "い", "ふ": "う", "ほ": "お"}  # 思ひ出, いふ, にほひ in old titles: は and へ are わ and え anyway
# What is tried where the one before divides in no way: を apart from お, as a reading with を has it; alike; old kana
_SPELLINGS = ((_AS_WRITTEN, {}), (_ALIKE, {}), (_ALIKE, _OLD))
_REPEATS = "ゝゞヽヾ"
_HIRAGANA = re.compile("[ぁ-ゖ]")
_LATIN = re.compile("[A-Za-zÀ-ɏＡ-Ｚａ-ｚ'’&＆]+")
_LONG = {"お": "おうー", "え": "えいー"}


class _Part(NamedTuple):
    """A part of a text: a kana, a run of letters that are read, a word that the reading has, too, or signs.

    ``letter``: as it is read, in hiragana. ``sounds``: what it matches in a reading, a text a letter. ``least`` and
    ``most`` kana are the reading of a run.
    """

    kind: str
    text: str
    letter: str = ""
    sounds: Sequence[str] = ()
    least: int = 0
    most: int = 0


class _Reading(NamedTuple):
    """The letters of a reading in hiragana, their sounds, and the places between them that have signs or spaces.

    ``written``: the letters as ruby shows them. ``words``: those in Latin letters or digits. ``kana_from``: for each
    place, the first from which there are kana alone.
    """

    letters: str
    written: str
    sounds: Sequence[str]
    cuts: Sequence[int]
    words: set[str]
    kana_from: Sequence[int]


def divide(text: str, reading: str) -> Runs | None:
    """Return the runs of a text, each with its reading, or with "" for kana, signs and letters that the reading has.
    None if the reading divides in several ways or in none.
    """
    if max(len(text), len(reading)) > LONGEST:
        return None
    for alike, old in _SPELLINGS if _PARTICLE in reading or "ヲ" in reading else _SPELLINGS[1:]:
        read = _read(reading, alike)
        parts = list(_runs(_spelled(text, alike, old), read))
        if all(part.kind != RUN for part in parts):
            return [(text, "")] if text else []
        for places in _places(parts, read):
            if ways := _ways(parts, read, places):
                if ways[-1][-1] > 1 and read.cuts:
                    ways = _ways(parts, read, places, begins={0, *read.cuts})
                return _only_way(parts, read, ways) if ways and ways[-1][-1] == 1 else None
    return None


# -- text and reading ------------------------------------------------------------------------------------------------
def _spelled(text: str, alike: dict[int, int], old: dict[str, str]) -> Iterator[_Part]:
    """Yield the parts of a text, each letter that is read by itself."""
    between = {found.start() for found in _KE.finditer(text)}
    before = ""  # the kana before, for ー and ゝ
    for found in _PARTS.finditer(text):
        kind = str(found.lastgroup)
        letter = _hiragana(found[0])
        if kind == "repeat" and before:
            plain = unicodedata.normalize("NFD", before)[0]  # ごゝ is ごこ, すゞ is すず
            kind, letter = KANA, unicodedata.normalize("NFC", plain + ("\u3099" if letter in "ゞヾ" else ""))
        if kind == KANA and found.start() not in between:
            yield _Part(KANA, found[0], letter, [_sound(letter, before, alike) + old.get(letter, "")])
            before = before if letter == "ー" else letter
            continue
        before = ""
        if kind == WORD:
            yield _Part(WORD, found[0], letter.casefold(), letter.casefold(), 1, MOST * len(letter))
        elif kind == CUT:
            yield _Part(CUT, found[0])
        elif kind == NAMED:
            yield _Part(NAMED, found[0], _NAMES[letter], (), len(_NAMES[letter]), len(_NAMES[letter]))
        else:
            yield _Part(RUN, found[0], letter, (), 1, MOST)


def _read(reading: str, alike: dict[int, int]) -> _Reading:
    text = unicodedata.normalize("NFKC", reading)
    mixed = _HIRAGANA.search(text) is not None  # then katakana are meant: あキューせいでん
    letters, written = "", ""
    sounds, cuts, kana_from = [], [], [0]
    words: set[str] = set()
    for part in _spelled(text, alike, {}):
        if part.kind in (CUT, NAMED):
            cuts += [len(letters)] if cuts[-1:] != [len(letters)] else []
            continue
        if part.kind == WORD:
            words.add(part.letter)
        letters += part.letter
        written += part.text if mixed and part.text not in _REPEATS else part.letter
        sounds += part.sounds or [part.letter]
        end = len(letters)
        kana_from += [kana_from[-1] if part.kind == KANA else end] * (end - len(kana_from) + 1)
    return _Reading(letters, written, sounds, cuts, words, kana_from)


def _sound(kana: str, before: str, alike: dict[int, int]) -> str:
    """Return the sounds that a kana may be: ー is the vowel before it, as it is spelled."""
    if kana != "ー":
        return kana.translate(alike)
    vowel = _VOWELS.get(before.translate(_ALIKE), "")
    return _LONG.get(vowel, f"{vowel}ー")


def _hiragana(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join([chr(ord(each) - 0x60) if "ァ" <= each <= "ヶ" else each for each in plain])


def _katakana(text: str) -> str:
    return "".join([chr(ord(each) + 0x60) if "ぁ" <= each <= "ゖ" else each for each in text])


def _runs(parts: Iterator[_Part], read: _Reading) -> Iterator[_Part]:
    """Yield the parts with one run for letters, and one cut for signs, that stand together. A word of Latin letters or
    digits is one of them unless the reading has it, too, and so is a sign whose name is in the reading.
    """
    kinds = ((_kind(part, read), part) for part in parts)
    for kind, together in groupby(kinds, key=lambda each: each[0]):
        same = [part for _, part in together]
        text = "".join(part.text for part in same)
        if kind == RUN:
            yield _Part(RUN, text, least=sum(part.least for part in same), most=sum(part.most for part in same))
        elif kind == CUT:
            yield _Part(CUT, text)
        else:
            yield from same


def _kind(part: _Part, read: _Reading) -> str:
    if part.kind == WORD:
        return WORD if part.letter in read.words else RUN
    if part.kind == NAMED:
        return RUN if part.letter in read.letters else CUT
    return part.kind


# -- ways to divide --------------------------------------------------------------------------------------------------
def _places(parts: list[_Part], read: _Reading) -> Iterator[list[Collection[int]]]:
    """Yield the places in the reading where each of the text's signs may stand: at its like, at any sign or space of
    the reading, anywhere.
    """
    signs = [place for place, part in enumerate(parts) if part.kind == CUT]
    ends = {0, len(read.letters)}
    inside = [place for place in read.cuts if place not in ends]
    count = sum(0 < place < len(parts) - 1 for place in signs)
    anywhere = range(len(read.letters) + 1)
    first = [anywhere] if signs[:1] == [0] else []
    last = [anywhere] if signs[-1:] == [len(parts) - 1] else []
    if count and count == len(inside):
        yield [*first, *[[place] for place in inside], *last]
    if count and inside:
        yield [*first, *[inside] * count, *last]
    yield [*first, *[anywhere] * count, *last]


def _ways(
    parts: list[_Part], read: _Reading, places: list[Collection[int]], begins: Collection[int] | None = None
) -> list[list[int]]:
    """Return, before each part and at the end, the number of ways to read up to each place, of which two are many;
    nothing when there is none. ``begins``: where alone a run may begin, as words do in readings with spaces.
    """
    size = len(read.letters)
    signs = iter(places)
    ways = [[1] + [0] * size]
    for part in parts:
        before = ways[-1]
        now = [0] * (size + 1)
        if part.kind == CUT:
            for place in next(signs):
                now[place] = before[place]
        elif part.kind == RUN:
            if begins is not None:
                before[:] = [count if place in begins else 0 for place, count in enumerate(before)]
            sums = [0, *accumulate(before)]
            for place in range(part.least, size + 1):
                start = _earliest(part, read, place)
                now[place] = min(2, sums[max(start, place - part.least + 1)] - sums[start])
        else:
            for place in range(size - len(part.sounds) + 1):
                if before[place] and _is_read(part, read, place):
                    now[place + len(part.sounds)] = before[place]
        if not any(now):
            return []
        ways.append(now)
    return ways if ways[-1][-1] else []


def _earliest(run: _Part, read: _Reading, end: int) -> int:
    """Return the first place of a reading at which a run that ends at ``end`` may begin."""
    return max(read.kana_from[end], end - run.most)


def _is_read(part: _Part, read: _Reading, place: int) -> bool:
    if part.kind == WORD:
        return read.letters.startswith(part.letter, place)
    return any(sound in read.sounds[place] for sound in part.sounds[0])


def _only_way(parts: list[_Part], read: _Reading, ways: list[list[int]]) -> Runs:
    """Return the runs of a text whose reading divides in one way."""
    end, found = len(read.letters), []
    for part, before in zip(reversed(parts), reversed(ways[:-1]), strict=True):
        start = end - len(part.sounds)
        if part.kind == RUN:
            start = next(place for place in range(_earliest(part, read, end), end) if before[place])
        found.append((part.text, _ruby(part.text, read.written[start:end]) if part.kind == RUN else ""))
        end = start
    return _joined(reversed(found))


def _ruby(text: str, kana: str) -> str:
    """Return the reading of a run; that of a Latin word alone is in katakana, as it is commonly written."""
    return _katakana(kana) if _LATIN.fullmatch(text) else kana


def _joined(runs: Iterable[tuple[str, str]]) -> Runs:
    """Return the runs with one for all neighbours that have no reading."""
    found: Runs = []
    for text, kana in runs:
        if found and not kana and not found[-1][1]:
            found[-1] = (found[-1][0] + text, "")
        else:
            found.append((text, kana))
    return found
