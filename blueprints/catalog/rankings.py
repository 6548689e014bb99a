"""貸出ベスト30, 予約ベスト30: the lists that the job made, with what can be done with each title."""

from flask import request
from flask_login import current_user

from blueprints.catalog import bp
from blueprints.catalog.narrowing import Choice
from library import policy
from library.discovery import rankings
from web import access, htmx
from web.links import url_for
from web.parts import title_rows as rows

HEADINGS = {"loans": "貸出ベスト30", "holds": "予約ベスト30"}
EXPLANATIONS = {
    "loans": "貸出の多い資料です。昨日までの貸出を毎日集計しています（延長は含みません）。",
    "holds": "いま多くの方が予約して待っている資料です。期間は予約した日です。毎日作ります。",
}
NOTHING = {
    "loans": f"この期間に{rankings.LEAST}回以上借りられた資料は、まだありません。",
    "holds": f"この期間に予約して{rankings.LEAST}人以上が待っている資料は、いまありません。",
}
OTHER = {"loans": "holds", "holds": "loans"}
SPANS = {"month": "今月", "half": "6か月", "year": "1年"}
AUDIENCES = {"": "すべて", "adult": "一般書", "child": "児童書"}
USUAL = {"span": "half", "audience": ""}


@bp.get("/rankings/<any(loans, holds):name>")
@access.public
def ranking(name):
    asked, rules = {"span": _one_of(SPANS, "span"), "audience": _one_of(AUDIENCES, "audience")}, policy.read()
    return htmx.page(
        "catalog/ranking.html",
        heading=HEADINGS[name],
        explanation=EXPLANATIONS[name],
        nothing=NOTHING[name],
        spans=[_choice(name, words, asked, span=one) for one, words in SPANS.items()],
        audiences=[_choice(name, words, asked, audience=one) for one, words in AUDIENCES.items()],
        rows=rows.with_actions(rankings.best(name, **asked), current_user.patron, rules),
        policy=rules,
        other={"label": HEADINGS[OTHER[name]], "url": url_for("catalog.ranking", name=OTHER[name])},
    )


def _one_of(known, name):
    chosen = request.args.get(name, "")
    return chosen if chosen in known else USUAL[name]


def _choice(name, label, asked, **changed):
    wanted = asked | changed
    unusual = {key: value for key, value in wanted.items() if value != USUAL[key]}
    return Choice(label, url_for("catalog.ranking", name=name, **unusual), chosen=wanted == asked)
