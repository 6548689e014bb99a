"""Kana to the Latin spellings that people type for them."""

import re

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


def hiragana(text: str) -> str:
    """Katakana to hiragana, the rest as it is."""
    return "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in text)


def spellings(kana: str) -> set[str]:
    """Kunrei and Hepburn, long vowels written out and left out; empty for a word that is not all kana."""
    kunrei = _kunrei(hiragana(kana))
    if not kunrei:
        return set()
    hepburn = kunrei
    for old, new in sorted(_HEPBURN.items(), key=lambda pair: -len(pair[0])):
        hepburn = hepburn.replace(old, new)
    short = {re.sub(r"o[uo]", "o", spelled).replace("uu", "u") for spelled in (kunrei, hepburn)}
    return {kunrei, hepburn} | short


def _kunrei(kana):
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
