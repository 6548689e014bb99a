"""典拠の取り込み: what becomes of authority records (spec 12, 5)."""

import io

import pymarc
import pytest
from pymarc import Field, Indicators, Subfield

from library import errors
from library.catalog import heading_names
from library.catalog.creators import authority_records
from library.catalog.query.query import Query, Row
from library.catalog.readers import authorities as readers
from library.catalog.records import Contributor
from library.catalog.shown import results
from library.files.report import CHANGED, REFUSED, SAME, Report
from library.importing import batches
from models import Creator, CreatorIdentifier, CreatorName, SubjectLink
from tests import factories


def field(tag, text):
    """``$a夏目, 漱石$d1867-1916``"""
    return Field(tag, Indicators(" ", " "), [Subfield(part[0], part[1:]) for part in text.split("$")[1:]])


def made(*fields, kind="z", number="00054222", source="JTNDL"):
    record = pymarc.Record(leader=f"00000n{kind}  a2200000n  4500")
    record.add_field(Field("001", data=number), Field("003", data=source))
    record.add_field(*(field(tag, text) for tag, text in fields))
    return record.as_marc()


SOSEKI = made(
    ("100", "$6880-01$a夏目, 漱石$d1867-1916"),
    ("400", "$6880-02$a夏目, 金之助$d1867-1916"),
    ("400", "$aNatsume, Kinnosuke"),
    ("500", "$wb$a漱石山人"),
    ("024", "$a29539193$2viaf"),
    ("880", "$6100-01/$1$aナツメ, ソウセキ"),
    ("880", "$6400-02/$1$aナツメ, キンノスケ"),
)
LIBRARIES = made(
    ("150", "$a図書館"), ("450", "$aライブラリー"), ("550", "$wg$a情報施設"), ("550", "$a読書"), number="00573385"
)


def read_in(*raws, xml=False, dry_run=False):
    if xml:
        body = b"".join(pymarc.record_to_xml(pymarc.Record(raw), namespace=True) for raw in raws)
        data = b'<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim">' + body + b"</collection>"
    else:
        data = b"".join(raws)
    told = []
    report = Report(tell=told.append)
    file, intake = readers.File(io.BytesIO(data)), authority_records.Intake(report)
    batches.carry_out_together(
        file, intake.put, part=200, report=report, dry_run=dry_run, identity=lambda entry: entry.number
    )
    intake.finish()
    return report, [finding.sentence for finding in told]


def book(name, by, kana=""):
    return factories.catalogued(name, by=None, author=by, contributors=[Contributor(by, kana, "著")])


def found(words):
    return sorted(results.find(Query(q=words)).ids)


@pytest.mark.parametrize("xml", [False, True])
def test_other_names_of_a_person_find_the_titles(db, xml):
    title = book("こころ", "夏目漱石", "ナツメ ソウセキ")
    assert found("金之助") == []
    report, _ = read_in(SOSEKI, xml=xml)
    assert report.counts == {CHANGED: 1}
    assert found("金之助") == found("なつめきんのすけ") == found("Natsume Kinnosuke") == [title.id]
    assert [(row.kind, row.name, row.kana) for row in CreatorName.select().order_by(CreatorName.position)] == [
        ("別名", "夏目, 金之助", "ナツメ, キンノスケ"),
        ("別名", "Natsume, Kinnosuke", ""),
        ("をも見よ", "漱石山人", ""),
    ]
    numbers = CreatorIdentifier.select().order_by(CreatorIdentifier.scheme)
    assert [(row.scheme, row.value) for row in numbers] == [("NDL", "00054222"), ("VIAF", "29539193")]


def test_the_same_file_again_changes_nothing(db):
    book("こころ", "夏目漱石", "ナツメ ソウセキ")
    read_in(SOSEKI)
    report, _ = read_in(SOSEKI)
    assert report.counts == {SAME: 1}


def test_titles_under_another_name_become_the_persons(db):
    one, other = book("こころ", "夏目, 漱石", "ナツメ, ソウセキ"), book("文学論", "夏目金之助", "ナツメ キンノスケ")
    read_in(SOSEKI)
    forms = [row.id for row in Creator.select()]
    assert len(set(heading_names.creators_of(forms).values())) == 1
    assert found("漱石") == found("金之助") == [one.id, other.id]


def test_somebody_else_of_the_name_is_left_alone(db):
    book("別の本", "夏目漱石", "ナツメ ソウセキ")
    CreatorIdentifier.create(scheme="NDL", value="99999999", author=Creator.get())
    report, _ = read_in(SOSEKI)
    assert report.counts == {SAME: 1} and report.more == {authority_records.UNUSED: 1}
    assert not CreatorName.select().exists()


def test_subjects_have_other_words_and_subjects_beside_them(db):
    factories.catalogued("図書館の本", subjects=[("図書館", "トショカン")])
    report, _ = read_in(LIBRARIES)
    assert report.counts == {CHANGED: 1}
    links = SubjectLink.select().order_by(SubjectLink.position)
    assert [(row.kind, row.name, row.relation) for row in links] == [
        ("を見よ", "ライブラリー", ""), ("をも見よ", "情報施設", "上位語"), ("をも見よ", "読書", ""),
    ]  # fmt: skip


def test_other_words_for_a_subject_find_its_titles_and_those_that_come_later(db):
    words = made(("150", "$6880-01$a図書館"), ("450", "$6880-02$a文庫"), ("880", "$6450-02/$1$aブンコ"))
    first = factories.catalogued("本の家", subjects=[("図書館", "トショカン")])
    other = factories.catalogued("野の道", subjects=[("植物", "ショクブツ")])
    read_in(words)
    later = factories.catalogued("館の話", subjects=[("植物", "ショクブツ"), ("図書館", "トショカン")])
    assert found("文庫") == found("ぶんこ") == [first.id, later.id]
    assert results.find(Query(rows=(Row("文庫", "subject"),))).total == 2
    read_in(made(("150", "$a図書館"), ("450", "$aライブラリー")))
    assert found("文庫") == [] and found("ライブラリー") == [first.id, later.id]
    assert found("植物") == [other.id, later.id]


def test_a_record_that_is_no_authority_is_refused_by_name_and_unused_ones_are_counted(db):
    book = made(("245", "$aこころ"), kind="a", number="910000001")
    title = made(("130", "$a聖書"), number="910000002")
    report, told = read_in(book, title, LIBRARIES)
    assert report.counts == {REFUSED: 2, SAME: 1} and report.more == {authority_records.UNUSED: 1}
    assert told == [
        "1件目 910000001：典拠の記録ではありません。書誌は、--authorities を付けずに取り込みます。",
        "2件目 910000002：人名・団体名・件名の典拠ではありません。",
    ]


def test_a_dry_run_changes_nothing(db):
    factories.catalogued("図書館の本", subjects=[("図書館", "トショカン")])
    report, _ = read_in(LIBRARIES, dry_run=True)
    assert report.counts == {CHANGED: 1} and not SubjectLink.select().exists()


def test_a_table_is_no_file_of_authorities():
    with pytest.raises(errors.FileIsNoAuthorities):
        readers.File(io.BytesIO("書名,著者\nこころ,夏目漱石\n".encode()))
