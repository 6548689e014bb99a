"""確認する and 取り込む come to the same, whatever is in a file: its rows are tried a few at a time, and nothing of them stays
meanwhile.
"""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings, strategies as some

from library import errors, policy
from library.catalog.fulltext import index
from library.catalog.readers import formats
from library.cutover import opening
from library.files import spreadsheets
from library.importing import batches, branches, holds, items, kinds, loans, patrons, previews, titles
from library.store import database
from models import Branch
from tests import factories
from tests.conftest import NOW
from tests.long import in_the_long_run

KOKORO, BOTCHAN = "9784101010137", "4-00-310101-8"
CARDS = ["0000000000017", "17", "0000-0000-00025", "25", "33", "A0000000000017A", ""]
COPIES = ["0001", "1", "A-2", "A2", "0003", ""]
NUMBERS = ["1", "001", "2", "T3", ""]
BRANCHES = ["本館", "1", "02", "77"]
DAYS = ["2026-11-11", "R081112", "令和8年11月13日(金)", "2026-02-30", "46000", ""]
MODULES = {"branches": branches, "titles": titles, "items": items, "patrons": patrons, "loans": loans, "holds": holds}
MAPPED = {name: {"77": "-"} for name in ("branch", "pickup_branch")} | {
    "category": {"町外": "児童", "謎": ""},
    "state": {"謎": ""},
}
CELLS = {
    "branches": {
        "館コード": ["01", "1", "3", "04", ""], "館名": ["本館", "東部", "西館", ""], "住所１": ["本町1", ""], "住所２": ["2階", ""],
        "電話": ["575226101", "0575-22-6101", "x"], "休館日": ["月曜日、第4金曜日", "無休", "x", ""], "開館時間": ["9:00-17:00", "x", ""],
        "郵便番号": ["501-0001", "x", ""], "表示順": ["1", "x", ""],
    },
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


ODD_CELLS = ["", " ", "０", "〓", "=1+1", "a\nb", "x" * 300]
OF_THE_LIBRARY = ("区分", "利用状態", "状態", "所蔵館", "登録館", "貸出館", "受取館")  # another word stops the file
HALF_FULL = {  # of what the files tell of, as an earlier file brought it
    "branches": "館コード,館名\n01,本館\n3,西館\n",
    "titles": f"書誌番号,書名,ISBN,登録番号,所蔵館\n001,こころ,{KOKORO},0001,本館\n2,明暗,,,\n",
    "items": "登録番号,書誌コード,館コード\n0001,001,本館\nA2,2,02\n",
    "patrons": "利用者番号,氏名（漢字）,旧利用者番号,登録館\n0000000000017,山田,A0000000000017A,本館\n25,𠮷田,,02\n",
    "loans": "登録番号,利用者番号,貸出日,返却期限日\n0001,0000000000017,2026-11-11,2026-12-01\n",
    "holds": "利用者番号,書誌番号,受取館\n0000000000017,001,本館\n",
}


def files(kind, odd=ODD_CELLS):
    """Return files of a kind: rows of its usual cells, here and there an odd one, some rows twice."""
    cells = [
        some.sampled_from(words if name in OF_THE_LIBRARY else [*words, *words, *words, *odd])
        for name, words in CELLS[kind].items()
    ]
    rows = some.lists(some.tuples(*cells), min_size=1, max_size=7)
    return some.tuples(rows, some.sets(some.integers(0, 6))).map(
        lambda made: made[0] + [made[0][place] for place in sorted(made[1]) if place < len(made[0])]
    )


def table(kind, rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(CELLS[kind]), *rows])
    return text.getvalue()


def arranged(kind):
    """Begin with a library of two branches that has what a file of this kind tells of."""
    with database.writing():
        for each in (*opening.IMPORTED, Branch):
            each.delete().execute()
    index.rebuild()
    factories.branch("本館", code="01"), factories.branch("東部", code="02")
    if kind in ("items", "loans", "holds"):
        books = [factories.title(text, source="csv", source_id=number) for text, number in (("一", "001"), ("二", "2"))]
        factories.title("こころ", isbn=KOKORO)
    if kind in ("loans", "holds"):
        for number, book in (("0001", books[0]), ("A2", books[1])):
            factories.item(book, barcode=number)
        for number in ("0000000000017", "0000000000025"):
            factories.patron(card_number=number)


def outcome(module, text, **options):
    """Return the counts and the findings of a file, or the sentence that stops it."""
    try:
        done = options.pop("read")(module, text, **options)
    except errors.Refused as refusal:
        return refusal.sentence
    return done.report.counts, [
        (each.line, each.kind, each.column, each.number, each.value, each.reason) for each in done.told
    ]


@pytest.mark.parametrize("most", [15, *in_the_long_run(2000)])
@pytest.mark.parametrize("kind", MODULES)
def test_a_preview_counts_and_tells_what_the_import_does(kind, most, read, monkeypatch):
    monkeypatch.setattr(batches, "ROWS", 2)
    policy.put("card_forms", [{"id": 1, "length": 13, "pads": True, "is_for_new": True}])

    @settings(max_examples=max(15, most // len(MODULES)), deadline=None)
    @given(file=files(kind), is_half_full=some.booleans(), pads=some.booleans())
    def tried_first(file, is_half_full, pads):
        arranged(kind)
        now, options = {"now": NOW}, {"pad_zeros": pads}
        of_kind = {"branches": options, "items": options, "patrons": options, "loans": now, "holds": now}
        chosen = {"values": MAPPED, **of_kind.get(kind, {})}
        if is_half_full:
            read(MODULES[kind], HALF_FULL[kind], **chosen | ({"pad_zeros": True} if "pad_zeros" in chosen else {}))
        tried = outcome(MODULES[kind], table(kind, file), dry_run=True, read=read, **chosen)
        assert tried == outcome(MODULES[kind], table(kind, file), read=read, **chosen)

    tried_first()


@pytest.mark.parametrize("kind", [kind for kind in MODULES if kind != "branches"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_one_row_is_shown_as_the_import_takes_it(kind, data, read, tmp_path):
    policy.put("card_forms", [{"id": 1, "length": 13, "pads": True, "is_for_new": True}])
    arranged(kind)
    chosen = {"pad_zeros": data.draw(some.booleans())}
    options = {"patrons": chosen, "loans": {"now": NOW}, "holds": {"now": NOW}}.get(kind, {})
    read(MODULES[kind], table(kind, data.draw(files(kind, odd=()))), values=MAPPED, **options)
    text, by = table(kind, data.draw(files(kind, odd=()))[:1]), kinds.KINDS[kind]
    file = io.BytesIO(text.encode())
    opened = (
        formats.recognise(file, values=MAPPED)
        if kind == "titles"
        else spreadsheets.Table(file, by.columns, values=MAPPED)
    )
    row = previews.one_row(by, opened, 2, tmp_path / "report", now=NOW, chosen=chosen)
    done = read(MODULES[kind], text, values=MAPPED, **options)
    assert row and (done.report.counts[row.outcome], done.report.counts.total()) == (1, 1)
    assert {each.reason for each in done.told if each.kind == "拒否"} <= {
        *row.reasons,
        *(said for cell in row.cells for said in cell.remarks),
    }
