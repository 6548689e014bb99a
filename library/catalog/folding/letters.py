"""The folding of single letters: the tables of ``fold``, and the rules that depend on neighbours.

A rule on neighbours comes before the tables if these drop the letter that it looks for, else after them; so no rule
applies for the first time when a key is folded again.
"""

import re
import unicodedata
from pathlib import Path

from library.catalog.folding import romaji

_VARIANTS = Path(__file__).with_name("variants.tsv")
_KANJI = "〇㐀-䶿一-鿿\uf900-\ufaff𠀀-\U000323af"
_KANA = "ぁ-ゖァ-ヺー"
_DASHES = "\\-‐‑‒–—―−─"
_NUMBERS = "〇一二三四五六七八九十百千数0-9"
_LARGE = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_AINU = dict(zip("ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ", "くしすとぬはひふへほむらりるれろ", strict=True))
_OLD = str.maketrans("ぢづをゐゑゔ", "じずおいえぶ") | str.maketrans({"ヷ": "ば", "ヸ": "び", "ヹ": "べ", "ヺ": "ぼ"})
_OTHER = {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "ð": "d", "þ": "th", "ŋ": "n",
    "♯": "#",
          "〻": "々"}  # fmt: skip
_KEPT = "+#.ー"
_STRAY = "ゝゞヽヾ〱〲〳〴〵\u3099\u309aʹʺʻʼʽʾʿˈˌ"  # signs with nothing before them to repeat or to mark
_ALONE = {"\u3099": "゛", "\u309a": "゜"}  # as they are typed; NFKC makes a space and a mark of them
_PLAIN = str.maketrans(
    "がぎぐげござじずぜぞだでどばびぶべぼぱぴぷぺぽ", "かきくけこさしすせそたてとはひふへほはひふへほ"
)
_VOICED = ("かきくけこさしすせそたちつてとはひふへほ", "がぎぐげござじずぜぞだぢづでどばびぶべぼ")
_MARKED = {chr(0x60 * kata + ord(plain)): chr(0x60 * kata + ord(marked))
           for plain, marked in zip(*_VOICED, strict=True) for kata in (0, 1)}  # fmt: skip
_UNMARKED = {marked: plain for plain, marked in _MARKED.items()}
LOOSENED = _PLAIN | {ord("ー"): None}

_NEIGHBOURS = re.compile(f"[\u3099\u309aゝゞヽヾ〱〲〳〴ヶケヵゕゖヴゔ○◯才.{_DASHES}]|[ァ-ヺ]一")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_DROPPED = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Me"}  # and all P and S
_VU = re.compile("[ヴゔ]([ァィゥェォャュョぁぃぅぇぉゃゅょ])")
_BU = dict(zip("ァィゥェォぁぃぅぇぉ", "ばびぶべぼばびぶべぼ", strict=True))
_BU |= {small: "び" + small for small in "ャュョゃゅょ"}
_LONG = re.compile(f"(?<=[{_KANA}])[{_DASHES}](?=[{_KANA}])|(?<=[ァ-ヺ])一(?=[ァ-ヺー])")
_GA = re.compile(f"(?<=[{_KANJI}0-9])[ヶケヵゕゖ](?=[{_KANJI}])")
_COUNTED = re.compile(f"(?<=[{_NUMBERS}])か(?=[{_KANJI}])")
_AGE = re.compile(f"(?<=[{_NUMBERS}])才")
_CIRCLES = re.compile("[〇一二三四五六七八九○◯]+")
_DOT = re.compile(r"\.(?!net)", re.I)  # .NET is a name; other dots are punctuation
_TWICE = re.compile(f"([{_KANJI}]{{2}})々々")
_REPEATED = re.compile(f"([{_KANJI}])(々+)")
_KANA_REPEATED = re.compile("([ぁ-ゖァ-ヺ])([ゝゞヽヾ]+)")
_PAIR_REPEATED = re.compile(f"([{_KANA}{_KANJI}]{{2}})(〱|〲|〳〵|〴〵)")


def fold_by_neighbours(text: str) -> str:
    """Return NFKC text after the rules on neighbours: ヶ between kanji, ゝ, - for ー, ヴァ, 15才."""
    if text.isascii():
        return _DOT.sub("", text) if "." in text else text
    if not _NEIGHBOURS.search(text):
        return text
    text = _SELECTORS.sub("", text)
    text = unicodedata.normalize("NFC", text.replace(" \u3099", "\u3099").replace(" \u309a", "\u309a"))
    text = _LONG.sub("ー", text)
    text = _GA.sub("が", text)
    text = _VU.sub(lambda found: _BU[found[1]], text)
    text = _DOT.sub("", text)
    text = _AGE.sub("歳", text)
    text = _CIRCLES.sub(lambda found: _zeros(found[0]), text)
    return _kana_repeated(text)


def _zeros(run: str) -> str:
    """Return a run of 漢数字 with 〇 for ○ (二○二六); a run of ○ alone as it is."""
    return run.replace("○", "〇").replace("◯", "〇") if run.strip("○◯") else run


def _kana_repeated(text: str) -> str:
    text = _PAIR_REPEATED.sub(r"\1\1", text)
    return _KANA_REPEATED.sub(_marks_spelled, text)


def _marks_spelled(found: re.Match[str]) -> str:
    spelled = found[1]
    for mark in found[2]:
        plain = _UNMARKED.get(spelled[-1], spelled[-1])
        spelled += _MARKED.get(plain, plain) if mark in "ゞヾ" else plain
    return spelled


def fold_counter_ka(folded: str) -> str:
    """Return the key with が for か between a number and a kanji, so that 三か月 and 三ヶ月 are the same."""
    return _COUNTED.sub("が", folded)


def spell_out_repeats(folded: str) -> str:
    """Return the key with repeated kanji for 々: 佐佐木 for 佐々木, 部分部分 for 部分々々; 々 without a kanji before it stays."""
    return _REPEATED.sub(lambda found: found[1] * (1 + len(found[2])), _TWICE.sub(r"\1\1", folded))


def signs_alone(text: str) -> str:
    """Return the signs of NFKC text, without spaces, controls and accents: the key of a title that has no letter."""
    return "".join(
        _ALONE.get(letter, letter) for letter in text if letter in _ALONE or unicodedata.category(letter)[0] in "PS"
    )


def is_signs_alone(word: str) -> bool:
    """Tell whether a word has neither letters nor digits."""
    return not any(unicodedata.category(letter)[0] in "LN" for letter in word)


class _Folded(dict[int, str | None]):
    """Code point → folded letters, each computed when it is first met."""

    REMEMBERED = 20_000  # more than all books of a library use

    def __init__(self) -> None:
        super().__init__()
        rows = (line.split("\t") for line in _VARIANTS.read_text(encoding="utf-8").splitlines() if line[0] != "#")
        self.variants = {variant: kanji for variant, kanji, _ in rows}

    def __missing__(self, code: int) -> str | None:
        folded, before = chr(code), None
        while folded != before:
            before, folded = folded, "".join(map(self._one, _without_accents(folded)))
        found = folded or None  # str.translate takes None, and is far faster on ASCII than with an empty text
        if len(self) < self.REMEMBERED:
            self[code] = found
        return found

    def _one(self, letter: str) -> str:
        if letter in _KEPT:
            return letter
        category = unicodedata.category(letter)
        if category[0] in "PS" or category in _DROPPED or letter in _STRAY or _SELECTORS.match(letter):
            return _OTHER.get(letter, "")
        letter = _OTHER.get(letter) or self.variants.get(letter) or _AINU.get(letter, letter)
        return romaji.hiragana(letter).translate(_LARGE).translate(_OLD)


def _without_accents(letter: str) -> str:
    """Return a letter in lower case, without accents."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", letter))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())


FOLDED = _Folded()
