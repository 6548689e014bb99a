"""A refusal is told after the redirect, in the language of the page that tells it."""

from gettext import NullTranslations

from flask import session
from flask.sessions import SecureCookieSessionInterface

from library import errors
from library.language import languages
from web import flash

WORDS = {
    "すでに借りています（{due}まで）。": "You have it until {due}.",
    "{kind_word}は予約できません。": "{kind_word} can't be reserved.",
    "雑誌": "Magazines",
}


class English(NullTranslations):
    def gettext(self, message):
        return WORDS.get(message, message)


def test_reasons_are_said_one_by_one_in_the_language_of_the_next_page(app):
    reasons = [errors.EbookLentToPatron(due="12月9日(水)"), errors.KindNotHeld(kind_word="雑誌")]
    with app.test_request_context():
        flash.keep("page", refused=reasons, done="refused")
        cookie = SecureCookieSessionInterface.serializer
        session.update(cookie.loads(cookie.dumps(dict(session))))
        answer = flash.take("page")
        assert answer["why"] == "すでに借りています（12月9日(水)まで）。雑誌は予約できません。"
        said = languages.Language("en", English).say(answer["why"])
        assert said == "You have it until Wed\u00a09\u00a0December. Magazines can't be reserved."
        assert flash.take("page") == {}
