"""レファレンス at the desk."""

import pytest

from library import clock
from library.site import published_answers, questions
from models import Audit, OutboxMail, PublishedAnswer, Question
from tests import factories
from tests.pages import Browser


@pytest.fixture
def desk(sit_down):
    return sit_down("/desk/questions", "desk", login="suzuki")


def press(desk, action, **said):
    """Send the form of the open page that leads to an action."""
    return desk.post(action, desk.form(action) | said)


def test_from_a_question_to_an_answer_that_everybody_reads(desk, patron):
    factories.address(patron, "hanako@example.jp")
    factories.question(patron, subject="橋の名", text="私の祖父 図書太郎の橋", looked="市史", wanted="年内に")
    desk.get("/desk/questions")
    assert "新しい質問 1件" in desk.text()
    desk.get(desk.page.find("main").find("a", string="橋の名")["href"])
    for said in ("私の祖父", "市史", "年内に", "図書 花子", "h…@", "同意あり"):
        assert said in desk.text().replace(" @", "@"), said
    assert desk.page.find("textarea") is None
    assert press(desk, "/desk/questions/1/taking").location == "/desk/questions/1"
    desk.get("/desk/questions/1")
    assert "調べることにしました" in desk.text()
    form = {"reply": "**石橋**です。", "sources": "[橋の本](/titles/1)"}
    assert press(desk, "/desk/questions/1/answer", **form, do="try").status_code == 200
    assert desk.page.select_one(".article-preview strong").get_text() == "石橋"
    assert press(desk, "/desk/questions/1/answer", do="keep").status_code == 303
    desk.get("/desk/questions/1")
    assert desk.form("/desk/questions/1/answer")["reply"] == "**石橋**です。" and not OutboxMail.select().exists()
    assert press(desk, "/desk/questions/1/answer", do="send").status_code == 303
    assert OutboxMail.get().address == "hanako@example.jp"
    desk.get("/desk/questions/1")
    assert press(desk, "/desk/questions/1/publication").location == "/desk/answers/1"
    desk.get("/desk/answers/1")
    assert desk.get("/reference/1").status_code == 404
    desk.get("/desk/answers/1")
    assert press(desk, "/desk/answers/1", text="橋の名の由来", do="try").status_code == 200
    assert PublishedAnswer.get().text == "私の祖父 図書太郎の橋"
    assert press(desk, "/desk/answers/1", do="publish").location == "/desk/answers/1"
    desk.get("/reference/1")
    assert "橋の名の由来" in desk.text() and "祖父" not in desk.text()
    desk.get("/desk/questions?list=public")
    assert "公開" in desk.page.find("tbody").get_text()
    desk.get("/desk/answers/1")
    press(desk, "/desk/answers/1", do="keep")
    assert desk.get("/reference/1").status_code == 404
    assert [row.action for row in Audit.select().order_by(Audit.id)] == [
        "question.taken", "question.answered", "answer.published", "answer.withdrawn",
    ]  # fmt: skip


def test_new_questions_are_work_of_today_until_somebody_takes_them(desk):
    factories.branch()
    for state in ("new", "new", "taken"):
        factories.question(state=state)
    work = desk.get("/desk/").page.select_one(".work a[href='/desk/questions']")
    assert " ".join(work.get_text(" ").split()).startswith("2 件 レファレンスの質問 一番古いのは")
    Question.update(state="taken").execute()
    assert not desk.get("/desk/").page.select(".work")


def test_a_patron_who_asked_by_mail_takes_the_consent_back_at_the_desk(desk, db):
    question = factories.question(consent=True, state="answered", answer="答え", ended_at=clock.now())
    draft = published_answers.Draft("件", "問", "答")
    entry = published_answers.prepare(question, now=clock.now())
    published_answers.write(entry, draft, public=True, by="suzuki", today=clock.today(), now=clock.now())
    desk.get("/desk/questions/1")
    assert press(desk, "/desk/questions/1/consent").location == "/desk/questions/1"
    desk.get("/desk/questions/1")
    assert "取り消しを受け付けました" in desk.text() and "同意なし" in desk.text()
    assert desk.page.find("form", action="/desk/questions/1/consent") is None
    assert not Question.get().consent and not PublishedAnswer.get().public
    record = Audit.select().where(Audit.action == "question.consent").get()
    assert (record.actor, "受付番号1" in str(record.details)) == ("staff:suzuki", True)
    desk.get("/desk/answers/1")
    assert desk.post("/desk/answers/1", desk.form("/desk/answers/1") | {"do": "publish"}).status_code == 409


def test_one_without_consent_can_not_be_published(desk, db):
    factories.question(consent=False, state="answered", answer="答え", ended_at=clock.now())
    desk.get("/desk/questions/1")
    assert "同意がないため" in desk.text() and desk.page.find("form", action="/desk/questions/1/publication") is None
    assert desk.post("/desk/questions/1/publication").status_code == 409
    assert "公開への同意がありません" in desk.text()


def test_a_question_of_another_clerk_is_taken_over_first(desk, db):
    questions.take(factories.question(), by="sato", now=clock.now())
    desk.get("/desk/questions/1")
    assert "sato が調べています" in desk.text()
    answer = desk.post("/desk/questions/1/answer", {"reply": "私の答え", "sources": "", "do": "send"})
    assert answer.status_code == 409 and Question.get().state == "taken"
    press(desk, "/desk/questions/1/taking")
    desk.get("/desk/questions/1")
    form = desk.form("/desk/questions/1/answer") | {"reply": "答え"}
    questions.take(Question.get(), by="sato", now=clock.now())
    assert desk.post("/desk/questions/1/answer", form | {"do": "keep"}).status_code == 409
    assert "ほかの人が調べています" in desk.text()


def test_it_is_ended_without_an_answer_and_with_a_reason(desk, db):
    questions.take(factories.question(), by="suzuki", now=clock.now())
    desk.get("/desk/questions/1")
    assert press(desk, "/desk/questions/1/closing").status_code == 422
    assert [link["href"] for link in desk.page.select("#error-summary a")] == ["#reason"]
    assert desk.page.find(id="reason").find_parent("details").has_attr("open")
    assert press(desk, "/desk/questions/1/closing", reason="個人のことのため。").status_code == 303
    desk.get("/desk/questions?list=closed")
    assert "橋の名の由来" in desk.text()
    desk.get("/desk/questions/1")
    assert "個人のことのため。" in desk.text()
    assert desk.post("/desk/questions/1/taking").status_code == 409


@pytest.mark.parametrize(
    ("address", "said", "anchor"),
    [
        ("/desk/questions/1/answer", {"reply": "", "sources": "", "do": "send"}, "#reply"),
        ("/desk/questions/1/answer", {"reply": "長" * 8001, "sources": "", "do": "send"}, "#reply"),
        ("/desk/questions/1/answer", {"reply": "あ", "sources": "[x](data:1)", "do": "keep"}, "#sources"),
        ("/desk/questions/1/answer", {"reply": "あ\x00", "sources": "", "do": "try"}, "#reply"),
        ("/desk/answers/1", {"subject": "", "text": "問", "reply": "答", "sources": "", "do": "publish"}, "#subject"),
        ("/desk/answers/1", {"subject": "件", "text": "問", "reply": "", "sources": "", "do": "keep"}, "#reply"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_typed_words_stay(desk, db, address, said, anchor):
    questions.take(factories.question(), by="suzuki", now=clock.now())
    PublishedAnswer.create(subject="件", text="問", answer="答", changed_at=clock.now())
    desk.get(address.removesuffix("/answer"))
    assert desk.post(address, said).status_code == 422
    assert [link["href"] for link in desk.page.select("#error-summary a")] == [anchor]
    assert desk.form(address)["reply"] == said["reply"].replace("\x00", "")
    assert Question.get().state == "taken" and not PublishedAnswer.get().public


def test_the_lists_are_told_apart_and_cut_into_pages(desk, db):
    for number in range(31):
        factories.question(subject=f"質問{number}")
    desk.get("/desk/questions?list=none")
    assert len(desk.page.select("tbody tr")) == 30
    desk.get(desk.page.find("a", rel="next")["href"])
    assert "質問30" in desk.page.find("tbody").get_text()
    for name in ("taken", "answered", "closed", "public"):
        desk.get(f"/desk/questions?list={name}")
        assert "ありません" in desk.text()


def test_published_answers_are_found_by_words_a_page_at_a_time(desk, db):
    for number in range(32):
        draft = published_answers.Draft(f"髙橋の橋{number}", "問", "答")
        values = draft._asdict() | {"folded": published_answers.folded(draft), "public": number == 0}
        PublishedAnswer.create(**values, published_on=clock.today(), changed_at=clock.now())
    desk.get("/desk/questions?list=public&word=高橋")
    assert len(desk.page.select("tbody tr")) == 30 and desk.page.find(id="word")["value"] == "高橋"
    desk.get(desk.page.find("a", rel="next")["href"])
    assert "髙橋の橋0 2026年" in desk.page.find("tbody").get_text(" ", strip=True)
    desk.get("/desk/questions?list=public&word=橋31")
    assert [row.get_text() for row in desk.page.select("tbody a")] == ["髙橋の橋31"]
    desk.get("/desk/questions?list=public&word=ない&page=9")
    assert "ありません" in desk.text()


def test_days_are_set_among_the_rules(app, db):
    browser = Browser(app)
    browser.be(factories.staff("admin"))
    browser.get("/desk/policies/notices")
    form = browser.form("/desk/policies/notices")
    assert form["reference_days"] == "90"
    assert browser.post("/desk/policies/notices", form | {"reference_days": "0"}).status_code == 422
    assert browser.post("/desk/policies/notices", form | {"reference_days": "３０"}).status_code == 303
    browser.get("/desk/policies")
    browser.get("/my/questions")
    assert questions.erased_at(clock.now()) > clock.now()


def enter(desk, **said):
    desk.get("/desk/questions/new")
    return press(desk, "/desk/questions/new", subject="橋の名", text="市役所の前の橋の名", **said)


def test_a_question_by_telephone_is_entered_and_answered_without_a_mail(desk, db):
    desk.get(enter(desk).location)
    assert "質問を受け付けました。" in desk.text() and "窓口か電話" in desk.text()
    press(desk, "/desk/questions/1/taking")
    desk.get("/desk/questions/1")
    assert "回答を記録する" in desk.text() and not any(
        words in desk.text() for words in ("回答を送る", "届きます", "理由を送って")
    )
    press(desk, "/desk/questions/1/answer", reply="石橋です。", do="send")
    assert Question.get().state == "answered" and not OutboxMail.select().exists()
    row = Audit.get(Audit.action == "question.entered")
    assert (row.actor, row.patron, row.details) == ("staff:suzuki", None, {"of": "受付番号1"})


def test_a_question_entered_with_a_card_is_that_patron_s(desk, patron):
    enter(desk, card=patron.card_number)
    assert Question.get().patron == patron


@pytest.mark.parametrize(
    ("said", "why"),
    [({"card": "0000009999999"}, "利用者はいません"), ({"address": "nobody"}, "アドレス"), ({"text": ""}, "入力して")],
)
def test_a_wrong_field_of_a_question_is_told_and_nothing_is_lost(desk, db, said, why):
    desk.get("/desk/questions/new")
    answer = press(desk, "/desk/questions/new", **{"subject": "橋の名", "text": "橋"} | said)
    assert answer.status_code == 422 and why in desk.page.find(id="error-summary").get_text()
    assert desk.form("/desk/questions/new")["subject"] == "橋の名" and not Question.select().exists()


def test_a_form_that_is_sent_twice_asks_once(desk, db):
    desk.get("/desk/questions/new")
    form = desk.form("/desk/questions/new") | {"subject": "橋の名", "text": "橋"}
    for _ in range(2):
        assert desk.post("/desk/questions/new", form).location == "/desk/questions/1"
