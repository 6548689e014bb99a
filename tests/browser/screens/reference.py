"""レファレンス: the archive, the three steps, a patron's questions, the desk."""

from datetime import timedelta

from playwright.sync_api import expect

from library import clock
from library.demonstration import desk
from library.site import questions
from models import PublishedAnswer, Throttle
from tests import factories
from tests.browser.screens.desk import sit_down
from tests.browser.screens.registry import ALL, is_refused, new_patron, screen

LONG = "寿限無寿限無五劫の擦り切れDonaudampfschifffahrtsgesellschaft" * 5
PUBLIC = ("/reference", "/reference?word=ISBN", "/reference?word=これはない", "/reference/1", "/reference/ask")

ALL |= {f"reference, {path}": lambda visitor, library, path=path: visitor.go(path) for path in PUBLIC}


def _fill(visitor, subject="石橋の数", address="asks@gmial.com"):
    visitor.go("/reference/ask")
    visitor.field("件名").fill(subject[:100])
    visitor.field("質問").fill(f"{subject}\n{subject}")
    visitor.field("メールアドレス").fill(address)
    visitor.press("確認へ進む")


@screen("reference, refused")
def _(visitor, library):
    visitor.go("/reference/ask")
    visitor.press("確認へ進む")
    is_refused(visitor)


@screen("reference, confirm")
def _(visitor, library):
    _fill(visitor, LONG)
    expect(visitor.h1).to_have_text("レファレンスの質問の確認")


@screen("reference, too often")
def _(visitor, library):
    _fill(visitor)
    expect(visitor.h1).to_have_text("レファレンスの質問の確認")
    with library.rows():
        later = clock.now() + timedelta(hours=1)
        Throttle.create(name="question:", failures=10**6, since=clock.now(), allowed_at=later)
    visitor.press("質問を送る")
    is_refused(visitor)


@screen("reference, done")
def _(visitor, library):
    _fill(visitor, address="asks@example.jp")
    visitor.press("質問を送る")
    expect(visitor.h1).to_have_text("レファレンスの質問の結果")


def _asked(library, state="new", patron=None):
    """A question with long words, as far as it is to be."""
    with library.rows():
        patron = patron or factories.patron()
        given = {"subject": LONG[:100], "text": LONG, "looked": LONG, "wanted": LONG[:90]}
        question = factories.question(patron, **given)
        if state != "new":
            questions.take(question, by="madoguchi", now=clock.now())
        if state == "answered":
            said = f"## 見出し\n\n{LONG}\n\n- **強調**"
            questions.answer(question, said, f"{LONG}\n[本](/titles/1)", by="madoguchi", now=clock.now())
    return question


@screen("reference, a patron without questions")
def _(visitor, library):
    visitor.be(new_patron(library).card_number, "/my/questions")


@screen("reference, a patron asks")
def _(visitor, library):
    visitor.be(new_patron(library).card_number, "/reference/ask")


@screen("reference, a patron's questions")
def _(visitor, library):
    patron = new_patron(library)
    for state in ("new", "taken", "answered"):
        _asked(library, state, patron)
    visitor.be(patron.card_number, "/my/questions")


@screen("reference, a patron's answer")
def _(visitor, library):
    patron = new_patron(library)
    question = _asked(library, "answered", patron)
    visitor.be(patron.card_number, f"/my/questions/{question.id}")
    visitor.press("公開への同意を取り消す")
    visitor.main.get_by_text("公開への同意を取り消しました").wait_for()


def _at_desk(visitor, path):
    sit_down(visitor)
    visitor.go(f"/desk/{path}")


for name in ("new", "closed", "public"):
    screen(f"desk, questions, {name}")(lambda visitor, library, name=name: _at_desk(visitor, f"questions?list={name}"))


@screen("desk, a new question")
def _(visitor, library):
    _at_desk(visitor, f"questions/{_asked(library).id}")


@screen("desk, an answer tried")
def _(visitor, library):
    _at_desk(visitor, f"questions/{_asked(library, 'taken').id}")
    visitor.field("回答").fill(LONG)
    visitor.press("プレビュー")
    visitor.main.get_by_role("heading", name="プレビュー").wait_for()


@screen("desk, no reason given")
def _(visitor, library):
    _at_desk(visitor, f"questions/{_asked(library, 'taken').id}")
    visitor.main.get_by_text("回答せずに終える").click()
    visitor.press("理由を送って終える")
    is_refused(visitor)


@screen("desk, an answered question")
def _(visitor, library):
    _at_desk(visitor, f"questions/{_asked(library, 'answered').id}")


@screen("desk, an answer to be published")
def _(visitor, library):
    with library.rows():
        entry = PublishedAnswer.create(subject=LONG[:100], text=LONG, answer=LONG, changed_at=clock.now())
    _at_desk(visitor, f"answers/{entry.id}")
    visitor.field("件名").fill("")
    visitor.press("公開する")
    is_refused(visitor)


@screen("desk, the day begins")
def _(visitor, library):
    _asked(library)
    visitor.go("/desk/login")
    visitor.field("ログインID").fill("madoguchi")
    visitor.field("パスワード").fill(desk.PASSWORD)
    visitor.press("ログイン")
    visitor.main.get_by_role("link", name="レファレンスの質問").first.wait_for()


@screen("desk, consent taken back")
def _(visitor, library):
    question = _asked(library, "answered")
    with library.rows():
        questions.set_consent(question, True, now=clock.now())
    _at_desk(visitor, f"questions/{question.id}")
    visitor.main.get_by_text("公開への同意の取り消しを受ける").click()
    visitor.main.get_by_role("button", name="同意を取り消す").wait_for()
