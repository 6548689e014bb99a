"""The parts of a pasted reference that don't help to find the book: ISBN, price, pages, printing, day of access; and
its year.
"""

import re

from library import dates

BETWEEN = " 、,;:/|-—―─~〜・.。◆●■○◎★☆※"  # what a title and a name neither begin nor end with
_NUMBER = re.compile(r"(?:ISBN(?:-?1[03])?[:\s]*)?(?:97[89][-\s]?)?(?:[0-9][-\s]?){9}[0-9X](?![0-9])", re.I)
# parts that don't tell which book it is, and numbers that would be taken for a year
_NOISE = re.compile(
    r"https?://\S+|\bdoi:\s*\S+|ISBN[:\s]*|ISSN[:\s]*[0-9]{4}-[0-9]{3}[0-9X]"
    r"|[(\[]?(?:参照|閲覧|アクセス|accessed)(?:日|:|\s)*[0-9][^)\]]*[)\]]?|(?<![0-9])[0-9]{4}\s?[-–]\s?(?:[0-9]{4})?(?![-0-9])"
    r"|(?:本体(?:価格)?|定価|税込み?|税別|価格)?[:\s]*[¥\\]?\s?[0-9][0-9,]*円(?:\s*\+\s*税|\(?税(?:込み?|別|抜き?)\)?)?|¥\s?[0-9][0-9,]*"
    r"|(?<![A-Za-z])pp?\.?\s?[0-9]+(?:\s?[-–~]\s?[0-9]+)?(?:ff?)?|[0-9]+\s?(?:p|頁|ページ|cm|mm)(?![A-Za-z])\.?"
    r"|(?:初版)?第?[0-9]+[版刷]",
    re.I,
)
_BINDING = re.compile(  # of a shop, with the day of publication behind it
    r"(?:単行本|文庫|新書|大型本|ペーパーバック|ハードカバー|コミック|Kindle版)(?:\([^)]*\))?\s*[-–—]\s*(?=(?:1[4-9]|20)[0-9]{2})"
)
_YEAR = re.compile(
    r"[c©]?(?<![0-9])(?:1[4-9]|20)[0-9]{2}(?![0-9])(?:年度?|[.\-/][0-9]{1,2}(?![0-9])(?:[.\-/][0-9]{1,2}(?![0-9]))?)?(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?"
    r"|(?:明治|大正|昭和|平成|令和)(?:[0-9]{1,2}|元)年?(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?"
)


def without_isbn_and_binding(text: str) -> str:
    """Return a text without its ISBN and without the binding that a shop writes before the day (文庫 – 1989/5/16)."""
    return without_binding(_NUMBER.sub("、", text))


def without_binding(text: str) -> str:
    """Return a text without the binding that a shop writes before the day of publication; the day stays."""
    return _BINDING.sub("、", text)


def without_noise(text: str) -> str:
    """Return a text without prices, pages, printings, web addresses and days of access, some of which look like a year:
    1760円.
    """
    return _NOISE.sub("、", text)


def split_year(text: str, *, keeps_first: bool) -> tuple[int | None, str]:
    """Return the first year, None when there is none, and the text without years. ``keeps_first``: a year at the very
    beginning is a title (1984年) and stays.
    """
    start = len(text) - len(text.lstrip(BETWEEN)) + 1 if keeps_first else 0
    found = _YEAR.search(text, start)
    if not found:
        return None, text
    left = text[:start] + _YEAR.sub("、", text[start:])
    return dates.year_of(found[0]), left
