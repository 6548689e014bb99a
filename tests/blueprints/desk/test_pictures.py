"""写真 at the desk."""

import io

import pytest

from models import Picture
from tests import factories
from tests.library.test_features import write
from tests.library.test_photographs import REFUSED, picture
from tests.pages import Browser

OUTSIDE = "/desk/pictures/outside"


@pytest.fixture
def desk(sit_down):
    return sit_down("/desk/pictures", "admin", login="kanri")


def send(desk, content, alt="正面の入口", address=OUTSIDE):
    desk.get(address)
    sent = {"alt": alt} | ({} if content is None else {"file": (io.BytesIO(content), "../../evil.php")})
    answer = desk.post(address, sent, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a file that the test's browser leaves open
    return answer


def test_a_photograph_takes_the_place_of_the_drawing_and_gives_it_back(desk):
    assert send(desk, picture()).location == "/desk/pictures"
    desk.get("/desk/pictures")
    assert "図書館外観の写真を保存しました" in desk.text()
    assert desk.page.find("img", alt="正面の入口")
    assert send(desk, None, "冬の入口").location == "/desk/pictures"
    desk.get("/")
    assert desk.page.find("img")["alt"] == "冬の入口"
    desk.get(OUTSIDE)
    address = f"{OUTSIDE}/removal"
    assert desk.post(address, desk.form(address)).location == "/desk/pictures"
    desk.get("/")
    assert not desk.page.find("img")


@pytest.mark.parametrize("content", [each for each, _ in REFUSED.values()], ids=REFUSED.keys())
def test_a_file_that_is_no_good_photograph_is_refused_with_a_sentence_and_the_words_stay(desk, content):
    assert send(desk, content, "夕方の入口").status_code == 422
    assert desk.page.find(id="error-summary").find("a", href="#file")
    assert desk.form(OUTSIDE)["alt"] == "夕方の入口"
    assert not Picture.select().exists()


@pytest.mark.parametrize("alt", ["", "  ", "長" * 201])
def test_words_for_it_are_demanded(desk, alt):
    assert send(desk, picture(), alt).status_code == 422
    assert desk.page.find(id="error-summary").find("a", href="#alt")
    assert not Picture.select().exists()


def test_more_than_is_taken_is_refused_before_it_is_read(desk):
    assert send(desk, bytes(8 * 1024**2)).status_code == 413


def test_a_list_has_one_of_its_own(desk):
    feature = write([factories.title()])
    address = f"/desk/pictures/feature-{feature.id}"
    assert send(desk, picture(), address=address).location == "/desk/features"
    desk.get("/features/summer")
    assert desk.page.find("main").find("img")["alt"] == "正面の入口"
    desk.get(f"/desk/features/{feature.id}")
    assert desk.page.find("a", href=address)


@pytest.mark.parametrize("ref", ["nowhere", "feature-", "feature-x", "feature-9", "feature-99999999999999999999"])
def test_there_is_no_other_place(desk, ref):
    assert desk.get(f"/desk/pictures/{ref}").status_code == 404


def test_the_desk_is_told_that_it_is_for_the_administration(app):
    browser = Browser(app)
    browser.be(factories.staff("desk"))
    for address in ("/desk/pictures", OUTSIDE):
        assert browser.get(address).status_code == 403
