"""Texts that nobody types in earnest, as addresses of a search: controls, halves of letters, syntax, very long ones."""

import random
from urllib.parse import quote

HOW_MANY, LONG = 400, 10_000
SYNTAX = ['"', "'", "*", "-", "^", ":", "(", ")", "{", "}", "+", "%", "_", "\\", "/", " AND ", " OR ", " NOT ",
    " NEAR(", "NEAR/3",
          "title:", "rowid:", "{title author}: ", '"a" + "b"', "猫*", '"猫', "--", ";", "<script>", "' OR 1=1 --", "\x02",
          "\x03"]  # fmt: skip
PARTS = ["猫", "図書館", "かが", "ー", "々", "ゝ", "ヶ", "一二三", "20", "wagahai", "tsu", "C++", "ﾊﾞ", "゛", "\u3099", "\u0301", "𠮷",
    "🐈",
         "葛\U000e0100", "\u200b", "\u202e", "ﷺ", "㍻", "Ⅲ", "가", "\ufeff"]  # fmt: skip
BYTES = ["%00", "%ED%A0%80", "%ED%BF%BF", "%FF", "%C0%80", "%E3%81", "%F4%90%80%80", "%0D%0A", "%7F", "%80", "%"]
FIELDS = ("q", "q", "q", "text", "isbn", "ndc", "page", "year_from", "sort", "branch", "author", "decade")


def addresses() -> list[str]:
    """Always the same ones."""
    chance = random.Random("strings")
    makers = (_syntax, _letters, _controls, _bytes, _halves) * 4 + (_long_one, _long_mix)
    return [_address(chance, makers[number % len(makers)]) for number in range(HOW_MANY)]


def _address(chance, make):
    pairs = [f"{chance.choice(FIELDS)}={make(chance)}" for _ in range(chance.choice((1, 1, 1, 2, 4)))]
    return "/search?" + "&".join(pairs)


def _syntax(chance):
    return quote("".join(chance.choices(SYNTAX + PARTS, k=chance.randint(1, 12))))


def _letters(chance):
    return quote("".join(chr(_code(chance)) for _ in range(chance.randint(1, 60))))


def _code(chance):
    code = chance.randrange(0x110000 - 0x800)
    return code if code < 0xD800 else code + 0x800


def _controls(chance):
    return quote(
        "".join(chr(chance.choice((*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x732B))) for _ in range(20))
    )


def _bytes(chance):
    return "".join(chance.choices([*BYTES, quote("猫"), "+"], k=chance.randint(1, 20)))


def _halves(chance):
    """Lone surrogates, as some programs encode them."""
    return "".join(
        f"%ED%{chance.randrange(0xA0, 0xC0):X}%{chance.randrange(0x80, 0xC0):X}" for _ in range(chance.randint(1, 9))
    )


def _long_one(chance):
    part = chance.choice(PARTS + SYNTAX)
    return quote((part * LONG)[:LONG])


def _long_mix(chance):
    return quote("".join(chance.choices(SYNTAX + PARTS, k=LONG))[:LONG])
