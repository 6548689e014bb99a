"""漢数字 and digits: other spellings of the numbers in a word."""

import itertools
import re

_DIGITS = "〇一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "億": 100_000_000}
_TO_DIGITS = str.maketrans(_DIGITS + "零", "01234567890")
_TO_KANJI = str.maketrans("0123456789", _DIGITS)
_NUMBER = re.compile(f"(?<![0-9])[0-9]{{1,8}}(?![0-9])|[{_DIGITS}零十百千万億]+")
_RUNS = 3  # numbers in a word that are spelled in other ways; further ones stay as they are


def other_spellings(word: str) -> list[str]:
    """Return the word with its numbers in other spellings, the fewest changes first, without the word itself.

    十二国記 gives 12国記 and 一二国記; 2026年 gives 二〇二六年 and 二千二十六年.
    """
    runs = list(_NUMBER.finditer(word))[:_RUNS]
    pieces, end = [], 0
    for run in runs:
        pieces += [[word[end : run.start()]], [run[0], *_forms(run[0])]]
        end = run.end()
    pieces.append([word[end:]])
    made = sorted(itertools.product(*map(enumerate, pieces)), key=lambda each: sum(place > 0 for place, _ in each))
    return ["".join(piece for _, piece in each) for each in made[1:]]


def _forms(run: str) -> list[str]:
    if run[0] in "0123456789":
        return [run.translate(_TO_KANJI), *_in_words(run)]
    if set(run) & (_UNITS.keys() | _GROUPS.keys()):
        value = _value(run)
        return [] if value is None else [str(value), *_with_group(value), str(value).translate(_TO_KANJI)]
    digits = run.translate(_TO_DIGITS)
    return [digits, *(_in_words(digits) if len(digits) > 1 else [])]


def _with_group(value: int) -> list[str]:
    """Return, in a list, 100万 for 1000000; an empty list for a number without such a form."""
    return next(
        ([f"{value // size}{group}"] for group, size in reversed(_GROUPS.items()) if value and value % size == 0), []
    )


def _in_words(digits: str) -> list[str]:
    """Return, in a list, 二千二十六 for 2026; an empty list for a number with leading zeros (007) or too many digits."""
    if digits[0] == "0" or len(digits) > 8:
        return []
    value = int(digits)
    high, low = divmod(value, 10_000)
    return [(_below_10000(high) + "万" if high else "") + _below_10000(low)]


def _below_10000(value: int) -> str:
    spelled = ""
    for unit, kanji in ((1000, "千"), (100, "百"), (10, "十")):
        count, value = divmod(value, unit)
        if count:
            spelled += (_DIGITS[count] if count > 1 else "") + kanji
    return spelled + (_DIGITS[value] if value else "")


def _value(run: str) -> int | None:
    """Return the value of 漢数字; None when they are no number: 万葉 is a word, 二三十 an estimate."""
    total, section, digit, last_unit, last_group = 0, 0, None, 10_000, 10**12
    for kanji in run:
        if kanji in _UNITS:
            if _UNITS[kanji] >= last_unit:
                return None
            last_unit, section, digit = _UNITS[kanji], section + _UNITS[kanji] * (digit or 1), None
        elif kanji in _GROUPS:
            section += digit or 0
            if not section or _GROUPS[kanji] >= last_group:
                return None
            last_group, total = _GROUPS[kanji], total + section * _GROUPS[kanji]
            section, digit, last_unit = 0, None, 10_000
        elif digit is not None:
            return None
        else:
            digit = int(kanji.translate(_TO_DIGITS))
    return total + section + (digit or 0)
