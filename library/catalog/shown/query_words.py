"""The words for a query: its fields, facets, sorts and languages."""

from collections.abc import Iterable

from library.catalog import ndc
from library.catalog.codes import accessible, languages
from library.catalog.query import exclusions
from library.catalog.query.query import Query, Row
from library.catalog.search.reference_search import Interpretation, Part
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


def heading(query: Query, instead: str = "") -> str:
    """Return the heading of a page of results, without their number. ``instead``: the text that was looked for in place
    of the one in the box.
    """
    found = conditions(query)
    if query.q:
        return f"「{instead or query.q}」の検索結果"
    if not found:
        return "すべての資料"
    return f"「{found[0]}」の検索結果" if len(found) == 1 else "詳細検索の検索結果"


def conditions(query: Query) -> list[str]:
    """Return the words excluded in the box, the rows of 詳細検索, ISBN, class and years, each in a few words."""
    found = [f"「{word}」を除く" for word in exclusions.split(query.q)[1]]
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
        return f"分類 {query.ndc} {ndc.caption(query.ndc)}".strip()
    return _years(query.year_from if name == "year_from" else None, query.year_to if name == "year_to" else None)


def plain_text(query: Query) -> str:
    """Return the words of box and rows, and the ISBN, without excluded words, for the search on another site."""
    rows = [row.text for row in query.rows if row.join != "not"]
    return " ".join(filter(None, (exclusions.split(query.q)[0], *rows, query.isbn)))


def _row(row: Row, first: bool) -> str:
    words = f"{FIELDS[row.field]}が{row.text}{WAYS[row.way]}" if row.field != "all" else f"{row.text}{WAYS[row.way]}"
    if row.join == "not":
        return f"{words}ものを除く"
    return f"{JOINS['or']} {words}" if row.join == "or" and not first else words


def _years(first: int | None, last: int | None) -> str:
    if first == last:
        return f"出版年 {first}年"
    return "出版年 " + "から".join((f"{first}年" if first else "", f"{last}年まで" if last else ""))


GROUPED = "同じ作品をまとめる"
DROPPED = {"ndc": "分類", "year_from": "出版年（から）", "year_to": "出版年（まで）"}


def dropped(query: Query) -> list[str]:
    """Return a sentence for each condition that was not understood."""
    return [f"{DROPPED[name]}「{text}」は使えないため、外しました。" for name, text in query.dropped]


PARTS = {
    "isbn": "ISBN", "title": "書名", "words": "言葉", "volume": "巻", "subtitle": "副題", "author": "著者", "publisher": "出版者",
}  # fmt: skip


def interpretation(found: Interpretation) -> str:
    """Return the used and unused parts of a pasted reference in words: 書名「羅生門」 著者「芥川竜之介」（1917年は使いません）."""
    unused = "、".join(map(_part, found.unused))
    return " ".join(map(_part, found.used)) + (f"（{unused}は使いません）" if unused else "")


def _part(part: Part) -> str:
    return f"{part.text}年" if part.kind == "year" else f"{PARTS[part.kind]}「{part.text}」"


def in_words(query: Query, names: Names) -> list[str]:
    """Return the text of the box, all conditions and the chosen values of facets, each in a few words. ``names``:
    of branches and authors, from ``names_in``.
    """
    words = [f"「{query.q}」"] if query.q else []
    words += conditions(query)
    words += [AVAILABLE] if query.available else []
    for facet, label in FACETS.items():
        if values := getattr(query, facet):
            words.append(f"{label}：{'・'.join(value_words(facet, value, names) for value in values)}")
    return words or ["すべての資料"]


def value_words(facet: str, value: str, names: Names) -> str:
    """Return the label of a facet's value. ``names``: of branches and authors, from ``names_in``."""
    if facet == "ndc_class":
        return f"{value} {ndc.caption(value)}".strip()
    if facet in NAMED:
        return NAMED[facet](value)
    return f"{value}年代" if facet == "decade" else names.get((facet, value), value)


def names_in(asked: Iterable[Query]) -> Names:
    """Return (facet, value) → name of all branches and authors in these queries."""
    codes = {code for query in asked for code in query.branch}
    ids = {int(value) for query in asked for value in query.author if value.isdecimal() and len(value) < 10}
    branches = Branch.select(Branch.code, Branch.name).where(Branch.code.in_(codes)) if codes else None
    authors = Creator.select(Creator.id, Creator.name).where(Creator.id.in_(ids)) if ids else None
    found = {("branch", code): name for code, name in queries.tuples(branches)} if codes else {}
    return found | ({("author", str(number)): name for number, name in queries.tuples(authors)} if ids else {})


NAMED = {"language": languages.words, "format": accessible.words}  # facets whose codes have fixed words
