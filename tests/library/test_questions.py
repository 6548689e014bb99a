"""レファレンス: asking once, within limits; who answers; mails that say no more than they may; forgetting."""

from datetime import timedelta

import pytest

from library import errors, policy
from library.account import account_closing
from library.mail import outbox
from library.site import markup, published_answers, questions
from library.site.published_answers import Draft
from models import Audit, OutboxMail, PublishedAnswer, Question, Throttle
from tests import engines, factories
from tests.conftest import NOW

ASKED = questions.Draft("橋の名", "すずかけ橋の名の由来は？", address="asks@example.jp")
_tokens = iter(f"{number:032x}" for number in range(10**6))


def ask(draft=ASKED, *, now=NOW, client="192.0.2.1", **given):
    return questions.ask(draft, given.pop("request", None) or next(_tokens), client=client, now=now, **given)


def taken(patron=None, by="suzuki", **given):
    question = factories.question(patron, **given)
    questions.take(question, by=by, now=NOW)
    return question


def answered_question(patron=None, text="古い地図にあります。", sources="", now=NOW, **given):
    question = taken(patron, **given)
    questions.answer(question, text, sources, by="suzuki", now=now)
    return Question.get_by_id(question.id)


# -- asking ----------------------------------------------------------------------------------------------------------
def test_a_question_by_mail_is_kept_and_a_receipt_is_mailed(db):
    question = ask()
    mail = OutboxMail.get()
    assert (question.state, question.patron, question.address) == ("new", None, "asks@example.jp")
    assert (mail.kind, mail.address, mail.facts) == ("reference_receipt", "asks@example.jp", {"question": question.id})


def test_a_question_of_a_patron_needs_no_address_and_mails_no_receipt(patron):
    question = ask(ASKED._replace(address="other@example.jp"), patron=patron)
    assert (question.patron, question.address) == (patron, "")
    assert not OutboxMail.select().exists()


def test_the_same_form_sent_again_asks_nothing_twice(db):
    first = ask(request="a" * 32)
    assert ask(request="a" * 32, now=NOW + timedelta(minutes=1)).id == first.id
    assert (Question.select().count(), OutboxMail.select().count()) == (1, 1)


@pytest.mark.parametrize(
    ("draft", "field", "refusal"),
    [
        (ASKED._replace(subject=" "), "subject", errors.FieldEmpty),
        (ASKED._replace(text="\n"), "text", errors.FieldEmpty),
        (ASKED._replace(address=""), "address", errors.FieldEmpty),
        (ASKED._replace(address="asks@localhost"), "address", errors.AddressMalformed),
        (ASKED._replace(address="a@example.jp,b@example.jp"), "address", errors.AddressMalformed),
    ],
)
def test_a_missing_field_is_refused_by_name(db, draft, field, refusal):
    with pytest.raises(errors.RefusedTogether) as refused:
        ask(draft)
    assert [type(one) for one in refused.value.by_field[field]] == [refusal]
    assert not Throttle.select().exists()  # what was not taken in counts nowhere


# -- floods ----------------------------------------------------------------------------------------------------------
def ask_until_refused(asks, most=200):
    """Count the questions taken in before the first is refused."""
    for number in range(most):
        try:
            asks(number)
        except errors.AskedTooOften as refusal:
            return number, refusal
    raise AssertionError("nothing was refused")


@pytest.mark.parametrize(
    ("asks", "taken_in", "words"),
    [
        (lambda n: ask(ASKED._replace(address=f"a{n}@example.jp")), 5, "1時間"),
        (lambda n: ask(ASKED._replace(address=f"a{n}@example.jp"), client=f"2001:db8:0:1::{n:x}"), 5, "1時間"),
        (lambda n: ask(ASKED._replace(address=f"a{n}@example.jp"), client=f"2001:db8:1:{n:x}::1"), 20, "1時間"),
        (lambda n: ask(client=f"192.0.2.{n}"), 3, "1日"),
        (lambda n: ask(ASKED._replace(address=f"Asks+{n}@Example.JP"), client=f"192.0.2.{n}"), 3, "1日"),
        (
            lambda n: ask(
                ASKED._replace(address=f"{'question'[: n + 1]}.{'question'[n + 1 :]}@example.jp"), client=f"192.0.2.{n}"
            ),
            3,
            "1日",
        ),
        (lambda n: ask(ASKED._replace(address=f"a{n}@example.jp"), client=f"192.0.2.{n}"), 60, "1時間"),
    ],
)
def test_a_flood_is_refused_by_client_by_address_and_as_a_whole(db, asks, taken_in, words):
    number, refusal = ask_until_refused(asks)
    assert (number, refusal.facts["words"]) == (taken_in, words)
    assert Question.select().count() == OutboxMail.select().count() == taken_in


def test_a_refusal_counts_nothing_and_ends_with_its_time(db):
    ask_until_refused(lambda n: ask(client=f"192.0.2.{n}"))
    before = list(Throttle.select().order_by(Throttle.name).tuples())
    with pytest.raises(errors.AskedTooOften):
        ask(client="192.0.2.200")
    assert list(Throttle.select().order_by(Throttle.name).tuples()) == before
    assert "asks@example.jp" not in "".join(row[0] for row in before)
    assert ask(now=NOW + timedelta(days=1, seconds=1)).id


def test_a_flood_of_strangers_keeps_no_patron_out_and_a_patron_has_a_limit(patron):
    ask_until_refused(lambda n: ask(ASKED._replace(address=f"a{n}@example.jp"), client=f"192.0.2.{n}"))
    assert ask_until_refused(lambda n: ask(patron=patron))[0] == 10


# -- the desk --------------------------------------------------------------------------------------------------------
def test_one_looks_into_it_and_answers_once(db):
    question = taken()
    questions.save_draft(question, "まだ途中", "", by="suzuki")
    with pytest.raises(errors.QuestionNotTaken):
        questions.answer(question, "答え", "", by="sato", now=NOW)
    questions.take(question, by="sato", now=NOW)  # 引き継ぐ
    questions.answer(question, "答え", "『橋の本』", by="sato", now=NOW)
    for again in (
        lambda: questions.answer(question, "別の答え", "", by="sato", now=NOW),
        lambda: questions.take(question, by="suzuki", now=NOW),
        lambda: questions.close(question, "だめ", by="sato", now=NOW),
    ):
        with pytest.raises(errors.QuestionEnded):
            again()
    row = Question.get_by_id(question.id)
    assert (row.state, row.answer, row.sources, row.taken_by, row.ended_at) == (
        "answered",
        "答え",
        "『橋の本』",
        "sato",
        NOW,
    )
    assert OutboxMail.select().count() == 1


def test_an_answer_or_a_reason_there_must_be_and_links_that_can_be_opened(db):
    question = taken()
    for wrong, field in (
        (lambda: questions.answer(question, " ", "", by="suzuki", now=NOW), "answer"),
        (lambda: questions.answer(question, "[x](javascript:1)", "", by="suzuki", now=NOW), "answer"),
        (lambda: questions.save_draft(question, "", "[x](//evil.test)", by="suzuki"), "sources"),
        (lambda: questions.close(question, "\n", by="suzuki", now=NOW), "reason"),
    ):
        with pytest.raises(errors.RefusedTogether) as refused:
            wrong()
        assert list(refused.value.by_field) == [field]
    assert Question.get_by_id(question.id).state == "taken"


def test_the_record_of_operations_has_no_word_of_it_and_names_nobody(patron):
    question = answered_question(patron)
    entry = published_answers.prepare(question, now=NOW)
    published_answers.write(entry, Draft("件", "問", "答"), public=True, by="suzuki", today=NOW.date(), now=NOW)
    rows = list(Audit.select().order_by(Audit.id))
    assert [row.action for row in rows] == ["question.taken", "question.answered", "answer.published"]
    assert {row.patron for row in rows} == {None}
    assert [row.details for row in rows] == [{"of": "受付番号1"}, {"of": "受付番号1"}, {"of": "公開番号1"}]


# -- mails -----------------------------------------------------------------------------------------------------------
def letter_of(kind):
    return questions.letter(OutboxMail.get(OutboxMail.kind == kind), base="https://library.example.jp")


def test_the_receipt_says_nothing_of_what_was_typed(db):
    ask(ASKED._replace(subject="買ってください https://spam.test", text="宣伝", looked="宣伝", wanted="宣伝"))
    letter = letter_of("reference_receipt")
    assert (letter.name, letter.number, letter.answer, letter.sources) == ("", 1, "", [])
    assert "宣伝" not in str(letter) and "spam" not in str(letter)


def test_the_answer_goes_to_the_first_address_that_is_reached_with_its_links_written_out(patron):
    factories.address(patron, "dead@example.jp", undeliverable_at=NOW)
    factories.address(patron, "mobile@example.jp", "mobile", 2)
    answered_question(patron, "## 橋\n\n**名**は[橋の本](/titles/12)に。", "- [橋の本](https://example.jp/b)\n\n地図")
    mail, letter = OutboxMail.get(), letter_of("reference_answer")
    assert (mail.address, mail.address_kind, mail.patron) == ("mobile@example.jp", "mobile", patron)
    assert letter.answer == "■ 橋\n\n名は橋の本 <https://library.example.jp/titles/12> に。"
    assert letter.sources == ["・橋の本 <https://example.jp/b> ", "地図"]
    assert letter.is_patron and not letter.closed


def test_a_patron_who_wants_no_titles_in_mails_is_told_of_the_page_alone(patron):
    factories.address(patron)
    patron.titles_in_mail = False
    patron.save()
    answered_question(patron, "答え", "『本』")
    assert letter_of("reference_answer")[3:] == ("", [], False, True)


def test_without_an_address_nothing_is_mailed(patron):
    answered_question(patron)
    assert not OutboxMail.select().exists()


def test_a_closed_question_tells_why(db):
    question = taken()
    questions.close(question, "個人についてのお尋ねのため。", by="suzuki", now=NOW)
    letter = letter_of("reference_answer")
    assert letter.closed and letter.answer == "個人についてのお尋ねのため。"


def test_a_mail_about_a_question_that_is_gone_is_not_sent(db):
    ask()
    Question.delete().execute()
    assert letter_of("reference_receipt") is None


# -- forgetting ------------------------------------------------------------------------------------------------------
def test_a_question_is_forgotten_when_its_time_is_over_with_its_mails_and_what_is_published_stays(patron):
    policy.put("reference_days", 30)
    factories.address(patron)
    old = NOW - timedelta(days=31)
    published, unpublished = answered_question(patron, now=old), answered_question(None, now=old)
    entry = published_answers.prepare(published, now=NOW)
    published_answers.write(entry, Draft("件", "問", "答"), public=True, by="suzuki", today=NOW.date(), now=NOW)
    published_answers.prepare(unpublished, now=NOW)  # nobody has seen it
    fresh, waiting = (
        answered_question(now=NOW - timedelta(days=29)),
        factories.question(asked_at=NOW - timedelta(days=99)),
    )
    assert questions.erase_old(now=NOW) == {"questions": 2}
    assert {row.id for row in Question.select()} == {fresh.id, waiting.id}
    assert [(row.id, row.question_id, row.public) for row in PublishedAnswer.select()] == [(entry.id, None, True)]
    assert {mail.facts["question"] for mail in OutboxMail.select()} == {fresh.id}
    assert questions.erase_old(now=NOW) == {"questions": 0}


def test_an_answer_withdrawn_after_its_question_was_forgotten_goes_too(db):
    entry = published_answers.prepare(answered_question(), now=NOW)
    said = Draft("件", "問", "答")
    published_answers.write(entry, said, public=True, by="suzuki", today=NOW.date(), now=NOW)
    questions.erase_old(now=NOW + timedelta(days=91))
    published_answers.write(entry, said, public=False, by="suzuki", today=NOW.date(), now=NOW)
    questions.erase_old(now=NOW + timedelta(days=92))
    assert not PublishedAnswer.select().exists()


def test_with_the_card_go_the_questions_and_their_mails(patron):
    factories.address(patron)
    other = factories.question(factories.patron())
    entry = published_answers.prepare(answered_question(patron), now=NOW)
    published_answers.write(entry, Draft("件", "問", "答"), public=True, by="suzuki", today=NOW.date(), now=NOW)
    taken(patron)
    account_closing.close(patron, by="staff:suzuki", now=NOW)
    assert [row.id for row in Question.select()] == [other.id]
    assert not OutboxMail.select().where(OutboxMail.kind == "reference_answer").exists()
    assert PublishedAnswer.get().question_id is None


# -- what everybody may read -----------------------------------------------------------------------------------------
def publish(subject="件名", text="質問", answer="回答", sources=""):
    said = Draft(subject, text, answer, sources)
    values = said._asdict() | {"folded": published_answers.folded(said), "public": True, "published_on": NOW.date()}
    return PublishedAnswer.create(**values, changed_at=NOW)


def found(words):
    return [row.subject for row in published_answers.find(words)]


def test_nothing_is_published_without_consent(db):
    with pytest.raises(errors.AnswerWithoutConsent):
        published_answers.prepare(answered_question(consent=False), now=NOW)
    with pytest.raises(errors.QuestionNotAnswered):
        published_answers.prepare(taken(), now=NOW)
    agreed = answered_question()
    entry = published_answers.prepare(agreed, now=NOW)
    assert not entry.public and published_answers.prepare(agreed, now=NOW).id == entry.id
    questions.set_consent(agreed, False, now=NOW)
    said = Draft("件", "問", "答")
    with pytest.raises(errors.AnswerWithoutConsent):
        published_answers.write(entry, said, public=True, by="suzuki", today=NOW.date(), now=NOW)
    published_answers.write(entry, said, public=False, by="suzuki", today=NOW.date(), now=NOW)
    questions.set_consent(agreed, True, now=NOW)
    published_answers.write(entry, said, public=True, by="suzuki", today=NOW.date(), now=NOW)
    questions.set_consent(agreed, False, now=NOW)
    assert not published_answers.public().exists()


def test_words_are_found_in_any_spelling_and_addresses_of_links_are_no_words(db):
    publish("髙橋さんの橋", "ＩＳＢＮとは", "**データ**は[サーバー](/titles/12)に", "『岡﨑の橋』 100%")
    publish("ほかの件")
    for words in ("高橋", "isbn", "ISBN とは", "でーた", "さーば", "岡崎の橋", "髙橋　データ"):
        assert found(words) == ["髙橋さんの橋"], words
    for words in ("titles", "高橋 ない", "ない"):
        assert found(words) == [], words
    assert found("") == ["ほかの件", "髙橋さんの橋"]


def test_of_thousands_a_page_is_read_in_the_order_of_an_index(db):
    sql, parameters = published_answers.public().paginate(200, 20).sql()
    assert engines.reads(sql, parameters) == [("index", "published_answer_public_published_on")]


def test_the_newest_is_first_and_what_is_not_public_is_not_there(db):
    publish("古い"), publish("新しい")
    PublishedAnswer.update(published_on=NOW.date() - timedelta(days=1)).where(
        PublishedAnswer.subject == "古い"
    ).execute()
    publish("下書き")
    PublishedAnswer.update(public=False).where(PublishedAnswer.subject == "下書き").execute()
    assert found("") == ["新しい", "古い"]


def test_every_kind_of_mail_is_named():
    assert {questions.RECEIPT, questions.ANSWER} <= set(outbox.KINDS)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("- あ\n- い", "・あ\n・い"),
        ("# 題\n本文", "■ 題\n本文"),
        ("[あ](</a>) と [い](mailto:x@example.jp)", "あ <https://l.example.jp/a>  と い <mailto:x@example.jp> "),
        ("[閉じない](/a", "閉じない <https://l.example.jp/a> "),
        ("[](/a)と**太**と5*3*2", " <https://l.example.jp/a> と太と5*3*2"),
    ],
)
def test_marks_are_taken_off_for_mails(text, plain):
    assert markup.plain(text, "https://l.example.jp") == plain
