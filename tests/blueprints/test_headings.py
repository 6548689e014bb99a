"""Works, series, people and subjects, as anybody sees them (spec 12, 5)."""

import re

from library.catalog.records import Contributor
from models import Creator, CreatorName, Subject, SubjectLink
from tests import factories
from tests.pages import form_data


def section(browse, id):
    return browse.page.find("section", {"aria-labelledby": id})


def test_volumes_of_an_edition_stand_in_order_and_other_editions_beside_them(browse, app):
    edition = {"publisher": "新潮社", "series": "新潮文庫", "year": 2001}
    last, first = (factories.catalogued("こころ", volume=volume, copies=1, **edition) for volume in ("下", "上"))
    other = factories.catalogued("こころ", publisher="岩波書店", year=1989)
    factories.catalogued("こころ", by=("小泉八雲", "コイズミ, ヤクモ"))
    browse.get(f"/titles/{last.id}")
    volumes, editions = section(browse, "volumes"), section(browse, "editions")
    assert [each.get_text(" ", strip=True) for each in volumes.select(".edition-name")] == [
        "こころ 上",
        "こころ 下 この資料",
    ]
    assert volumes.find("a")["href"] == f"/titles/{first.id}" and volumes.find("b")["aria-current"] == "page"
    assert "在架 1冊" in volumes.get_text()
    assert [each["href"] for each in editions.select("a")] == [f"/titles/{other.id}"]
    assert "岩波書店" in editions.get_text() and "夏目漱石" not in editions.get_text()


def test_parts_stand_with_their_subtitles_as_volumes(browse, app):
    made = [factories.catalogued("町の昔話", subtitle=f"{number:02} {name}") for number, name in enumerate("坂川橋", 1)]
    other = factories.catalogued("町の昔話", subtitle="02 川", volume="", publisher="丘書房")
    browse.get(f"/titles/{made[0].id}")
    volumes, editions = section(browse, "volumes"), section(browse, "editions")
    assert volumes.h2.get_text() == "巻（3点）"
    assert [each.get_text() for each in volumes.select("a")] == ["町の昔話 02 川", "町の昔話 03 橋"]
    assert [(each.get_text(), each["href"]) for each in editions.select("a")] == [
        ("町の昔話 02 川", f"/titles/{other.id}")
    ]


def test_a_title_alone_says_nothing_of_other_editions(browse, app):
    browse.get(f"/titles/{factories.catalogued('こころ').id}")
    assert section(browse, "volumes") is None and section(browse, "editions") is None


def test_volumes_are_told_apart_on_the_shelf_beside_a_book_and_among_those_of_its_author(browse, app):
    first, second = (factories.catalogued("長い物語", volume=volume, copies=1) for volume in ("上", "下"))
    browse.get(f"/titles/{first.id}")
    assert [each.b.get_text() for each in browse.page.select(".spines a.spine")] == ["長い物語 上", "長い物語 下"]
    assert (
        len(browse.page.find_all("a", string=re.compile("長い物語 下"), href=f"/titles/{second.id}")) == 2
    )  # 巻, 同じ著者の資料


def test_many_volumes_are_folded(browse, app):
    made = [factories.catalogued("長い物語", volume=str(number), publisher="白鷺社") for number in range(1, 16)]
    browse.get(f"/titles/{made[0].id}")
    volumes = section(browse, "volumes")
    assert volumes.find("summary").get_text() == "残りの3点を見る"
    assert len(volumes.select("li")) == 15


def test_volumes_are_shown_around_the_one_that_is_looked_at(browse, app):
    made = [factories.catalogued("長い物語", volume=str(number), publisher="白鷺社") for number in range(1, 31)]
    browse.get(f"/titles/{made[19].id}")
    volumes = section(browse, "volumes")
    assert [each.get_text() for each in volumes.select("summary")] == ["前の13点を見る", "続きの5点を見る"]
    assert volumes.select(":scope > ul li")[6].b.get_text() == "長い物語 20"
    assert len(volumes.select("li")) == 30


def test_the_volume_that_is_looked_at_is_among_those_of_a_work_with_more_than_can_be_shown(browse, app):
    made = [factories.catalogued("大百科", volume=str(number), publisher="白鷺社") for number in range(1, 161)]
    browse.get(f"/titles/{made[-1].id}")
    volumes = section(browse, "volumes")
    assert len(volumes.select("li")) == 150 and volumes.select("li")[-1].b.get_text() == "大百科 160"
    browse.get(volumes.find("a", string="すべての巻と版を検索結果で見る")["href"])
    assert "160件" in browse.h1()


def facts(browse):
    return {row.dt.get_text(): row.dd.get_text(" ", strip=True) for row in browse.page.select(".heading-facts > div")}


# -- series ------------------------------------------------------------------------------------------------------------
def test_a_series_has_its_titles_by_number(browse, app):
    for name, number in (("三", "10"), ("一", "2"), ("番外", ""), ("二", "9")):
        factories.catalogued(name, series=f"すずかけ文庫 ; {number}" if number else "すずかけ文庫", copies=1)
    title = factories.catalogued("四", series="すずかけ文庫 ; 11")
    browse.get(f"/titles/{title.id}")
    link = browse.page.find("a", string="すずかけ文庫 11")
    browse.get(link["href"])
    assert browse.h1() == "すずかけ文庫5件"
    rows = [
        (row.select_one(".edition-number").get_text(), row.find("a").get_text())
        for row in browse.page.select(".numbered li")
    ]
    assert rows == [("2", "一"), ("9", "二"), ("10", "三"), ("11", "四"), ("–", "番外")]
    assert "在架 1冊" in browse.text()


def test_a_series_without_numbers_has_no_column_for_them(browse, app):
    factories.catalogued("一", series="すずかけ文庫")
    browse.get("/series/1")
    assert browse.h1() == "すずかけ文庫1件" and browse.page.select(".edition-number") == []


def test_a_title_of_a_series_is_marked_in_its_row(signed_in, app):
    title = factories.catalogued("四", series="すずかけ文庫 ; 11", copies=1)
    signed_in.get("/series/1")
    mark = signed_in.page.find("button", {"aria-label": "「四」を本棚に入れる"})
    form = form_data(signed_in.page.find(id=mark["form"])) | {mark["name"]: mark["value"]}
    assert signed_in.post("/my/shelves/marks", form).location == f"/series/1#title-{title.id}"
    signed_in.get("/series/1")
    assert "「四」を「今度読みたい本」に入れました。" in signed_in.page.find(id=f"title-{title.id}").get_text()
    assert signed_in.page.find("button", {"aria-label": "「四」を本棚に入れる"})["aria-pressed"] == "true"


# -- people ------------------------------------------------------------------------------------------------------------
def by(name, *numbers, role="著", kana=""):
    return {"by": None, "author": name, "contributors": [Contributor(name, kana, role, identifiers=numbers)]}


def test_a_person_has_all_names_and_works_by_role(browse, app):
    number = ("NDL", "00054222")
    title = factories.catalogued("こころ", year=1989, **by("夏目漱石", number, kana="ナツメ, ソウセキ"))
    factories.catalogued("こころ", year=2001, publisher="新潮社", **by("夏目漱石", number, kana="ナツメ, ソウセキ"))
    factories.catalogued("文学論", year=1907, **by("夏目金之助", number))
    factories.catalogued("英詩選", year=1990, **by("夏目漱石", number, kana="ナツメ, ソウセキ", role="訳"))
    browse.get(f"/titles/{title.id}")
    browse.get(browse.page.find("a", string="夏目漱石")["href"])
    assert browse.h1() == "夏目漱石"
    names = section(browse, "names")
    assert names.h2.get_text() == "別の名前" and names.li.get_text() == "夏目金之助"
    assert browse.page.find("a", string="NDL 00054222")["href"] == "https://id.ndl.go.jp/auth/ndlna/00054222"
    roles = [section(browse, f"role-{number}") for number in (1, 2)]
    assert [role.h2.get_text() for role in roles] == ["著（2作品）", "訳（1作品）"]
    assert [link.get_text() for link in roles[0].select("a")] == ["こころ", "文学論"]
    assert "ほか1点" in roles[0].get_text()
    browse.get(browse.page.find("a", string="この人の資料を検索結果で見る")["href"])
    assert "4件" in browse.h1()


def test_namesakes_are_told_apart_by_their_years_of_birth(browse, app):
    for name, born in (("批評", "1905"), ("法の本", "1951")):
        given = [Contributor("川口浩", "カワグチ, ヒロシ", "著", born=born)]
        title = factories.catalogued(name, by=None, author="川口浩 著", contributors=given)
        browse.get(f"/people/{title.contributors.get().author_id}")
        assert browse.page.select_one(".lead").get_text(" ", strip=True) == f"カワグチ, ヒロシ {born}年生まれ"
        assert [each.get_text() for each in browse.page.select(".edition-name")] == [name]


def test_another_name_leads_to_the_person(browse, app):
    number = ("VIAF", "29539193")
    factories.catalogued("こころ", **by("夏目漱石", number))
    factories.catalogued("文学論", **by("夏目金之助", number))
    first, second = (Creator.get(Creator.name == name).id for name in ("夏目漱石", "夏目金之助"))
    answer = browse.get(f"/people/{second}")
    assert (answer.status_code, answer.location) == (301, f"/people/{first}")
    browse.get(f"/search?author={second}")
    assert "2件" in browse.h1()
    browse.get("/authors/他")
    assert [link["href"] for link in browse.page.select(".counts a")] == [f"/people/{first}"] * 2


def test_many_works_of_a_role_are_shown_page_by_page(browse, app):
    for number in range(60):
        factories.catalogued(f"書物{number:02}番目", **by("多作の人"))
    author = Creator.get().id
    browse.get(f"/people/{author}")
    assert len(section(browse, "role-1").select("li")) == 20
    browse.get(browse.page.find("a", string="著の60作品をすべて見る")["href"])
    assert len(section(browse, "role-1").select("li")) == 50
    browse.get(browse.page.find("a", string="次のページ")["href"])
    assert len(section(browse, "role-1").select("li")) == 10


def test_authorities_tell_of_names_and_of_others_to_look_at(browse, app):
    title = factories.catalogued("殺意", **by("栗本薫"))
    factories.catalogued("評論", **by("中島梓"))
    form = Creator.get(Creator.name == "栗本薫")
    CreatorName.create(author=form, position=0, kind="をも見よ", name="中島梓")
    CreatorName.create(author=form, position=1, kind="別名", name="山田純代", kana="ヤマダ, スミヨ")
    browse.get(f"/people/{form.id}")
    assert facts(browse)["をも見よ"] == "中島梓" and "山田純代" in section(browse, "names").get_text()
    assert title.title in browse.text()


# -- subjects ----------------------------------------------------------------------------------------------------------
def test_see_also_leads_to_the_person_however_the_authority_writes_the_name(browse, app):
    factories.catalogued("随筆", **by("芥川竜之介"))
    other = factories.catalogued("こころ", **by("夏目漱石"))
    form = Creator.get(Creator.name == "芥川竜之介")
    CreatorName.create(author=form, position=0, kind="をも見よ", name="夏目, 漱石")
    browse.get(f"/people/{form.id}")
    browse.get(browse.page.find("a", string="夏目, 漱石")["href"])
    assert browse.h1() == "夏目漱石" and other.title in browse.text()


def test_a_subject_has_its_titles_and_the_subjects_near_it(browse, app):
    for number in range(3):
        factories.catalogued(
            f"図書館の本{number}", subjects=[("図書館--歴史", "トショカン--レキシ"), ("読書", "ドクショ")], copies=1
        )
    factories.catalogued("図書館", subjects=[("図書館", "トショカン"), ("建築", "ケンチク")])
    title = factories.catalogued("書庫", subjects=[("図書館--歴史", "")])
    history, library = (Subject.get(Subject.name == name) for name in ("図書館--歴史", "図書館"))
    SubjectLink.create(subject=history, position=0, kind="をも見よ", name="読書", relation="関連語")
    SubjectLink.create(subject=history, position=1, kind="をも見よ", name="文庫")
    SubjectLink.create(subject=history, position=2, kind="を見よ", name="図書館史")
    browse.get(f"/titles/{title.id}")
    browse.get(browse.page.find("a", string="図書館--歴史")["href"])
    assert browse.h1() == "図書館--歴史4件"
    assert facts(browse) == {
        "ほかの言葉": "図書館史",
        "をも見よ": "読書 （関連語） 3件 文庫",
        "上位": "図書館 1件",
        "一緒に付く件名": "読書 3件",
    }
    assert len(browse.page.select(".row-title")) == 4
    browse.get(browse.page.find("a", string="図書館")["href"])
    assert facts(browse) == {"細目": "図書館--歴史 4件"} and browse.page.h1.get_text().startswith(library.name)


def test_subjects_are_browsed_by_kana(browse, app):
    factories.catalogued("図書館", subjects=[("図書館", "トショカン"), ("読書", "ドクショ"), ("建築", "ケンチク")])
    browse.get("/subjects")
    assert "あてはまる件名はありません。" in browse.text()
    browse.get(browse.page.find("a", string="た")["href"])
    assert browse.h1() == "件名から探す：た行"
    assert [link.span.get_text(" ") for link in browse.page.select(".counts a")] == [
        "読書  ドクショ",
        "図書館  トショカン",
    ]


def test_a_subject_that_no_title_has_any_more_says_so(browse, app):
    subject = Subject.create(name="休刊")
    browse.get(f"/subjects/{subject.id}")
    assert "この件名の資料はありません。" in browse.text()
