"""Questions to the library: published answers, and questions at the desk in every state."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

from library import clock
from library.site import published_answers
from library.site.published_answers import Draft
from models import Patron, PublishedAnswer, Question, Title

TEXTS = Path(__file__).parent / "texts" / "questions.toml"


def write(*, today: date) -> None:
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    for one in texts["published"]:
        day = today - timedelta(weeks=one["weeks"], days=2)
        draft = Draft(one["subject"], one["text"], one["answer"], "\n".join(map(_linked, one["sources"])))
        entry = {"folded": published_answers.folded(draft), "public": True, "published_on": day}
        PublishedAnswer.create(**draft._asdict(), **entry, changed_at=clock.at(day, 15))
    people = list(Patron.select().order_by(Patron.card_number))
    for number, values in enumerate(texts["asked"], start=1):
        asked_on = today - timedelta(days=values.pop("days"))
        if "patron" in values:
            values["patron"] = people[values["patron"]]
        if values.get("state") == "answered":
            values["ended_at"] = clock.at(asked_on + timedelta(days=3), 11)
        Question.create(request=f"demonstration-{number}", asked_at=clock.at(asked_on, 20, 15), **values)


def _linked(source: str) -> str:
    """Return a source as text, with a link if it is in the catalogue."""
    title = Title.get_or_none(Title.title == source)
    return f"[『{title.title}』 {title.author}](/titles/{title.id})" if title else source
