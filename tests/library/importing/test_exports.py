"""An exported catalogue comes in again as the same titles: 変更 0."""

import pytest

from library import clock, demonstration
from library.catalog import exporting, records
from library.catalog.records import Contributor, OtherTitle
from library.importing import titles
from models import Title
from tests import factories
from tests.relevance import catalogues

SAME = {"marcxml": exporting.write_marcxml, "csv": exporting.write_items}


def in_again(read, path, write):
    """Write a file of all titles, and see that reading it changes none."""
    before = records.load(title.id for title in Title.select(Title.id))
    count = write(path)
    done = read(titles, path.read_bytes(), source="")
    after = records.load(before)
    assert done.counts == (0, 0, count, 0), [
        (before[one], after[one]) for one in before if repr(before[one]) != repr(after[one])
    ]


@pytest.mark.parametrize("form", SAME)
@pytest.mark.parametrize(
    "catalogue", [catalogues.csv_with_readings, catalogues.marc_with_kana, catalogues.marc_in_romaji]
)
def test_a_catalogue_comes_in_again_as_it_went_out(catalogue, form, read, tmp_path):
    factories.branch(catalogues.BRANCH)
    read(titles, catalogue())
    in_again(read, tmp_path / "out", SAME[form])


@pytest.mark.parametrize(
    "catalogue", [catalogues.csv_with_readings, catalogues.marc_with_kana, catalogues.marc_in_romaji]
)
def test_titles_that_were_changed_by_hand_come_in_again_as_they_went_out(catalogue, read, tmp_path):
    factories.branch(catalogues.BRANCH)
    read(titles, catalogue())
    Title.update(edited=True).execute()
    in_again(read, tmp_path / "out", exporting.write_marcxml)


def test_the_demonstration_comes_in_again_as_it_went_out(db, read, tmp_path):
    demonstration.load(today=clock.today(), now=clock.now())
    for write in SAME.values():
        in_again(read, tmp_path / "out", write)


def test_each_part_of_a_title_comes_in_again(read, tmp_path):
    both = [Contributor("上田敏", "ウエダ, ビン", role) for role in ("著", "訳")]
    factories.catalogued(
        "牧羊神", by=None, author="上田敏 著・訳", contributors=both, price="¥900", isbns=[], series="丘文庫 ; 2",
        series_kana="オカ ブンコ ; ニ", names=[
            OtherTitle("原題", "Le Berger", ""), OtherTitle("収録作品", "星", "ホシ"), OtherTitle("別書名", "羊", "ヒツジ"),
        ],
    )  # fmt: skip
    factories.catalogued("地図  帳", by=None, extent="v. <1   > ; 22 cm", source="X", source_id="7")
    in_again(read, tmp_path / "out", exporting.write_marcxml)
