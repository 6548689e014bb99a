"""スマートフォンへの通知 in お知らせの設定: registering a device, what it gets, ending it; the worker and the manifest."""

import json
from pathlib import Path

import pytest

from library.mail import push, vapid
from models import PushSubscription
from tests import factories
from tests.library.test_push import GOOD

PAGE = "/my/notices/settings"
SENT = {"endpoint": GOOD, "p256dh": factories.PHONE_KEY, "auth": factories.PHONE_SECRET}


@pytest.fixture
def mine(browse, app, patron):
    app.config |= {"PUBLIC_URL": "https://library.example.jp", "PUSH_HOSTS": "push.example.jp"}
    browse.be(patron)
    browse.client.set_cookie("device", "mark of this browser")
    browse.get(PAGE)
    return browse


def add(browser, **given):
    browser.get(PAGE)
    return browser.post("/my/push", browser.form("/my/push") | SENT | given)


def ticks(browser):
    """Return the choices of the column 通知, each with its tick."""
    found = browser.page.find("main").find_all("input", {"type": "checkbox"})
    return {tick["name"]: tick.has_attr("checked") for tick in found}


def test_a_device_is_registered_and_ended(mine, app, patron):
    form = mine.page.find("form", {"data-push": True})
    assert form.has_attr("hidden") and form["data-key"] == vapid.public_key(vapid.key(Path(app.config["INSTANCE"])))
    assert not ticks(mine)
    assert mine.page.find("noscript").get_text(strip=True).startswith("JavaScriptを使えないブラウザ")
    assert add(mine).location == PAGE
    mine.get(PAGE)
    assert "この端末で、通知を受け取ります。" in mine.text() and "この端末の通知 受け取っています" in mine.text()
    assert not mine.page.find("form", {"data-push": True})
    assert ticks(mine) == {"due": True, "hold": True, "closure": True, "sdi": False}
    row = PushSubscription.get()
    assert (row.patron, row.endpoint, row.name) == (patron, GOOD, "端末のブラウザ")
    assert push.kinds_of(row) == ["due", "hold_ready", "hold_deadline", "closure"]
    end = mine.page.find("form", {"data-push-end": True})
    assert end.button["aria-label"] == "この端末の通知をやめる"
    mine.post(end["action"])
    mine.get(PAGE)
    assert "通知をやめました。" in mine.text() and not PushSubscription.select().exists()
    mine.get("/my/profile/changes")
    assert "通知を受け取る端末の登録" in mine.text() and "通知を受け取る端末の削除" in mine.text()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"endpoint": "http://push.example.jp/x"}, "この端末へは通知をお送りできません。"),
        ({"endpoint": ""}, "この端末へは通知をお送りできません。"),
        ({"auth": "x"}, "端末から届いた情報を読めませんでした。"),
    ],
)
def test_a_wrong_device_is_told(mine, given, sentence):
    answer = add(mine, **given)
    assert answer.status_code == 422 and sentence in mine.text()
    assert not PushSubscription.select().exists()


def test_a_tick_holds_for_all_devices(mine, patron):
    for name in ("iPad", "iPhone"):
        factories.phone(patron, name=name, due=True)
    mine.get(PAGE)
    assert mine.page.find("button", {"aria-label": "「iPad」の通知をやめる"})
    assert ticks(mine) == {"due": True, "hold": False, "closure": False, "sdi": False}
    mine.post("/my/push/kinds", {"hold": "y", "sdi": "y"})
    mine.get(PAGE)
    assert "受け取る通知を保存しました。" in mine.text() and ticks(mine)["hold"] and not ticks(mine)["due"]
    assert [push.kinds_of(row) for row in PushSubscription] == [["hold_ready", "hold_deadline", "sdi"]] * 2
    answer = mine.post("/my/push/kinds", {})
    assert answer.status_code == 422 and "受け取る通知を1つ以上選んでください。" in mine.text()
    assert not any(ticks(mine).values())
    mine.post(f"/my/push/{PushSubscription.get().id}/removal")
    assert [row.name for row in PushSubscription] == ["iPhone"]


def test_a_sixth_device_waits_until_another_ends(mine, patron):
    for number in range(push.MOST):
        factories.phone(patron, name=str(number), due=True)
    mine.get(PAGE)
    assert "通知を受け取れる端末は5台までです。" in mine.text() and not mine.page.find("form", {"data-push": True})


def test_devices_of_others_are_not_there(mine):
    row = factories.phone(factories.patron(), due=True)
    mine.post("/my/push/kinds", {"sdi": "y"})
    assert push.kinds_of(PushSubscription.get()) == ["due"]
    assert mine.post(f"/my/push/{row.id}/removal").status_code == 404
    assert PushSubscription.select().exists()


@pytest.mark.parametrize("setting", [{"PUBLIC_URL": "http://library.example.jp"}, {"PUSH_HOSTS": ""}])
def test_where_it_cant_be_used_nothing_is_offered(mine, app, setting):
    app.config |= setting
    mine.get(PAGE)
    assert "通知を受け取る" not in mine.text() and not mine.page.find("form", {"data-push": True})


def test_the_former_address_leads_to_the_settings_of_notices(mine):
    assert mine.client.get("/my/push").location == PAGE


def test_terminals_have_none(mine):
    mine.client.set_cookie("terminal", "x")
    assert mine.client.get("/my/push").status_code == 403
    assert mine.client.post("/my/push").status_code in (400, 403)
    mine.get(PAGE)
    assert not mine.page.find("form", {"data-push": True}) and not mine.page.find(id="calendar")


def test_the_worker_and_the_manifest(browse):
    client = browse.client
    worker = client.get("/sw.js")
    assert worker.mimetype == "text/javascript" and worker.headers["Cache-Control"] == "no-cache"
    assert "caches" not in worker.text and "fetch" not in worker.text
    told = client.get("/manifest.webmanifest")
    manifest = json.loads(told.text)
    assert told.mimetype == "application/manifest+json" and manifest["display"] == "standalone"
    assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192", "512x512", "any"]
    assert all(client.get(icon["src"]).status_code == 200 for icon in manifest["icons"])
    assert "manifest-src 'self'" in told.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in told.headers["Content-Security-Policy"]
    assert '<link rel="manifest" href="/manifest.webmanifest">' in client.get("/").text
