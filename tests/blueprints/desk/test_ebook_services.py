"""電子書籍のサービス at the desk."""

from models import EbookService


def test_services_elsewhere_are_added_and_taken_out(sit_down):
    desk = sit_down("/desk/ebooks/services", "admin")
    good = {"name": "よその図書館", "url": "https://e.example.jp/", "explanation": "雑誌も読めます。", "shelf_url": ""}
    wrong = {"name": "", "url": "javascript:alert(1)", "shelf_url": "https://e.example.jp/shelf"}
    assert desk.post("/desk/ebooks/services", good | wrong).status_code == 422
    assert len(desk.page.find(id="error-summary").find_all("li")) == 3
    assert desk.post("/desk/ebooks/services", good).status_code == 303
    desk.get("/desk/ebooks/services")
    assert desk.post("/desk/ebooks/services", good).status_code == 422
    assert desk.post(f"/desk/ebooks/services/{EbookService.get().id}/removal").status_code == 303
    assert not EbookService.select().exists()
