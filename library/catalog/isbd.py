"""What cataloguing rules put into the texts of a record, taken off for display: punctuation at the ends, spaces inside."""

import re

_SIGNS = "/:;,=" + "".join(filter(str.isspace, map(chr, range(0x3001))))
_ABBREVIATIONS = frozenset("co corp inc ltd jr sr st dr ed eds vs etc mrs cie".split())
_LAST_LATIN = "\u024f"
_JAPANESE = "〇々〆ヶ・ー\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff9f\U00020000-\U000323af"
_SPACE = re.compile(f"(?<=[{_JAPANESE}]) +(?=[{_JAPANESE}0-9])|(?<=[0-9]) +(?=[{_JAPANESE}])")


def trimmed(text: str) -> str:
    """``東京 :`` → 東京, ``晶文社,`` → 晶文社, ``萩野正昭 著.`` → 萩野正昭 著; ``Jr.`` and ``A.`` and ``wait...`` stay."""
    text = text.strip().rstrip(_SIGNS)
    return text[:-1] if text.endswith(".") and not _belongs(text[:-1]) else text


def _belongs(text):
    """Whether a full stop after this is part of the last word: an initial, an abbreviation, an ellipsis."""
    word = text[-12:].rpartition(" ")[2].rpartition(".")[2].lstrip("([").casefold()
    return not word or (len(word) == 1 and word.isalpha() and word <= _LAST_LATIN) or word in _ABBREVIATIONS


def closed_up(text: str) -> str:
    """Without the spaces that some cataloguers put between Japanese words and numbers: 東洋 文庫 → 東洋文庫."""
    return text if text.isascii() or " " not in text else _SPACE.sub("", text)
