"""書き出し at the desk."""

from pathlib import Path

from tests import factories


def test_all_titles_and_all_copies_go_out_as_files(sit_down, app):
    factories.catalogued("こころ", copies=1)
    desk = sit_down("/desk/import", "admin")
    desk.get("/desk/files")
    names = {each.get_text(): each["href"] for each in desk.page.select("main a")}
    assert names["所蔵の書き出し（CSV）"] == "/desk/export/csv"
    answer = desk.get("/desk/export/csv")
    assert "こころ" in answer.text and "items.csv" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    answer = desk.get("/desk/export/marcxml")
    assert '<subfield code="a">こころ</subfield>' in answer.text and not list(
        (Path(app.instance_path) / "uploads").iterdir()
    )
