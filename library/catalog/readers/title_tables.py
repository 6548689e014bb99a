"""Titles in a table (CSV, TSV): one a row, and a copy of it if the row has a barcode."""

import json
import re
import unicodedata

from library import dates, errors
from library.catalog import isbd, isbn, ndc, statements
from library.catalog.codes import languages
from library.catalog.folding import fold, readings, romaji, scripts
from library.catalog.readers import entries, remarks
from library.catalog.records import Contributor, Holding, OtherTitle, Record
from library.files import cells, spreadsheets
from library.files.spreadsheets import Column

SOURCE_ID = ("書誌番号", "書誌レコード番号", "書誌ID")
BOOK_MARKS = ("図書記号", "著者記号", "巻冊記号", "巻冊")  # behind the class in a call number
COLUMNS = (
    Column("source", ("書誌の出典",)),
    Column("source_id", (*SOURCE_ID, "作品ID")),
    Column("title", ("書名", "タイトル", "作品名"), required=True),
    Column("title_kana", ("書名ヨミ", "タイトルヨミ", "作品名読み")),
    Column("subtitle", ("副書名", "副題", "サブタイトル")),
    Column("subtitle_kana", ("副書名ヨミ", "副題読み", "サブタイトルヨミ")),
    Column("other_titles", ("別書名",)),
    Column("original_title", ("原題", "原書名", "原タイトル")),
    Column("volume", ("巻", "巻次")),
    Column("series", ("叢書名", "シリーズ名")),
    Column("series_kana", ("叢書名ヨミ", "シリーズ名ヨミ")),
    Column("author", ("著者", "著者名", "責任表示"), by_hand="\n"),
    Column("author_kana", ("著者ヨミ", "著者名ヨミ"), by_hand=" ; "),
    Column("contributors", ("人物", "責任者")),
    Column("publisher", ("出版者", "出版社")),
    Column("publisher_kana", ("出版者ヨミ", "出版社ヨミ")),
    Column("place", ("出版地",)),
    Column("year", ("出版年", "出版年月", "出版年月日", "発行年", "発行年月"), fullest=True),
    Column("isbn", ("ISBN", "ISBN番号")),
    Column("ndc", ("分類", "NDC", "NDC分類", "分類記号", "分類番号")),
    Column("subjects", ("件名",)),
    Column("material_type", ("資料区分",)),
    Column("audience", ("対象",)),
    Column("language", ("言語",)),
    Column(
        "extent",
        ("ページ数", "ページ", "形態", "形態区分", "大きさ", "ページ/大きさ", "ページ・大きさ", "ページ数・大きさ"),
        joined=" ; ",
    ),
    Column("price", ("価格", "本体価格"), fullest=True),
    Column("note", ("注記", "一般注記"), joined="\n", lines=True),  # 備考 may name who gave the book
    Column("contents", ("内容", "要旨", "目次"), joined="\n", lines=True),
    Column("accession_date", ("受入日",)),
    Column("barcode", ("登録番号", "資料番号", "バーコード")),
    Column("branch", ("所蔵館", "所蔵館番号", "館番号", "館"), first=True),
    Column("shelf", ("配架場所", "場所")),
    Column("call_number", ("請求記号",), joined=" "),
    Column("book_mark", BOOK_MARKS, joined=" "),
)
LABELS = {column.name: column.label for column in COLUMNS}
REQUIRED = ("", "title", "barcode", "branch")
OF_A_COPY = ("barcode", "branch", "shelf", "call_number", "book_mark")
SOURCE = "csv"  # the source of records whose file gives none
AS_THEY_ARE = (
    "title", "title_kana", "subtitle", "subtitle_kana", "volume", "series", "series_kana", "author", "publisher",
    "publisher_kana",
    "place", "extent", "price", "note", "contents",
)  # fmt: skip
SHORT = ("source", "source_id", "material_type", "audience", "language")
_YEN = re.compile(r"\A[\\＼￥](?=\s*[0-9０-９])")  # as CP932 writes it
SHELF_MARKS = frozenset("EMKP")  # letters that libraries use for a class: E 絵本, M まんが, K 児童, P 紙芝居
_KATAKANA = re.compile(r"[ァ-ヶー・＝=]+")
_BETWEEN, _BETWEEN_SUBJECTS, _BETWEEN_READINGS = "[;；]", "[;；∥|｜]", "[;；∥‖|｜]"


def decoded(raw: bytes) -> Record:
    """Return the record in a stored row, without the cells that can't be read."""
    return _record(cells.Cells(spreadsheets.Row(0, json.loads(raw)), required=REQUIRED))


def entry(row: spreadsheets.Row) -> entries.Entry:
    """Return the entry of a row: a title, and a copy in ``holdings`` if the row has a barcode."""
    # in a row with a copy, the day of accession is the copy's
    of_copy = (*OF_A_COPY, "accession_date") if row.cells.get("barcode") else OF_A_COPY
    texts = {name: text for name, text in row.cells.items() if text and name not in of_copy}
    raw = json.dumps(texts, ensure_ascii=False).encode()
    source_id = row.cells.get("source_id", "")
    made = entries.Entry(
        row.line, "csv", raw, row.cells.get("source", "") if source_id else "", source_id, partial=True
    )
    if problems := {name: reasons for name, reasons in row.problems.items() if name in REQUIRED}:
        made.refused = errors.RefusedTogether(problems)
    else:
        made.cells = read = cells.Cells(row, required=REQUIRED)
        made.read = lambda: _record(read)
        barcode, branch, shelf, call_number, book_mark = (row.cells.get(name, "") for name in OF_A_COPY)
        from_parts = f"{row.cells.get('ndc', '')} {book_mark}".strip() if book_mark else ""
        made.holdings = [Holding(barcode, branch, shelf, call_number or from_parts)] if barcode else []
    return made


def record_key(source: str, source_id: str) -> str:
    """Return the key of a record, unique among all sources: its source and its id there."""
    return f"{source}\t{source_id}"


def row_key(row: spreadsheets.Row, source_id: str, *, source: str = SOURCE) -> str:
    """Return the ``record_key`` of a row with this id: of its own source, else of ``source``."""
    return record_key(row.cells.get("source") or source, source_id)


def _record(read: cells.Cells) -> Record:
    """Return the record of a row; fields without a cell are empty."""
    read.required("title")
    made = Record("")
    for name, maximum in (*((name, cells.LONG) for name in AS_THEY_ARE), *((name, cells.WIDTH) for name in SHORT)):
        setattr(made, name, read.text(name, maximum) or "")
    made.price = _YEN.sub("¥", made.price)
    made.language = languages.code(made.language)
    made.year_text = read.text("year", cells.LONG) or ""
    made.year = dates.year_of(made.year_text)
    made.isbns = _isbns(read)
    _set_classes(made, read)
    made.subjects = [(heading, "") for heading in _separated(read.text("subjects", cells.LONG), _BETWEEN_SUBJECTS)]
    for column, kind in (("other_titles", "別書名"), ("original_title", "原題")):
        made.names += [OtherTitle(kind, name) for name in _separated(read.text(column, cells.LONG))]
    made.accession_date = read.day("accession_date")
    _set_creators(made, read)
    isbd.tidy(made)
    for name in ("title", "subtitle"):  # Latin letters are no reading of Latin letters
        if {scripts.script_of(getattr(made, each)) for each in (name, f"{name}_kana")} == {scripts.LATIN}:
            setattr(made, f"{name}_kana", "")
    for name in OF_A_COPY:
        read.text(name)
    read.check()
    return made


def _set_classes(made: Record, read: cells.Cells) -> None:
    """Set all classes, or the text as it is when it has none; words that are no class are reported."""
    text = read.text("ndc", cells.LONG) or ""
    classes = ndc.read_all(text)
    made.ndc = classes.text() or unicodedata.normalize("NFKC", text)
    made.audience = made.audience or ("児童" if classes.children else "")
    if set(classes.others) - SHELF_MARKS:
        read.warn("ndc", remarks.NO_CLASS, text)


def _isbns(read: cells.Cells) -> list[str]:
    text = read.text("isbn")
    if text and isbn.is_second_barcode(text):
        read.refuse("isbn", errors.IsbnIsSecondBarcode())
        return []
    if text and not isbn.normalise(text):
        read.warn("isbn", remarks.NO_ISBN, text)
    return [text] if text else []


def _set_creators(made: Record, read: cells.Cells) -> None:
    if text := read.text("contributors", cells.LONG):
        made.contributors = [_creator(each) for each in re.split("[;；]", text) if each]
        made.author = made.author or statements.compose(made.contributors)
    elif made.author:
        stated = made.author.split("\n")  # of several columns: a role in one is none of the others
        made.contributors = [each for statement in stated for each in statements.read(statement)]
        made.author = " ; ".join(filter(None, map(statements.for_display, stated)))
        kana = _readings(read.text("author_kana", cells.LONG), made.contributors)
        for each, reading in zip(made.contributors, kana, strict=False):
            each.kana = reading


def _readings(text: str | None, creators: list[Contributor]) -> list[str]:
    """Return the readings of these creators in order, as far as the text has them; further ones are joined to the last.
    An empty part of the text is a missing reading if there are as many parts as creators, else it is left out.
    """
    folded = unicodedata.normalize("NFKC", text or "")
    parts = [part.strip() for part in re.split(_BETWEEN_READINGS, folded)]
    kana = parts if len(parts) == len(creators) else [part for part in parts if part]
    if len(creators) > 1 and len(kana) == 1:
        by_commas = re.split("[,、] ?", kana[0])
        if len(by_commas) == len(creators) and not _is_reading_of_one(kana[0], by_commas[0], creators[0].name):
            return by_commas
        kana = _split_at_dots(kana[0], creators) or kana
    return [*kana[: len(creators) - 1], "; ".join(kana[len(creators) - 1 :])] if creators else []


def _split_at_dots(kana: str, creators: list[Contributor]) -> list[str]:
    """Return the readings of creators between dots; none when the dots don't match their number and the dots in their
    names.
    """
    parts, found = kana.split("・"), list[str]()
    if len(parts) == len(creators) + sum(each.name.count("・") for each in creators):
        for each in creators:
            own = 1 + each.name.count("・")
            found.append("・".join(parts[:own]).strip())
            del parts[:own]
    return found


def _is_reading_of_one(kana: str, part: str, name: str) -> bool:
    """Tell whether a reading with a comma, and not its first part alone, is the reading of one name: ナカガワ,リエコ for
    なかがわりえこ.
    """
    whole, first = (readings.may_be_part_of_reading(fold.strict(each), fold.strict(name)) for each in (kana, part))
    return whole and not first


def _creator(text: str) -> Contributor:
    """Return the contributor in ``著者|夏目|漱石|なつめ|そうせき``: role, family name, given name, readings of both; or in a name
    alone.
    """
    role, family, given, *readings = [*text.split("|"), "", "", ""][:5] if "|" in text else ("", text, "", "", "")
    foreign = given and _KATAKANA.fullmatch(family)
    kana = unicodedata.normalize("NFKC", " ".join(filter(None, readings)))
    name = f"{given}・{family}" if foreign else family + given
    return Contributor(name.strip(), romaji.katakana(kana).strip(), {"翻訳者": "訳"}.get(role, role.removesuffix("者")))


def _separated(text: str | None, signs: str = _BETWEEN) -> list[str]:
    """Return the parts of a text between semicolons, or other ``signs`` (a pattern), without empty ones."""
    return [part.strip() for part in re.split(signs, text or "") if part.strip()]
