"""五十音順: sort keys of titles and names, texts whose order by code point is that of JIS X 4061.

A key has five parts separated by spaces, each deciding only between keys that are the same so far: the reading without
marks, its marks (清 < 濁 < 半濁), its kinds of letter (ー < small < ゝ < plain), its script (hiragana < katakana), the title.
Signs do not count; digits come first and by value, then Latin, kana, kanji.
"""

import re
import unicodedata
from functools import cache, lru_cache

from library.catalog.folding import romaji

Level = tuple[str, tuple[str, str, str]]  # a letter, and its mark, kind and script
TITLE = 24  # letters of the title that order equal readings; more would only make the index bigger
_SIGNS = "PSZCM"
_ROWS = {row: letters for letters in ("あいうえお", "かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ",
                                      "まみむめも", "やゆよ", "らりるれろ", "わゐゑをん") for row in letters}  # fmt: skip
_VOWELS = dict.fromkeys("あかさたなはまやらわ", "あ") | dict.fromkeys("いきしちにひみりゐ", "い")
_VOWELS |= dict.fromkeys("うくすつぬふむゆる", "う") | dict.fromkeys("えけせてねへめれゑ", "え")
_VOWELS |= dict.fromkeys("おこそとのほもよろを", "お")
_SMALL = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
_LEANING = frozenset("ゝゞヽヾー")  # on the letter before them
_NUMBER = re.compile("[0-9]+")
_NO_LETTER = {code: None for code in range(128) if not (chr(code).isdigit() or chr(code).islower())}


def key(reading: str, title: str = "") -> str:
    """Return the sort key of a title or name by its reading; by the title when the reading has no letters. Takes any
    text.
    """
    if reading.isascii() and title.isascii():  # the same result for Latin letters, ten times as fast
        letters = reading.lower().translate(_NO_LETTER) or title.lower().translate(_NO_LETTER)
        return f"{_by_value(letters)}  ~  {_shown(title)[:TITLE]}"
    primary, marks, kinds, scripts = _spelled(reading)
    if not primary:
        primary, marks, kinds, scripts = _spelled(title)
    # A trailing 0 is the lowest and can go; a trailing 3 is the highest, and so is ~.
    return (
        f"{_by_value(primary)} {marks.rstrip('0')} {kinds.rstrip('3')}~ {scripts.rstrip('0')} {_shown(title)[:TITLE]}"
    )


def heading(key: str) -> str:
    """Return the heading of a sort key in a list by 五十音: あ か さ た な は ま や ら わ, A to Z, 0 for digits, else 他."""
    first = key[:1]
    if first in _ROWS and first:
        return _ROWS[first][0]
    if "a" <= first <= "z":
        return first.upper()
    return "0" if first and first in "0123456789" else "他"


def _spelled(text: str) -> tuple[str, ...]:
    """Return four texts: the letters that count, and for each a digit for its mark, its kind and its script."""
    text = unicodedata.normalize("NFKC", text.replace("゛", "\u3099").replace("゜", "\u309a"))
    words = text.split(" ")
    if len(words) == 1 or "" in words or not _LEANING.isdisjoint([word[0] for word in words]):
        return _word(text)
    return tuple(map("".join, zip(*map(_word, words), strict=True)))


@lru_cache(20_000)  # most words of readings are ノ, ト, and others that many titles share
def _word(text: str) -> tuple[str, ...]:
    letters: list[str] = []
    levels: list[tuple[str, str, str]] = []
    for letter in text:
        if letter in _LEANING:
            # It repeats or lengthens the letter before it; without one it is dropped.
            plain = letters[-1] if letter != "ー" and letters else _VOWELS.get(letters[-1]) if letters else None
            if plain:
                letters.append(plain)
                levels.append(("1" if letter in "ゞヾ" else "0", "0" if letter == "ー" else "2", "0"))
        else:
            for plain, level in _letter(letter):
                letters.append(plain)
                levels.append(level)
    return ("".join(letters), *map("".join, zip(*levels, strict=True))) if letters else ("", "", "", "")


@cache
def _kana(letter: str) -> Level | None:
    """Return the plain hiragana of a kana, and its mark, kind and script; None for a letter that is no kana."""
    hiragana = romaji.hiragana(unicodedata.normalize("NFD", letter))
    plain, mark = hiragana[0], {"\u3099": "1", "\u309a": "2"}.get(hiragana[1:], "0")
    if not "ぁ" <= plain <= "ゖ":
        return None
    return _SMALL.get(plain, plain), (mark, "1" if plain in _SMALL else "3", "0" if letter <= "ゟ" else "1")


@lru_cache(20_000)  # more than all books of a library use
def _letter(letter: str) -> list[Level]:
    if "ぁ" <= letter <= "ヺ" and (found := _kana(letter)):
        return [found]
    # Accents are dropped like signs: é is e. Letters that this takes apart without accents (Hangul) are put together
    # again.
    bare = [part for part in unicodedata.normalize("NFKD", letter) if unicodedata.category(part)[0] not in _SIGNS]
    return [(plain, ("0", "3", "0")) for plain in unicodedata.normalize("NFC", "".join(bare).casefold())]


def _by_value(letters: str) -> str:
    """Return the letters with each number as ``number`` gives it, so that 2 comes before 10."""
    return letters if letters.isalpha() else _NUMBER.sub(lambda found: number(found[0]), letters)


def number(digits: str) -> str:
    """Return a number as text that sorts by value: its length, then its digits without leading zeros."""
    digits = digits.lstrip("0") or "0"
    return f"{len(digits)}{digits}" if len(digits) < 9 else f"9{len(digits):06}{digits}"


def _shown(title: str) -> str:
    if title.isprintable():
        return title
    return "".join(letter for letter in title if unicodedata.category(letter) not in ("Cc", "Cs"))
