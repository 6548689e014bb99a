"""The letters of mails and the texts of pushes in each language: whole, without a word of another, and to the right
reader.
"""

import re
from datetime import date, timedelta

import pytest
from jinja2 import Environment, meta

from library import clock
from library.language import languages, lint, registry
from library.lending import notices
from library.lending.holds import hold_mails
from library.mail import delivery, examples, mail_files, outbox, own_texts
from library.store import database
from models import OutboxMail, Setting, Translation
from sending import columns, mail_templates, mail_texts, mailer, push_texts
from tests import factories, queries

TODAY = date(2026, 11, 25)
EIGHT = clock.at(TODAY, 8)
KINDS = [kind for kind in outbox.KINDS if kind != outbox.TO_ADMIN]
PUSHES = list(push_texts.KINDS)
OTHERS = [languages.EASY, languages.ENGLISH]
JAPANESE = re.compile("[぀-ヿ㐀-鿿]")
BUTTONS = {"開く", "心当たりがありません"}
LIBRARY = "すずかけ市立図書館"


@pytest.fixture
def settings(settings):
    """The same, of a library with a name and an address."""
    return settings | {
        "LIBRARY_NAME": LIBRARY, "PUBLIC_URL": "https://library.example.jp", "MAIL_SENDER": "library@example.jp",
    }  # fmt: skip


@pytest.fixture
def added(settings, tmp_path):
    """A library that offers Korean: its folder of letters, none written yet."""
    known = registry.offered(settings["INSTANCE"])
    korean = languages.Language("ko", known["en", False]._catalogue, name="한국어", otherwise=known["en", False])
    known["ko", False] = korean
    folder = tmp_path / "translations" / "ko" / "mail"
    folder.mkdir(parents=True)
    return folder


def due(*days, address="abc@example.jp", kind="pc", **given):
    """A queued due notice about loans with so many days left."""
    patron = factories.patron(**given)
    factories.address(patron, address, kind)
    factories.preference(patron, to_pc=True, to_mobile=True, active=True, days_before=7)
    for left in days:
        factories.loan(patron, TODAY + timedelta(days=left), title=factories.title("吾輩は猫である", volume="上"))
    notices.queue_due(now=EIGHT)
    return OutboxMail.get(OutboxMail.address == address)


def put(kind, patron=None, **facts):
    with database.writing():
        return outbox.put(kind, kind, address="abc@example.jp", now=EIGHT, patron=patron, facts=facts)


def letter(settings, row):
    return mail_texts.Texts(settings).letter(row, now=EIGHT)


def spoken(settings, code, text):
    return str(registry.offered(settings["INSTANCE"])[code, False].say(text))


def every_text(fact):
    """All texts in a fact of any shape, the longest first."""
    if isinstance(fact, dict):
        fact = list(fact.values())
    if isinstance(fact, list):
        return sorted((text for each in fact for text in every_text(each)), key=len, reverse=True)
    return [fact] if isinstance(fact, str) and fact else []


def written(name, code):
    return mail_templates.FOLDER / ("" if code == languages.JAPANESE else code) / f"{name}.txt"


def facts_used(name, code):
    """The names of facts, also of parts of facts, that a text uses."""
    source = written(name, code).read_text(encoding="utf-8")
    code_of_text = " ".join(re.findall(r"{[{%](.+?)[%}]}", source))
    environment = Environment()
    environment.filters["cut"] = columns.cut
    return meta.find_undeclared_variables(environment.parse(source)) | set(re.findall(r"\w+\.(\w+)", code_of_text))


# -- each is whole -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", ["_foot", *KINDS, *(f"push/{kind}" for kind in PUSHES)])
def test_each_language_tells_all_that_the_japanese_letter_tells(name, code):
    assert facts_used(name, languages.JAPANESE) - facts_used(name, code) <= {"due_with_year"}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_is_made_of_every_example_within_its_columns_and_shorter_for_a_phone(settings, kind, code):
    language = registry.offered(settings["INSTANCE"])[code, False]
    template = mail_templates.Templates(settings).shipped(kind, code)
    made = [mail_templates.render(template, facts) for facts in examples.facts_for(kind, language)]
    for _, text in made:
        assert [line for line in text.splitlines() if "://" not in line and columns.width(line) > 76] == []
    for (_, long), (_, short) in zip(made[::2], made[1::2], strict=True):
        assert len(short) < len(long) and "図書 花子" not in short


@pytest.mark.parametrize("kind", KINDS)
def test_an_english_letter_has_no_japanese_but_titles_and_names(settings, kind):
    english = registry.offered(settings["INSTANCE"])[languages.ENGLISH, False]
    template = mail_templates.Templates(settings).shipped(kind, languages.ENGLISH)
    for facts in examples.facts_for(kind, english):
        text = "\n".join(mail_templates.render(template, facts)).replace("\n", " ")
        for fact in (*every_text(facts), LIBRARY):
            text = text.replace(fact, "")
        assert not JAPANESE.search(text)


@pytest.mark.parametrize("name", ["_foot", *KINDS, *(f"push/{kind}" for kind in PUSHES)])
def test_an_easy_letter_keeps_the_rules_of_easy_japanese(name):
    """Kanji have no readings in a mail, and what stands in a line of its own without a full stop is a label."""
    source = re.sub(r"{%.+?%}", "", written(name, languages.EASY).read_text(encoding="utf-8"))
    quoted = [text for inside in re.findall(r"{{(.+?)}}", source) for text in re.findall(r'"(.+?)"', inside)]
    lines = [*re.sub(r"{{.+?}}", "{fact}", source).splitlines(), *quoted]
    faults = [fault for line in lines for fault in lint.faults(line) if "。" in line or fault.rule != "ending"]
    assert [str(fault) for fault in faults if fault.rule != "kanji without a reading"] == []


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_the_name_that_the_screen_gives_it(settings, kind, code):
    """Names of buttons are left out: a page that a link opens has one."""
    pages = set(re.findall("「(.+?)」", written(kind, languages.JAPANESE).read_text(encoding="utf-8"))) - BUTTONS
    text = written(kind, code).read_text(encoding="utf-8")
    assert [name for page in pages if (name := spoken(settings, code, page)) != page and name not in text] == []


# -- to the right reader -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("chosen", "screen", "code"),
    [
        ("", "", "ja"),
        ("", "en", "en"),
        ("ja", "en", "ja"),
        ("ja-simple", "", "ja-simple"),
        ("xx", "en", "en"),
        ("xx", "", "ja"),
    ],
)
def test_a_mail_is_in_the_language_of_notices_else_in_that_of_the_screen(settings, chosen, screen, code):
    made = letter(settings, put("test", factories.patron(notice_language=chosen, language=screen)))
    assert (made.language, made.headers["Content-Language"]) == (code, code)
    subjects = {"ja": "テストメール", "ja-simple": "テストのメール", "en": "Test email"}
    assert made.subject.startswith(subjects[code])


def test_the_administrator_and_a_reader_without_a_card_are_written_to_in_japanese(settings):
    assert letter(settings, put("test")).language == "ja"
    assert letter(settings, put("admin", text="用件")).language == "ja"


def test_the_language_is_that_of_the_moment_of_sending(settings, patron):
    row = put("test", patron)
    patron.notice_language = "en"
    patron.save()
    assert letter(settings, OutboxMail.get_by_id(row.id)).language == "en"


def test_a_claimed_mail_brings_its_readers_language(settings, patron):
    put("test", patron), put("admin")
    rows = delivery._claim(outbox.MAIL, EIGHT)
    with queries.noted() as asked:
        assert [row.patron and row.patron.name for row in rows] == ["図書 花子", None]
    assert not asked.asked


def test_an_english_due_notice(settings):
    branch = factories.branch("本館", closed_weekdays="0")
    Translation.create(language="en", kind="branch", key=branch.name, text="Main Library")
    text = letter(settings, due(0, 1, notice_language="en")).text
    stop = re.search(r"https://\S+/mail/stop/\S+", text)[0]
    today, tomorrow = (spoken(settings, "en", word) for word in ("今日まで", "明日まで"))
    assert text.startswith(
        f"""\
Dear 図書 花子,

2 items that you have on loan are due soon.

Due: Wed 25 November 2026 ({today})
Borrowed at: Main Library
Items: 1
- 吾輩は猫である 上

Due: Thu 26 November 2026 ({tomorrow})
Borrowed at: Main Library
Items: 1
- 吾輩は猫である 上

Closed days
  Main Library: Mon 30 November

To keep your loans longer, renew them by the due date under "Items on loan".
https://library.example.jp/my/loans

If you have returned everything already, ignore this email.

To stop these due date reminders, open this page:
{stop}

--
{LIBRARY}
https://library.example.jp/
We can't receive replies to this email.
"""
    )


def test_an_english_due_notice_for_a_phone(settings):
    made = letter(settings, due(1, kind="mobile", notice_language="en"))
    assert made.subject == f"Due date reminder ({LIBRARY})"
    lines = made.text.splitlines()
    tomorrow = spoken(settings, "en", "明日まで")
    assert lines[:5] == [
        "You have 1 item due soon.", "", f"Due: Thu 26 November ({tomorrow})", "本館: 1 item", "- 吾輩は猫である 上",
    ]  # fmt: skip


def test_an_easy_due_notice(settings):
    made = letter(settings, due(1, notice_language="ja-simple"))
    assert made.subject == f"返す日のお知らせ（{LIBRARY}）"
    assert made.text.startswith("図書 花子さん\n\n借りている本1さつは、もうすぐ返す日です。\n")
    assert "■ 返す日：2026年11月26日（木曜日） " in made.text


@pytest.mark.parametrize("code", OTHERS)
def test_a_mail_in_any_language_can_be_stopped_and_its_link_is_not_kept(settings, code):
    row = due(1, notice_language=code)
    made = letter(settings, row)
    stop = f"https://library.example.jp/mail/stop/{notices.stop_token(row.patron_id, 'due', settings['SECRET_KEY'])}"
    assert f"\n{stop}\n" in made.text
    assert made.headers["List-Unsubscribe"] == f"<{stop}>" and "List-Unsubscribe-Post" in made.headers
    assert stop not in made.stored_text and spoken(settings, code, mail_texts.NOT_STORED) in made.stored_text


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("en", "Open this page within an hour and choose one.\nhttps://library.example.jp/login/reset/abc\n"),
        ("ja-simple", "新しいパスワードを決めてください。\nhttps://library.example.jp/login/reset/abc\n"),
    ],
)
def test_a_patron_who_forgot_the_password_is_written_to_in_their_language(settings, code, sentence):
    assert sentence in letter(settings, put("reset", factories.patron(language=code), token="abc")).text


def test_a_reason_and_a_field_are_said_in_the_language_of_the_letter(settings):
    patron = factories.patron(notice_language="en")
    text = letter(settings, put("security", patron, what="password", fields=["password"])).text
    assert "Your password was changed on Wed 25 November 2026, 8:00." in text
    assert f"- {spoken(settings, 'en', 'パスワード')}\n" in text


def test_a_mail_is_kept_with_its_language(settings, patron):
    patron.notice_language = "en"
    patron.save()
    put("test", patron)
    assert delivery.deliver(mailer.Mailer, settings, now=EIGHT) == {"sent": 1}
    row = OutboxMail.get()
    assert (row.language, row.subject) == ("en", f"Test email ({LIBRARY})")
    (path,) = mail_files.folder(settings).iterdir()
    assert b"Content-Language: en\r\n" in path.read_bytes()


# -- pushes ------------------------------------------------------------------------------------------------------------
PUSHED = {
    "ja": ["返却期限：11月26日(木)までの資料が1点、11月27日(金)までの資料が2点あります。"],
    "ja-simple": ["返す日：11月26日（木曜日）までの本が1さつ、11月27日（金曜日）までの本が2さつあります。"],
    "en": ["Due soon: 1 item by Thu 26 November, 2 items by Fri 27 November."],
}


@pytest.mark.parametrize("code", PUSHED)
def test_a_push_is_in_the_language_of_notices(settings, code):
    patron = factories.patron(notice_language=code)
    factories.phone(patron, due=True)
    factories.preference(patron, to_pc=True, active=False, days_before=2)
    for left in (1, 2, 2):
        factories.loan(patron, TODAY + timedelta(days=left))
    notices.queue_due(now=EIGHT)
    made = [push_texts.Texts(settings).letter(row, now=EIGHT) for row in OutboxMail.select()]
    assert [each.text for each in made] == PUSHED[code] and {each.language for each in made} == {code}


@pytest.mark.parametrize(
    ("code", "ready"),
    [
        ("en", "Ready to pick up by Wed 2 December: 1 hold."),
        ("ja-simple", "予約の本が1さつあります。12月2日（水曜日）までに受けとってください。"),
    ],
)
def test_a_push_about_a_hold_has_its_day_in_the_language_of_notices(settings, code, ready):
    patron = factories.patron(notice_language=code)
    factories.phone(patron, hold_ready=True)
    hold = factories.hold(patron, state="ready", pickup_by=date(2026, 12, 2), contact_method="none")
    with database.writing():
        hold_mails.tell("ready", hold, TODAY, now=EIGHT)
    assert push_texts.Texts(settings).letter(OutboxMail.get(), now=EIGHT).text == ready


# -- texts of the library's own ----------------------------------------------------------------------------------------
def test_a_text_of_the_librarys_own_counts_for_its_language_alone(settings):
    Setting.create(name="mail_text_test", value="試し\n\n本文")
    Setting.create(name="mail_text_test.en", value="A try\n\nHello, {{ name }}.{% include '_foot.txt' %}")
    subjects = {}
    for code in ("ja", "ja-simple", "en"):
        OutboxMail.delete().execute()
        made = letter(settings, put("test", factories.patron(language=code)))
        subjects[code] = made.subject
    assert subjects == {"ja": "試し", "ja-simple": f"テストのメール（{LIBRARY}）", "en": "A try"}
    assert "We can't receive replies" in made.text


def test_a_broken_english_text_gives_way_to_the_shipped_english_one(settings):
    Setting.create(name="mail_text_test.en", value="A try\n\n{{ nothing }}")
    texts = mail_texts.Texts(settings)
    made = texts.letter(put("test", factories.patron(language="en")), now=EIGHT)
    assert made.subject == f"Test email ({LIBRARY})" and texts.counts == {"broken_texts": 1}


def test_an_added_language_has_its_letters_else_the_english_ones(settings, added):
    (added / "test.txt").write_text("시험 메일\n\n안녕하세요, {{ name }}.\n{% include '_foot.txt' %}", encoding="utf-8")
    patron = factories.patron(language="ko")
    made = letter(settings, put("test", patron))
    assert (made.subject, made.language) == ("시험 메일", "ko") and "We can't receive replies" in made.text
    OutboxMail.delete().execute()
    assert letter(settings, put("verify", patron, token="abc")).language == "en"


@pytest.mark.parametrize("broken", ["{{ nothing }}", "{% if %}", "", "제목만"])
def test_a_broken_letter_of_an_added_language_gives_way_to_the_english_one(settings, added, broken):
    (added / "test.txt").write_text(broken, encoding="utf-8")
    texts = mail_texts.Texts(settings)
    made = texts.letter(put("test", factories.patron(language="ko")), now=EIGHT)
    assert (made.subject, made.language, made.headers["Content-Language"]) == (f"Test email ({LIBRARY})", "en", "en")
    assert texts.counts == {"broken_texts": 1}


def test_a_text_of_the_librarys_own_is_kept_by_kind_and_language(db):
    assert own_texts.key("due", "ja") == "due" and own_texts.key("due", "zh-Hans") == "due.zh-Hans"
