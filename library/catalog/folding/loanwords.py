"""外来語: one spelling for the many ways to write loanwords in katakana. Runs of three katakana and more are folded.

The rules apply in their order (spec 12, 2). ヴァ is written バ or ワ, so that a text with ヴ has two keys: ウィーン finds ヴィーン,
but not ビーン. Exceptions to the rules (ディジタル, デジタル) stand in loanwords.tsv.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from library.catalog.folding import fold

_LIST = Path(__file__).with_name("loanwords.tsv")
_RUN = re.compile("[ァ-ヺー]{3,}")
_ANY = re.compile(
    "[ァ-ヺー]{3}|[ｦ-ﾟ]{3}|[\u32d0-\u32fe\u3300-\u3357\u3099\u309a]"
)  # full width, half width, several letters in one sign, separate marks
_AS_W = {"ヴァ": "ワ", "ヴィ": "ウィ", "ヴェ": "ウェ", "ヴォ": "ウォ"}
_RULES = {
    "ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴャ": "ビャ", "ヴュ": "ビュ", "ヴョ": "ビョ", "ヴ": "ブ", "ティ": "チ", "ディ": "ジ",
    "トゥ": "ツ",
    "ドゥ": "ド", "テュ": "チュ", "デュ": "ジュ", "フュ": "ヒュ", "シェ": "セ", "ジェ": "ゼ", "フォ": "ホ", "イェ": "エ", "ァ": "ア", "ィ": "イ",
    "ゥ": "ウ",
    "ェ": "エ", "ォ": "オ",
}  # fmt: skip
_ROWS = {
    "ア": "アカサタナハマヤラワガザダバパャヮ", "イ": "イキシチニヒミリギジヂビピ", "ウ": "ウクスツヌフムユルグズヅブプュ",
    "エ": "エケセテネヘメレゲゼデベペ", "オ": "オコソトノホモヨロヲゴゾドボポョ",
}  # fmt: skip
_YA = re.compile(f"(?<=[{_ROWS['イ']}])ヤ")
_DROPPED = [
    re.compile("|".join(f"(?<=[{row}]){vowel}+" for vowel, row in _ROWS.items())),
    re.compile(f"(?<=[{_ROWS['エ']}])[イエ]+"),
    re.compile(f"(?<=[{_ROWS['オ']}])ウ+"),
    re.compile("ー"),
]


def loanword_keys(text: str) -> list[str]:
    """Return the strict keys of a text with its loanwords folded: one, two for a text with ヴ, none for one without
    loanwords.
    """
    if text.isascii() or not _ANY.search(text):
        return []
    text = unicodedata.normalize("NFKC", text)
    if not _RUN.search(text):
        return []
    found = [_RUN.sub(lambda run: _folded(run[0]), text)]
    if "ヴ" in text:
        found.append(_RUN.sub(lambda run: _folded(_replaced(run[0], _AS_W)), text))
    return [key for key in dict.fromkeys(map(fold.strict, found)) if key]


@lru_cache(10_000)
def _folded(run: str) -> str:
    run = _replaced(_replaced(run, _exceptions()), _RULES)
    run = _YA.sub("ア", run)
    for dropped in _DROPPED:
        run = dropped.sub("", run)
    return run


def _replaced(run: str, rules: dict[str, str]) -> str:
    for spelled, folded in rules.items():
        run = run.replace(spelled, folded)
    return run


@lru_cache(1)
def _exceptions() -> dict[str, str]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("\t") for line in lines if line[0] != "#"]
    return {spelled: folded for spelled, _, folded in pairs}
