"""Three pieces of news, in keeping with the calendar of the branches."""

from datetime import date, datetime, timedelta

from library import dates
from library.demonstration import branches
from models import Article, ArticleVersion


def write(*, today: date, now: datetime) -> None:
    for days, title, text in reversed(_NEWS):
        values = {
            "title": title.format(**_facts(today)),
            "text": text.format(**_facts(today)),
            "day": today - timedelta(days=days),
            "public": True,
        }
        article = Article.create(**values, changed_at=now)
        ArticleVersion.create(article=article, **values, by="setup", at=now)


def _facts(today: date) -> dict[str, str]:
    return {
        "branch": branches.COUNTED,
        "first": dates.with_weekday(today - timedelta(days=1), year=False),
        "last": dates.with_weekday(today + timedelta(days=4), year=False),
    }


_NEWS = (  # days ago, title, text
    (
        1,
        "年末年始の休館日のお知らせ（12月29日から1月3日まで）",
        "12月29日から1月3日まで、すべての館を休館します。\n\n"
        "- 休館のあいだも、[検索](/search/advanced)と[予約](/my/cart)はお使いいただけます\n"
        "- 返却は、返却ポストへお願いします（CDやDVDは、開館してから窓口へお返しください）\n\n"
        "各館の開館日は[開館カレンダー](/calendar)でお確かめください。",
    ),
    (
        5,
        "本館「宮沢賢治を読む」コーナーができました",
        "本館の入口の横に、宮沢賢治の作品と、その生涯についての本を集めたコーナーをつくりました。\n\n"
        "コーナーの本は、[宮沢賢治の検索結果](/search?q=宮沢賢治)からも探せます。",
    ),
    (
        8,
        "{branch}は、蔵書点検のため{last}まで休館します",
        "**{first}から{last}まで**、{branch}を休館します。\n\n"
        "この期間の予約の受け取りには、ほかの館をお選びください。近くの館は[アクセス](/access)で探せます。",
    ),
)
