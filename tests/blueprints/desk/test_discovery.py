"""外部連携の点検, as an administrator sees it, against the server that answers."""

from urllib.parse import urlsplit

from library import clock
from library.discovery.exchange import self_check
from models import Setting
from tests import factories
from tests.blueprints.exchange import served


def test_an_administrator_checks_and_reads_what_mends_it(browse, app):
    factories.catalogued("こころ", isbns=["9784003101018"], copies=1)
    browse.be(factories.staff(role="admin"))
    browse.get("/desk/discovery")
    assert "まだ点検していません" in browse.page.get_text()
    with served(app) as address:
        app.config["PORT"] = urlsplit(address).port
        browse.post("/desk/discovery")
    browse.get("/desk/discovery")
    rows = {
        row.th.get_text(): [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in browse.page.select("tbody tr")
    }
    assert [rows[name][0] for name in ("robots.txt", "サイトマップ", "ISBNのページ", "MARC 21の書誌")] == ["合格"] * 4
    assert rows["公開するアドレス"][0] == "要対応" and "PUBLIC_URL" in rows["公開するアドレス"][2]
    assert rows["DC-NDLの書誌"][1] == "1件のうち、1件を正しく読めました。"


def test_every_finding_has_words(browse, app, db):
    browse.be(factories.staff(role="admin"))
    self_check.run(app.config | {"ADMIN_MAIL": "", "PORT": 1}, now=clock.now())
    value = Setting.get(Setting.name == self_check.STORED).value
    for one in value["findings"]:
        one["grade"] = "bad"
    Setting.update(value=value).where(Setting.name == self_check.STORED).execute()
    browse.get("/desk/discovery")
    cells = [cell.get_text(strip=True) for row in browse.page.select("tbody tr") for cell in row.find_all(["th", "td"])]
    assert len(cells) == 12 * 4 and all(cells)
