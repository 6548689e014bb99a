"""The words for a query: its fields, facets, sorts and languages. What is made of several is a sentence that can be
said in another language.
"""

from collections.abc import Iterable

from library.catalog import ndc
from library.catalog.codes import accessible, languages
from library.catalog.query import exclusions
from library.catalog.query.query import Query, Row
from library.catalog.search.reference_search import Interpretation, Part
from library.language import sentences
from library.store import queries
from models import Branch, Creator

Names = dict[tuple[str, str], str]  # of branches and authors, by facet and value
FIELDS = {
    "all": "すべて",
    "title": "書名",
    "author": "著者名",
    "publisher": "出版者",
    "subject": "件名",
    "series": "シリーズ",
    "note": "内容・注記",
}
ANYWHERE = {"contains": "{text}を含む", "starts": "{text}で始まる", "equals": "{text}と一致する"}
IN_FIELD = {
    "contains": "{field_word}が{text}を含む",
    "starts": "{field_word}が{text}で始まる",
    "equals": "{field_word}が{text}と一致する",
}
WAYS = {"contains": "を含む", "starts": "で始まる", "equals": "と一致する"}
JOINS = {"and": "すべて含む", "or": "または", "not": "を除く"}
SORTS = {
    "relevance": "関連度", "newest": "新しい順", "oldest": "古い順", "title": "書名の五十音順", "author": "著者の五十音順",
    "call_number": "請求記号順",
}  # fmt: skip
FACETS = {
    "branch": "館", "material": "資料の種類", "audience": "対象", "ndc_class": "分類", "decade": "出版年", "author": "著者",
    "language": "言語", "format": "利用しやすい形式",
}  # fmt: skip
AT_HAND, AVAILABLE = "いま借りられるもの", "在架だけ"
RESULTS = "「{text}」の検索結果"


def heading(query: Query, instead: str = "") -> str:
    """Return the heading of a page of results, without their number. ``instead``: the text that was looked for in place
    of the one in the box.
    """
    found = conditions(query)
    if query.q:
        return sentences.Sentence(RESULTS, text=instead or query.q)
    if not found:
        return "すべての資料"
    return sentences.Sentence(RESULTS, text=found[0]) if len(found) == 1 else "詳細検索の検索結果"


def conditions(query: Query) -> list[str]:
    """Return the words excluded in the box, the rows of 詳細検索, ISBN, class and years, each in a few words."""
    found = [sentences.Sentence("「{word}」を除く", word=word) for word in exclusions.split(query.q)[1]]
    found += [_row(row, first=number == 0) for number, row in enumerate(query.rows)]
    if query.isbn:
        found.append(f"ISBN {query.isbn}")
    if query.ndc:
        found.append(limit(query, "ndc"))
    if query.year_from or query.year_to:
        found.append(_years(query.year_from, query.year_to))
    return found


def limit(query: Query, name: str) -> str:
    """Return the words for the class or one of the years that a query is limited to."""
    if name == "ndc":
        return sentences.Sentence("分類 {class_word}", class_word=class_words(query.ndc))
    return _years(query.year_from if name == "year_from" else None, query.year_to if name == "year_to" else None)


def plain_text(query: Query) -> str:
    """Return the words of box and rows, and the ISBN, without excluded words, for the search on another site."""
    rows = [row.text for row in query.rows if row.join != "not"]
    return " ".join(filter(None, (exclusions.split(query.q)[0], *rows, query.isbn)))


def _row(row: Row, first: bool) -> str:
    words = sentences.Sentence(ANYWHERE[row.way], text=row.text)
    if row.field != "all":
        words = sentences.Sentence(IN_FIELD[row.way], field_word=FIELDS[row.field], text=row.text)
    if row.join == "not":
        return sentences.Sentence("{condition}ものを除く", condition=words)
    return sentences.Sentence("または {condition}", condition=words) if row.join == "or" and not first else words


def _years(first: int | None, last: int | None) -> str:
    if first == last:
        return sentences.Sentence("出版年 {first}年", first=first)
    if first and last:
        return sentences.Sentence("出版年 {first}年から{last}年まで", first=first, last=last)
    if first:
        return sentences.Sentence("出版年 {first}年から", first=first)
    return sentences.Sentence("出版年 {last}年まで", last=last)


GROUPED = "同じ作品をまとめる"
DROPPED = {"ndc": "分類", "year_from": "出版年（から）", "year_to": "出版年（まで）"}


def dropped(query: Query) -> list[str]:
    """Return a sentence for each condition that was not understood."""
    sentence = "{field_word}「{text}」は使えないため、外しました。"
    return [sentences.Sentence(sentence, field_word=DROPPED[name], text=text) for name, text in query.dropped]


PARTS = {
    "isbn": "ISBN", "title": "書名", "words": "言葉", "volume": "巻", "subtitle": "副題", "author": "著者", "publisher": "出版者",
}  # fmt: skip


def interpretation(found: Interpretation) -> str:
    """Return the used and unused parts of a pasted reference in words: 書名「羅生門」 著者「芥川竜之介」（1917年は使いません）."""
    used = sentences.Joined(map(_part, found.used), " ")
    if not found.unused:
        return used
    unused = sentences.Joined(map(_part, found.unused), "、")
    return sentences.Sentence("{used}（{unused}は使いません）", used=used, unused=unused)


def _part(part: Part) -> str:
    if part.kind == "year":
        return sentences.Sentence("{year}年", year=part.text)
    return sentences.Sentence("{part_word}「{text}」", part_word=PARTS[part.kind], text=part.text)


def in_words(query: Query, names: Names) -> list[str]:
    """Return the text of the box, all conditions and the chosen values of facets, each in a few words. ``names``:
    of branches and authors, from ``names_in``.
    """
    words: list[str] = [sentences.Sentence("「{text}」", text=query.q)] if query.q else []
    words += conditions(query)
    words += [AVAILABLE] if query.available else []
    for facet, label in FACETS.items():
        if values := getattr(query, facet):
            several = sentences.Joined((value_words(facet, value, names) for value in values), "・")
            words.append(limited(label, several))
    return words or ["すべての資料"]


def value_words(facet: str, value: str, names: Names) -> str:
    """Return the label of a facet's value. ``names``: of branches and authors, from ``names_in``."""
    if facet == "ndc_class":
        return class_words(value)
    if facet in NAMED:
        return NAMED[facet](value)
    return sentences.Sentence("{year}年代", year=value) if facet == "decade" else names.get((facet, value), value)


def class_words(code: str) -> str:
    """Return a class with its caption, where it has one: 9 文学."""
    caption = ndc.caption(code)
    return sentences.Sentence("{code} {caption_word}", code=code, caption_word=caption) if caption else code


def limited(label: str, value: str) -> str:
    """Return the value of a facet after its label: 資料の種類：図書."""
    return sentences.Sentence("{facet_word}：{value_word}", facet_word=label, value_word=value)


def names_in(asked: Iterable[Query]) -> Names:
    """Return (facet, value) → name of all branches and authors in these queries."""
    codes = {code for query in asked for code in query.branch}
    ids = {int(value) for query in asked for value in query.author if value.isdecimal() and len(value) < 10}
    branches = Branch.select(Branch.code, Branch.name).where(Branch.code.in_(codes)) if codes else None
    authors = Creator.select(Creator.id, Creator.name).where(Creator.id.in_(ids)) if ids else None
    found = {("branch", code): name for code, name in queries.tuples(branches)} if codes else {}
    return found | ({("author", str(number)): name for number, name in queries.tuples(authors)} if ids else {})


NAMED = {"language": languages.words, "format": accessible.words}  # facets whose codes have fixed words
