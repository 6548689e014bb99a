from library.calendar import hours
from library.importing import batches, branches
from models import Branch, ClosingRule
from tests import factories

FILE = """館コード,館名,館名カナ,住所,電話,受取可,休館曜日
01,本館,ホンカン,中央1-2-3,096-000-0000,はい,月
02,東部,トウブ,,,いいえ,月・木
"""


def test_branches_come_in_in_the_order_of_the_file(read):
    assert read(branches, FILE).counts == (2, 0, 0, 0)
    rows = list(Branch.select().order_by(Branch.position))
    assert [(row.code, row.name, row.pickup, row.closed_weekdays) for row in rows] == [
        ("01", "本館", True, "0"),
        ("02", "東部", False, "03"),
    ]
    assert rows[0].phone == "096-000-0000"


def test_the_same_file_again_changes_nothing(read):
    read(branches, FILE)
    assert read(branches, FILE).counts == (0, 0, 2, 0)


def test_an_empty_cell_leaves_what_is_stored(read):
    read(branches, FILE)
    assert read(branches, "code,name,phone\n01,中央図書館,\n").counts == (0, 1, 0, 0)
    row = Branch.get(Branch.code == "01")
    assert (row.name, row.phone, row.closed_weekdays) == ("中央図書館", "096-000-0000", "0")


def test_a_wrong_cell_is_left_out_and_a_row_without_code_or_name_stays_out(read):
    done = read(
        branches,
        "code,name,pickup,closed_weekdays,position\n"
        "01,本館,たぶん,月,1\n"
        "02,,1,月,2\n"
        "03,東部,1,月曜と火星,3\n"
        "04,西部,1,mon,-1\n"
        "05,南部,1,なし,5\n"
        "06,南部,1,土日,6\n",
    )
    assert done.counts == (4, 0, 0, 2)
    assert done.refused == [(3, "館名"), (7, "館名")]
    assert done.emptied == [(2, "受取可"), (4, "休館曜日"), (5, "表示順")]
    assert done.told[0].sentence == "2行目 受取可：はい・いいえ（1・0）のどちらでもありません。"
    assert "05" in done.told[-1].reason
    assert Branch.get(Branch.code == "05").closed_weekdays == ""


def test_a_branch_is_found_by_code_or_name_in_any_width(read):
    read(branches, FILE)
    places = branches.Branches()
    assert places.find("０１").name == places.find(" 本館 ").name == "本館"
    assert places.find("1").name == places.find("001").name == "本館", "a spreadsheet drops the zeros"
    assert places.find("9") is None


def test_a_code_without_its_zeros_means_no_branch_where_two_would_fit(db):
    factories.branch("本館", code="01"), factories.branch("東部", code="001")
    places = branches.Branches()
    assert (places.find("1"), places.find("01").name) == (None, "本館")


WEEK = """館コード,館名,郵便番号,地図,開館時間,休館日
01,本館,5011234,https://maps.example.jp/1,月-金 9:30-19:00; 土日祝 9:30-17:00,月曜日、第4金曜日
02,東部,,,9:00-17:00,"毎週火曜、年末年始（12/29〜1/3）"
03,西部,,,,なし
"""


def test_hours_and_closed_days_come_in_as_librarians_write_them(read):
    assert read(branches, WEEK).counts == (3, 0, 0, 0)
    main, east, west = Branch.select().order_by(Branch.position)
    assert (main.postal_code, main.map_url) == ("501-1234", "https://maps.example.jp/1")
    assert hours.in_general(main) == ["火〜金 9:30–19:00", "土・日・祝日 9:30–17:00"]
    rules = dict(ClosingRule.select(ClosingRule.branch, ClosingRule.rule).tuples())
    assert (main.closed_weekdays, rules[main.id]) == ("0", "第4金曜")
    assert (east.closed_weekdays, rules[east.id]) == ("1", "12/29-1/3")
    assert (west.closed_weekdays, west.id in rules) == ("", False)
    assert read(branches, WEEK).counts == (0, 0, 3, 0)


def test_other_closed_days_replace_the_rules_of_the_branch_alone(read):
    read(branches, WEEK)
    ClosingRule.create(rule="月末")
    assert read(branches, "館コード,館名,休館日\n01,本館,第2・第4水曜日\n").counts == (0, 1, 0, 0)
    assert Branch.get(Branch.code == "01").closed_weekdays == ""
    assert {row.rule for row in ClosingRule.select()} == {"第2・第4水曜", "12/29-1/3", "月末"}


def test_cells_of_a_week_that_cannot_be_read_are_named(read):
    done = read(
        branches,
        "館コード,館名,郵便番号,地図,開館時間,休館日\n01,本館,12,,,\n02,東部,,http://maps.example.jp/,,\n03,西部,,,朝から,\n04,南部,,,,ときどき\n",
    )
    assert done.emptied == [(2, "郵便番号"), (3, "地図"), (4, "開館時間"), (5, "休館日")]


def test_two_new_branches_of_one_name_are_told_before_the_import(read, monkeypatch):
    monkeypatch.setattr(batches, "ROWS", 1)
    for dry_run in (True, False):
        done = read(branches, "館コード,館名\n01,本館\n02,本館\n", dry_run=dry_run)
        assert (done.counts, done.refused) == ((1, 0, 0, 1), [(3, "館名")])


def test_a_name_that_another_branch_gives_up_in_the_file_is_free_in_the_next(read, monkeypatch):
    monkeypatch.setattr(batches, "ROWS", 1)
    read(branches, "館コード,館名\n01,本館\n")
    for dry_run in (True, False):
        assert read(branches, "館コード,館名\n01,西館\n02,本館\n", dry_run=dry_run).counts == (0, 1, 0, 1)
    assert read(branches, "館コード,館名\n02,本館\n").counts == (1, 0, 0, 0)
