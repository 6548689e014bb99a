"""Romaji: the Latin spellings that readers type for kana, and back."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}  # fmt: skip
_SINGLE = {
    kana: consonant + vowel for consonant, row in _ROWS.items() for kana, vowel in zip(row, "aiueo", strict=True)
}
_SINGLE |= {"や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ー": "", "ゔ": "vu"}
_HEPBURN = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu",
            "sya": "sha", "syu": "shu", "syo": "sho", "tya": "cha", "tyu": "chu", "tyo": "cho",
            "zya": "ja", "zyu": "ju", "zyo": "jo"}  # fmt: skip
_KUNREI = re.compile("|".join(_HEPBURN))


def hiragana(text: str) -> str:
    """Return the text with hiragana for katakana."""
    return "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in text)


def katakana(text: str) -> str:
    """Return the text with katakana for hiragana."""
    return "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in text)


def romanisations(kana: str) -> set[str]:
    """Return the Kunrei and Hepburn spellings of a word in kana, with long vowels and without; empty for any other
    word.
    """
    kunrei = _kunrei(hiragana(kana))
    if not kunrei:
        return set()
    hepburn = _KUNREI.sub(lambda found: _HEPBURN[found[0]], kunrei)
    short = {re.sub(r"o[uo]", "o", spelled).replace("uu", "u") for spelled in (kunrei, hepburn)}
    return {kunrei, hepburn} | short


def _kunrei(kana: str) -> str:
    spelled = ""
    for position, letter in enumerate(kana):
        if letter in "ゃゅょ":
            spelled = spelled[:-1] + "y" + {"ゃ": "a", "ゅ": "u", "ょ": "o"}[letter]
        elif letter == "っ":
            spelled += _SINGLE.get(kana[position + 1 : position + 2], "")[:1]
        elif letter in _SINGLE:
            spelled += _SINGLE[letter]
        else:
            return ""
    return spelled


FORMS = 32  # readings of a Latin word at most
_FOREIGN = {"fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ", "fo": "ふぉ", "va": "ゔぁ", "vi": "ゔぃ", "ve": "ゔぇ", "vo": "ゔぉ",
            "wi": "うぃ", "we": "うぇ", "wo": "を", "she": "しぇ", "che": "ちぇ", "je": "じぇ", "tsa": "つぁ", "tse": "つぇ",
            "tso": "つぉ", "dzu": "づ", "thi": "てぃ", "dhi": "でぃ", "ye": "いぇ", "jya": "じゃ", "jyu": "じゅ",
            "jyo": "じょ"}  # fmt: skip
_ALSO = {"ti": "てぃ", "di": "でぃ", "tu": "とぅ", "du": "どぅ"}  # in loanwords, with Hepburn's consonants
_MACRONS = str.maketrans({"\u0302": "\u0304"})
_MACRON = {"a": "aa", "i": "ii", "u": "uu", "e": "ee", "o": "ou"}
_LETTERS = re.compile(r"[a-z][a-z']{0,39}")
Choices = list[tuple[str, int]]  # kana, and their cost: the higher, the less likely
_UNLIKELY = 12
_OH = re.compile(r"h(?![aiueoy])")
# The kana that a vowel, with the letters typed after it, may add to its mora, each with its cost.
_AFTER = {"ou": [("う", 0), ("お", 2), ("", 4)], "oo": [("お", 0), ("う", 2), ("", 4)], "o": [("", 0), ("う", 2), ("お", 4)],
          "uu": [("う", 0), ("", 4)], "u": [("", 0), ("う", 4)], "aa": [("あ", 0), ("", 4)], "a": [("", 0), ("あ", 6)],
          "ii": [("い", 0), ("", 4)], "i": [("", 0)],
          "ee": [("え", 0), ("い", 2), ("", 4)], "e": [("", 0), ("え", 6)]}  # fmt: skip
# A vowel that only lengthens the one before.
_LENGTHENED = re.compile(
    "(?<=[あかさたなはまやらわがざだばぱゃぁ])あ|(?<=[いきしちにひみりぎじぢびぴぃ])い|(?<=[うくすつぬふむゆるぐずづぶぷゅぅゔ])う|"
    "(?<=[えけせてねへめれげぜでべぺぇ])え|(?<=[おこそとのほもよろをごぞどぼぽょぉ])[うお]"
)


def without_lengths(kana: str) -> str:
    """Return a reading in hiragana without vowel lengths, which many romanisations lack: きょと for キョウト."""
    return _LENGTHENED.sub("", hiragana(kana).replace("ー", ""))


_YUU = [
    ("", 0),
    ("う", 1),
]  # shu, kyu, ju, yu are long more often than ku, and sho, kyo, jo than ko; no and mo are words
_YOU = [("", 0), ("う", 1), ("お", 5)]
_NOU = [("", 0), ("う", 4), ("お", 5)]


def readings(latin: str) -> list[str]:
    """Return the possible readings in hiragana of a word in romaji, the likeliest first; none for a word in neither
    Hepburn nor Kunrei.

    Long vowels may be written with a macron, doubled, as ou, oh, or not at all: toukyou, tōkyō, tokyo. The second is
    the first as a loanword: こーひー after こうひい.
    """
    spelled = _plain(latin)
    if not _LETTERS.fullmatch(spelled):
        return []
    readings: dict[int, list[tuple[int, str]]] = {0: [(0, "")]}
    end = len(spelled)
    for place in range(end):
        for length, choices in _moras(spelled, place) if place in readings else ():
            longer = [(cost + more, text + added) for cost, text in readings[place] for added, more in choices]
            best = sorted(readings.get(place + length, []) + longer, key=lambda reading: reading[0])
            readings[place + length] = [reading for reading in best if reading[0] <= _UNLIKELY][: 2 * FORMS]
    likely = [text for _, text in readings.get(end, [])]
    foreign = [_LENGTHENED.sub("ー", text) for text in likely[:1]]
    return list(dict.fromkeys([*likely[:1], *foreign, *likely[1:]]))[:FORMS]


def reading_with_hyphens(latin: str) -> list[str]:
    """Return, in a list, the likeliest reading of a word whose long vowels are typed with hyphens: こーひー for ko-hi-;
    else an empty list.
    """
    parts = unicodedata.normalize("NFKC", latin).split("-")
    if len(parts) == 1 or not parts[0]:
        return []
    read = [readings(part)[:1] for part in parts if part]
    ending = "" if parts[-1] else "ー"
    return ["ー".join(each[0] for each in read) + ending] if all(read) else []


def _plain(latin: str) -> str:
    """Return a word in lower case, doubled vowels for those with macron or circumflex, and no signs but apostrophes
    after n.
    """
    text = unicodedata.normalize("NFD", latin.strip().lower()).translate(_MACRONS)
    text = re.sub("([aiueo])\u0304", lambda found: _MACRON[found[1]], text)
    text = re.sub("[’ʼʻ`]|(?<=n)[-‐]", "'", text)
    return re.sub(r"[-‐\s]|(?<!n)'", "", text)


def _moras(spelled: str, place: int) -> Iterator[tuple[int, Choices]]:
    """Yield the possible next moras: the number of letters they take, and their kana with costs."""
    rest = spelled[place:]
    for size in (4, 3, 2, 1):
        if (mora := syllables().get(rest[:size])) and len(rest) >= size:
            length, added = _vowel(rest[:size], rest[size:])
            yield size + length, [(mora + more, cost) for more, cost in added]
            if other := _ALSO.get(rest[:size]):
                yield size + length, [(other + more, cost + 2) for more, cost in added]
            break
    opens_mora = rest[:1] == "n" and rest[1:2] in tuple("aiueoy")
    if rest[:2] in (
        "n'",
        "nn",
    ):  # onnna and annki, as keyboards have it; honnya is ほんや there, and ほんにゃ in Hepburn
        yield 2, [("ん", 2 if rest[2:3] in tuple("aiueoy") and rest[1] == "n" else 0)]
    if opens_mora and (place == 0 or spelled[place - 1] == "n"):
        return  # んあ after another ん or at the start is no word
    if rest[0] == "n" and rest[1:2] != "'" and place and (rest[1:2] != "n" or rest[2:3] in tuple("aiueoy")):
        yield 1, [("ん", 2 if opens_mora else 0)]
    elif rest[0] == "m" and rest[1:2] in ("b", "p", "m"):
        yield 1, [("ん", 0)]
    elif rest[:2] == "tc" or (rest[0] == rest[1:2] and rest[0] not in "aiueon'"):
        yield 1, [("っ", 0)]


def _vowel(mora: str, rest: str) -> tuple[int, Choices]:
    """Return the number of letters after this mora that lengthen its vowel, and the kana that may be added for it."""
    vowel = mora[-1]
    if vowel == "o" and rest[:1] in ("o", "u"):
        return 1, _AFTER[vowel + rest[0]]
    if vowel == "o" and _OH.match(rest):
        return 1, _AFTER["ou"]
    if rest[:1] == vowel:
        return 1, _AFTER[vowel * 2]
    if vowel == "u" and (mora in ("shu", "chu", "ju") or mora[-2:-1] == "y"):
        return 0, _YUU
    if vowel == "o" and (mora in ("sho", "cho", "jo") or mora[-2:-1] == "y"):
        return 0, _YOU
    if mora in ("no", "mo"):
        return 0, _NOU
    return 0, _AFTER[vowel]


@cache
def syllables() -> dict[str, str]:
    """Return Latin syllable → hiragana, from the tables above."""
    found = dict(_FOREIGN)
    for letter, latin in _SINGLE.items():
        if letter not in "をんーゔ":
            found.setdefault(_HEPBURN.get(latin, latin), letter)
            found.setdefault(latin, letter)
        if len(latin) == 2 and latin[1] == "i":
            for small, vowel in zip("ゃゅょ", "auo", strict=True):
                kunrei = latin[0] + "y" + vowel
                found.setdefault(_HEPBURN.get(kunrei, kunrei), letter + small)
                found.setdefault(kunrei, letter + small)
    return found | {"ji": "じ", "fu": "ふ", "vu": "ゔ"}
