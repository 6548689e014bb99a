"""特集 at the desk: all is in the form until it is saved."""

import pytest

from library import clock
from library.site import features
from models import Audit, Feature, FeatureVersion
from tests import factories
from tests.library.test_features import write
from tests.pages import Browser

NEW = "/desk/features/new"


@pytest.fixture
def desk(sit_down):
    return sit_down("/desk/features", "desk", login="hanako")


def form(desk, address=NEW, **typed):
    """Return the values that the open form would send, with all its rows of books."""
    sent = desk.form(address) | typed
    for name in ("book_title", "book_name", "book_author", "book_comment"):
        fields = desk.page.find("form", action=address).find_all("input", {"name": name})
        sent.setdefault(name, [])
        if name not in typed:
            sent[name] = [field["value"] for field in fields]
    return sent


def press(desk, address=NEW, **typed):
    return desk.post(address, form(desk, address, **typed))


def listed(desk):
    return [field["value"] for field in desk.page.find_all("input", {"name": "book_name"})]


def test_a_list_is_made_book_by_book_tried_saved_and_read(desk):
    first = factories.catalogued("こころ", copies=1)
    second = factories.catalogued("三四郎", isbns=["9784101010045"])
    desk.get(NEW)
    press(desk, title="夏の本", slug="summer", text="**海**", words=first.items.get().barcode)
    assert listed(desk) == ["こころ"]
    press(desk, words="978-4-10-101004-5", find="1")
    assert listed(desk) == ["こころ", "三四郎"]
    press(desk, words="三四郎", find="1")
    assert "入っています" in desk.text()
    press(desk, up="2", book_comment=["有名な本", ""])
    assert listed(desk) == ["三四郎", "こころ"]
    assert desk.page.find(autofocus=True)["aria-label"] == "「三四郎」を下へ"
    assert desk.page.find(role="status", id="told").get_text() == "「三四郎」を1番目に動かしました。"
    assert press(desk, **{"try": "1"}).status_code == 200
    preview = desk.page.find("div", class_="article-preview")
    assert preview.find("strong").get_text() == "海"
    assert "有名な本" in preview.get_text()
    assert not Feature.select().exists()
    assert press(desk, save="1", public="y").location == "/desk/features"
    desk.get("/desk/features")
    assert "「夏の本」を保存しました" in desk.text()
    desk.get("/features/summer")
    assert [row.get_text(strip=True) for row in desk.page.find_all("h2", class_="row-title")] == ["三四郎", "こころ"]
    assert Audit.get(Audit.action == "feature.written").actor == "staff:hanako"
    assert second.id == features.books(Feature.get())[0].title_id


def test_words_find_titles_to_choose_from_and_one_is_taken_out(desk):
    for name in ("猫の事典", "猫の物語"):
        factories.catalogued(name)
    desk.get(NEW)
    press(desk, words="猫", find="1")
    found = desk.page.find("ul", class_="feature-found").find_all("button")
    assert {button["aria-label"] for button in found} == {"「猫の事典」を加える", "「猫の物語」を加える"}
    press(desk, add=found[0]["value"])
    assert len(listed(desk)) == 1
    press(desk, add=found[0]["value"])
    assert "もう入っています" in desk.text()
    press(desk, out="1")
    assert listed(desk) == []
    assert "を外しました" in desk.text()
    assert press(desk, out="1").status_code == press(desk, up="5").status_code == 200
    assert press(desk, words="これはない本の名前", find="1").status_code == 422
    assert "「これはない本の名前」に合う書誌はありません" in desk.text()
    assert press(desk, add="99999").status_code == 404


def test_enter_means_the_field_that_was_filled_in_and_the_button_what_it_says(desk):
    factories.catalogued("こころ")
    desk.get(NEW)
    press(desk, title="夏の本", slug="summer", words="こころ")  # Enter in a field presses the button without a name
    assert desk.page.find(id="found")
    press(desk, words="こころ", save="1")
    assert Feature.get().slug == "summer"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "題名：入力してください"),
        ({"text": "[押す](javascript:alert(1))"}, "リンク先「javascript:alert(1」は使えません"),
        ({"slug": "夏"}, "アドレス：半角の英小文字"),
        ({"slug": "taken"}, "すでにあります"),
        ({"last": "いつか"}, "終わりの日："),
        ({"public": "y"}, "資料を加える：公開するときは"),
        ({"icon": "skull"}, "ボタンの絵："),
        ({"text": "あ" * 5_001}, "紹介文："),
    ],
)
def test_a_feature_that_can_not_be_kept_says_so_and_nothing_typed_is_lost(desk, typed, sentence):
    write([factories.title()], slug="taken")
    desk.get(NEW)
    answer = press(desk, save="1", **{"title": "題", "slug": "free", "text": "本文", "first": "2026-12-01"} | typed)
    assert answer.status_code == 422
    assert sentence in desk.text()
    kept = desk.form(NEW)
    assert (kept["first"], kept["text"]) == ("2026-12-01", typed.get("text", "本文"))
    assert Feature.select().count() == 1


def test_a_comment_that_is_too_long_is_said_beside_its_book(desk):
    feature = write([factories.title("こころ"), factories.title("三四郎")])
    address = f"/desk/features/{feature.id}"
    desk.get(address)
    assert press(desk, address, save="1", book_comment=["よい", "長" * 201]).status_code == 422
    assert desk.page.find("a", href="#comment-2")
    assert desk.page.find(id="comment-2")["value"] == "長" * 201
    assert desk.page.find(id="comment-1")["value"] == "よい"


def test_every_version_can_be_opened_and_kept_anew(desk):
    feature = write([factories.title("こころ")])
    address = f"/desk/features/{feature.id}"
    desk.get(address)
    press(desk, address, save="1", title="秋の本")
    desk.get(address)
    desk.get(desk.page.find("ul", class_="article-versions").find_all("a")[-1]["href"])
    assert desk.form(address)["title"] == "夏の本"
    press(desk, address, save="1")
    assert [row.title for row in FeatureVersion.select().order_by(FeatureVersion.id)] == ["夏の本", "秋の本", "夏の本"]
    other = write([factories.title("門")], slug="other")
    for version in (other.versions.get().id, 0, "x"):
        assert desk.get(f"{address}?version={version}").status_code == 404


def test_a_title_that_went_keeps_its_name_when_the_list_is_saved(desk):
    gone = factories.title("なくなる本")
    feature = write([factories.title("こころ"), gone])
    gone.delete_instance()
    address = f"/desk/features/{feature.id}"
    desk.get(address)
    assert "書誌がありません" in desk.text()
    press(desk, address, save="1", title="秋の本")
    assert [(book.name, book.title_id is None) for book in features.books(feature)] == [
        ("こころ", False),
        ("なくなる本", True),
    ]


def test_lists_are_ordered_by_buttons_and_deleted_after_a_question(desk):
    made = [write([factories.title(slug)], slug=slug, title=slug) for slug in ("a", "b")]
    desk.get("/desk/features")
    address = f"/desk/features/{made[1].id}/place"
    assert desk.post(address, desk.form(address) | {"way": "up"}).location == "/desk/features"
    desk.get("/desk/features")
    assert "「b」を1番目に動かしました" in desk.text()
    assert desk.post(address, {"way": "sideways"}).status_code == 422
    address = f"/desk/features/{made[0].id}/deletion"
    desk.get(address)
    assert "「a」" in desk.text()
    assert desk.post(address, desk.form(address)).location == "/desk/features"
    assert [row.slug for row in Feature.select()] == ["b"]
    assert desk.get("/features/a").status_code == 404


def test_the_page_as_a_part_and_hostile_text_as_text(desk):
    write([factories.title("<b>本</b>", author="<i>")], title="<script>alert(1)</script>", text="<img src=x>")
    assert "<html" not in desk.get("/desk/features/1", htmx=True).text
    desk.get("/desk/features/1")
    assert not desk.page.find("div", class_="article-preview").find_all(["script", "img", "b", "i"])
    desk.get("/features/summer")
    assert desk.h1() == "<script>alert(1)</script>"
    assert not desk.page.find("main").find_all(["script", "img"])


def test_the_log_of_operations_tells_which_list_was_written(app):
    write([factories.title()])
    admin = Browser(app)
    admin.be(factories.staff("admin"))
    admin.get("/desk/audit")
    assert "特集の保存" in admin.text()
    assert "対象：夏の本" in admin.text()


def test_an_editor_who_saves_a_feature_after_another_is_told_first_and_may_do_it_then(desk):
    feature = write([factories.title("こころ")])
    address = f"/desk/features/{feature.id}"
    desk.get(address)
    write([factories.title("門")], feature, title="秋の本")
    assert press(desk, address, up="9", title="冬の本").status_code == 200  # to change the order is not yet to save
    assert press(desk, address, save="1").status_code == 422
    assert "kanriが新しい版を保存しました" in desk.text()
    assert (desk.form(address)["title"], listed(desk)) == ("冬の本", ["こころ"])
    assert press(desk, address, save="1").status_code == 303
    assert [row.title for row in features.versions(feature)] == ["冬の本", "秋の本", "夏の本"]


def test_words_typed_for_a_feature_deleted_meanwhile_can_become_a_new_one(desk):
    feature = write([factories.title("こころ")])
    address = f"/desk/features/{feature.id}"
    desk.get(address)
    sent = form(desk, address, save="1", title="冬の本")
    features.delete(feature, by="staff:kanri", now=clock.now())
    assert desk.post(address, sent).status_code == 422
    assert "ほかの画面で削除されました" in desk.text()
    assert press(desk, slug="winter", save="1").status_code == 303
    assert (Feature.get().title, [book.name for book in features.books(Feature.get())]) == ("冬の本", ["こころ"])


def test_letters_that_can_not_be_seen_are_no_part_of_a_comment(desk):
    feature = write([factories.title("こころ")])
    address = f"/desk/features/{feature.id}"
    desk.get(address)
    assert press(desk, address, save="1", book_comment=["右から\u202e左"]).status_code == 422
    assert desk.page.find("a", href="#comment-1")
    assert press(desk, address, save="1", book_comment=["よ\0い"]).status_code == 303
    assert features.books(feature)[0].comment == "よい"


def test_a_full_list_can_be_sent_and_a_comment_that_is_far_too_long_stays_in_its_field(desk):
    feature = write([factories.title("長" * 100, author="名" * 20) for _ in range(features.MOST)])
    address = f"/desk/features/{feature.id}"
    desk.get(address)
    full = {"text": "あ" * features.LONGEST, "book_comment": ["紹" * features.LONGEST_COMMENT] * features.MOST}
    assert press(desk, address, save="1", **full).status_code == 303
    desk.get(address)
    long = ["紹" * 10_000] + [""] * (features.MOST - 1)
    assert press(desk, address, save="1", book_comment=long).status_code == 422
    assert desk.page.find(id="comment-1")["value"] == long[0]
