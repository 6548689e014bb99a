"""確認する and 取り込む come to the same, whatever is in a file: its rows are tried a few at a time, and nothing of them stays
meanwhile.
"""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings, strategies as some

from library import policy
from library.catalog.fulltext import index
from library.catalog.readers import formats
from library.cutover import opening
from library.files import spreadsheets
from library.importing import batches, holds, items, kinds, loans, patrons, previews, titles
from library.store import database
from tests import factories
from tests.conftest import NOW

KOKORO, BOTCHAN = "9784101010137", "4-00-310101-8"
CARDS = ["0000000000017", "17", "0000-0000-00025", "25", "33", "A0000000000017A", ""]
COPIES = ["0001", "1", "A-2", "A2", "0003", ""]
NUMBERS = ["1", "001", "2", "T3", ""]
BRANCHES = ["本館", "1", "02", "77"]
DAYS = ["2026-11-11", "R081112", "令和8年11月13日(金)", "2026-02-30", "46000", ""]
MODULES = {"titles": titles, "items": items, "patrons": patrons, "loans": loans, "holds": holds}
MAPPED = {name: {"77": "-"} for name in ("branch", "pickup_branch")} | {
    "category": {"町外": "児童", "謎": ""},
    "state": {"謎": ""},
}
CELLS = {
    "titles": {
        "書誌番号": NUMBERS, "書誌の出典": ["", "", "甲"], "書名": ["こころ", "こころ", "明暗", ""], "巻": ["", "", "上"],
        "ISBN": ["", KOKORO, BOTCHAN], "著者": ["夏目漱石", ""], "出版社": ["甲社", "乙社"], "受入日": DAYS,
        "登録番号": COPIES, "所蔵館": BRANCHES, "分類": ["913.6", "E", ""], "著者記号": ["ナ", ""],
    },
    "items": {
        "登録番号": COPIES, "書誌コード": NUMBERS, "ISBN": ["", KOKORO], "館コード": BRANCHES, "状態": ["在架", "不明", "謎", ""],
        "分類": ["913.6", ""], "著者記号": ["ナ", ""], "受入日": DAYS,
    },
    "patrons": {
        "利用者番号": CARDS, "氏名（漢字）": ["山田", "森", "?田", ""], "旧利用者番号": [*CARDS, "", ""], "区分": ["一般", "町外", "謎"],
        "登録館": BRANCHES, "利用状態": ["", "", "停止", "死亡"], "住所１": ["本町1", ""], "住所２": ["ハイツ2", ""],
        "電話１": ["22-6101", "575226101", ""], "生年月日": DAYS, "有効期限": DAYS,
    },
    "loans": {
        "登録番号": COPIES, "利用者番号": CARDS, "貸出日": DAYS, "返却期限日": ["2026-12-01", *DAYS], "貸出館": BRANCHES,
        "返却日": ["", "", "2026-11-20"],
    },
    "holds": {
        "利用者番号": CARDS, "書誌番号": NUMBERS, "ISBN": ["", "", KOKORO], "登録番号": COPIES, "受取館": BRANCHES, "予約日": DAYS,
        "状態": ["", "取置済", "取消"], "予約順位": ["", "1", "x"],
    },
}  # fmt: skip


def files(kind):
    rows = some.tuples(*(some.sampled_from(words) for words in CELLS[kind].values()))
    return some.lists(rows, min_size=1, max_size=7)


def table(kind, rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(CELLS[kind]), *rows])
    return text.getvalue()


def arranged(kind):
    """Begin with a library of two branches that has what a file of this kind tells of."""
    with database.writing():
        for each in opening.IMPORTED:
            each.delete().execute()
    index.rebuild()
    if kind in ("items", "loans", "holds"):
        books = [factories.title(text, source="csv", source_id=number) for text, number in (("一", "001"), ("二", "2"))]
        factories.title("こころ", isbn=KOKORO)
    if kind in ("loans", "holds"):
        for number, book in (("0001", books[0]), ("A2", books[1])):
            factories.item(book, barcode=number)
        for number in ("0000000000017", "0000000000025"):
            factories.patron(card_number=number)


@pytest.mark.parametrize("kind", MODULES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_a_preview_counts_what_the_import_does(kind, data, read, monkeypatch):
    monkeypatch.setattr(batches, "ROWS", 2)
    factories.branch("本館", code="01"), factories.branch("東部", code="02")
    policy.put("card_forms", [{"id": 1, "length": 13, "pads": True, "is_for_new": True}])
    arranged(kind)
    options = {"patrons": {"pad_zeros": data.draw(some.booleans())}, "loans": {"now": NOW}, "holds": {"now": NOW}}
    before, file = (table(kind, data.draw(files(kind))) for _ in range(2))
    given = {"values": MAPPED, **options.get(kind, {})}
    read(MODULES[kind], before, **given)
    tried = read(MODULES[kind], file, dry_run=True, **given)
    done = read(MODULES[kind], file, **given)
    assert tried.report.counts == done.report.counts
    assert [each.sentence for each in tried.told] == [each.sentence for each in done.told]


@pytest.mark.parametrize("kind", MODULES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_one_row_is_shown_as_the_import_takes_it(kind, data, read):
    factories.branch("本館", code="01"), factories.branch("東部", code="02")
    policy.put("card_forms", [{"id": 1, "length": 13, "pads": True, "is_for_new": True}])
    arranged(kind)
    chosen = {"pad_zeros": data.draw(some.booleans())}
    options = {"patrons": chosen, "loans": {"now": NOW}, "holds": {"now": NOW}}.get(kind, {})
    read(MODULES[kind], table(kind, data.draw(files(kind))), values=MAPPED, **options)
    text, by = table(kind, data.draw(files(kind))[:1]), kinds.KINDS[kind]
    file = io.BytesIO(text.encode())
    opened = (
        formats.recognise(file, values=MAPPED)
        if kind == "titles"
        else spreadsheets.Table(file, by.columns, values=MAPPED)
    )
    row = previews.one_row(by, opened, 2, {}, now=NOW, chosen=chosen)
    done = read(MODULES[kind], text, values=MAPPED, **options)
    assert row and (done.report.counts[row.outcome], done.report.counts.total()) == (1, 1)
    assert {each.reason for each in done.told if each.kind == "拒否"} <= {
        *row.reasons,
        *(said for cell in row.cells for said in cell.remarks),
    }
