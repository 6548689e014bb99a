"""Other spellings of a Latin word: colour for color, Günter for Guenter, twenty-one for 21. Each is searched for as a
whole word.
"""

import re

LEAST = 4  # letters of a word that may be spelled otherwise
_WITHOUT_DOTS = re.compile("[ao]e|ue(?!s?$)")  # ä, ö, ü as typed without dots; encyclopaedia
_OUR = re.compile("(behavi|col|endeav|fav|flav|glam|harb|hon|hum|lab|neighb|parl|rum|savi|splend|val|vap)(ou?)r")
_RE = re.compile("(cent|theat|lit|met|fib|cal?ib|spect|lust)(re|er)(?=s?$)")
_ISE = re.compile("(?<=[a-z]{3})i([sz])(?=(?:e[drs]?|ing|ations?)$)")
_OGUE = re.compile("(?<=[a-z]{3})og(ue)?(?=s?$)")
_DOUBLED = re.compile("(?<=[a-z]{2}[aeiou])(ll?)(?=(?:ing|ed|ers?)$)")
_WORDS = {
    "gray": "grey", "program": "programme", "defense": "defence", "license": "licence", "jewelry": "jewellery",
    "encyclopedia": "encyclopaedia",
    "archeology": "archaeology", "medieval": "mediaeval", "esthetics": "aesthetics", "plow": "plough",
    "pajamas": "pyjamas",
}  # fmt: skip
_WORDS |= {british: american for american, british in _WORDS.items()}
_SWAPS = (
    (_OUR, lambda found: f"{found[1]}{'o' if found[2] == 'ou' else 'ou'}r"),
    (_RE, lambda found: found[1] + ("er" if found[2] == "re" else "re")),
    (_ISE, lambda found: "i" + ("z" if found[1] == "s" else "s")),
    (_OGUE, lambda found: "og" if found[1] else "ogue"),
    (_DOUBLED, lambda found: "l" if found[1] == "ll" else "ll"),
    (_WITHOUT_DOTS, lambda found: found[0][0]),
)
_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_NUMBER = re.compile("([1-9][0-9]{0,3})(st|nd|rd|th)?")
_LEAST_NUMBER = 10  # from which a number is spelled out


def other_spellings(folded: str) -> list[str]:
    """Return other spellings of a folded word: British and American, German without dots, numbers from 10 on in words.
    A spelling with a space is several words.
    """
    if number := _NUMBER.fullmatch(folded):
        return _in_words(int(number[1]), is_ordinal=bool(number[2]))
    if len(folded) < LEAST or not (folded.isascii() and folded.isalpha()):
        return []
    found = [_WORDS[folded]] if folded in _WORDS else []
    found += [pattern.sub(swap, folded) for pattern, swap in _SWAPS]
    return [each for each in dict.fromkeys(found) if each != folded]


def singular(folded: str) -> str:
    """Return a word without its plural ending; empty when it has none."""
    if len(folded) <= LEAST or folded[-1] != "s" or folded[-2] in "sui":
        return ""
    return folded[:-3] + "y" if folded.endswith("ies") else folded[:-1]


def _in_words(number: int, *, is_ordinal: bool) -> list[str]:
    if number < _LEAST_NUMBER:
        return []
    words = _below_100(number) if number < 100 else _hundreds(number)
    if not is_ordinal or not words:
        return [words] if words else []
    last = next(each for each in (*_ONES, *_TENS, words) if words.endswith(each))
    return [words.removesuffix(last) + _ordinal(last)]


def _below_100(number: int) -> str:
    """Return a number in words without hyphen, as folding leaves it; empty for 0."""
    if number < 20:
        return _ONES[number - 1] if number else ""
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (_ONES[ones - 1] if ones else "")


def _ordinal(word: str) -> str:
    return _ORDINALS.get(word) or (word[:-1] + "ieth" if word.endswith("y") else word + "th")


def _hundreds(number: int) -> str:
    """Return a number in words as titles have it: one hundred, two thousand, nineteen eighty-four;
    empty for any other.
    """
    if number % 1000 == 0:
        return f"{_ONES[number // 1000 - 1]} thousand"
    high, low = divmod(number, 100)
    if not low:
        return f"{_below_100(high)} hundred"
    return f"{_below_100(high)} {_below_100(low)}" if 10 < high < 20 and low > 9 else ""
