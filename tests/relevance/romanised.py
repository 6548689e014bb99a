"""Kana in Hepburn romanisation, as catalogues write it; made here without the library's own, which is what the tests
try.
"""

import re
from itertools import pairwise

ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ", "m": "マミムメモ",
    "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
OTHERWISE = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
FOREIGN = {
    "ティ": "ti", "ディ": "di", "トゥ": "tu", "ドゥ": "du", "チェ": "che", "シェ": "she", "ジェ": "je", "ファ": "fa", "フィ": "fi",
    "フェ": "fe", "フォ": "fo", "ヴァ": "va", "ヴィ": "vi", "ヴェ": "ve", "ヴォ": "vo", "ヴ": "vu", "ウィ": "wi", "ウェ": "we",
    "ウォ": "wo", "ツェ": "tse", "ツァ": "tsa",
}  # fmt: skip
LONG = {"a": "ā", "i": "ī", "u": "ū", "e": "ē", "o": "ō"}
SHORT = str.maketrans("āīūēōʼ", "aiueo'")


def _table() -> dict[str, str]:
    table = {"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n"}
    for row, letters in ROWS.items():
        for kana, vowel in zip(letters, LONG, strict=True):
            table[kana] = OTHERWISE.get(row + vowel, row + vowel)
        start = table[letters[1]][:-1]  # "k" of ki, "sh" of shi
        for small, vowel in zip("ャュョ", "auo", strict=True):
            table[letters[1] + small] = start + ("" if start in ("sh", "ch", "j") else "y") + vowel
    return table | FOREIGN


TABLE = _table()
_PART = re.compile("|".join(sorted(TABLE, key=len, reverse=True)) + "|.", re.S)


def plain(kana: str, *, name: bool = False) -> str:
    """Return the romanisation without long vowels; of a name each word begins large, else only the first."""
    return _capitals(_romaji(kana).translate(SHORT), name)


def with_long_vowels(kana: str, *, name: bool = False) -> str:
    """Return the romanisation with a mark on each long vowel, and one that parts ン from a vowel."""
    return _capitals(_romaji(kana), name)


def _romaji(kana: str) -> str:
    text = ""
    for part, after in pairwise([*_PART.findall(kana), ""]):
        following = TABLE.get(after, "-")
        if part == "ッ":
            text += "t" if following.startswith("ch") else following[0]
        elif part == "ー":
            text = text[:-1] + LONG.get(text[-1:], text[-1:])
        elif part == "ン" and following[0] in "aiueoy":
            text += "nʼ"
        else:
            text += TABLE.get(part, part)
    return text.replace("ou", "ō").replace("oo", "ō").replace("uu", "ū")


def _capitals(text: str, name: bool) -> str:
    return " ".join(
        word[:1].upper() + word[1:] if name or not place else word for place, word in enumerate(text.split(" "))
    )
