"""スマートフォンへの通知 in My Library: registering a device, what it gets, ending it; the worker and the manifest."""

import json
from pathlib import Path

import pytest

from library.mail import push, vapid
from models import PushSubscription
from tests import factories
from tests.library.test_push import GOOD

PAGE = "/my/push"
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
    return browser.post(PAGE, browser.form(PAGE) | SENT | {"name": "母の携帯", "due": "y"} | given)


def test_a_device_is_registered_and_ended(mine, app, patron):
    form = mine.page.find("form", {"data-push": True})
    assert form.has_attr("hidden") and form["data-key"] == vapid.public_key(vapid.key(Path(app.config["INSTANCE"])))
    assert [tick["name"] for tick in form.find_all("input", {"type": "checkbox"})] == list(push.KINDS)
    assert not form.find_all("input", checked=True)
    assert mine.page.find("noscript").get_text(strip=True).startswith("JavaScriptを使えないブラウザ")
    assert add(mine).status_code == 303
    mine.get(PAGE)
    assert "通知の受け取りをはじめました。" in mine.text() and "母の携帯 この端末" in mine.text()
    assert not mine.page.find("form", {"data-push": True})
    row = PushSubscription.get()
    assert (row.patron, row.endpoint, push.kinds_of(row)) == (patron, GOOD, ["due"])
    end = mine.page.find("form", {"data-push-end": True})
    assert end.button.get_text(strip=True) == "この端末の通知をやめる"
    mine.post(end["action"])
    mine.get(PAGE)
    assert "通知をやめました。" in mine.text() and not PushSubscription.select().exists()
    mine.get("/my/profile/changes")
    assert "通知を受け取る端末の登録" in mine.text() and "通知を受け取る端末の削除" in mine.text()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"due": ""}, "受け取る通知を1つ以上選んでください。"),
        ({"endpoint": "http://push.example.jp/x"}, "この端末へは通知をお送りできません。"),
        ({"endpoint": ""}, "この端末へは通知をお送りできません。"),
        ({"auth": "x"}, "端末から届いた情報を読めませんでした。"),
        ({"name": "長" * 41}, "40文字"),
    ],
)
def test_a_wrong_device_is_told_and_nothing_typed_is_lost(mine, given, sentence):
    answer = add(mine, **({"sdi": "y"} if "due" not in given else {}) | given)
    assert answer.status_code == 422 and sentence in mine.text()
    assert mine.page.find(id="name")["value"] == given.get("name", "母の携帯")
    assert mine.page.find(id="sdi").has_attr("checked") == ("due" not in given)
    assert not PushSubscription.select().exists()


def test_notices_of_a_device_are_changed_on_any_other(mine, patron):
    row = factories.phone(patron, name="iPad", due=True)
    mine.get(PAGE)
    assert mine.page.find("button", {"aria-label": "「iPad」の通知をやめる"})
    mine.post(f"{PAGE}/{row.id}/kinds", {"closure": "y", "sdi": "y"})
    mine.get(PAGE)
    assert "受け取る通知を保存しました。" in mine.text() and "休館変更、新着" in mine.text()
    answer = mine.post(f"{PAGE}/{row.id}/kinds", {})
    assert answer.status_code == 422 and "受け取る通知を1つ以上選んでください。" in mine.text()
    assert mine.page.find("details").has_attr("open")
    mine.post(f"{PAGE}/{row.id}/removal")
    assert not PushSubscription.select().exists()


def test_a_sixth_device_waits_until_another_ends(mine, patron):
    for number in range(push.MOST):
        factories.phone(patron, name=str(number), due=True)
    mine.get(PAGE)
    assert "通知を受け取れる端末は5台までです。" in mine.text() and not mine.page.find("form", {"data-push": True})


def test_devices_of_others_are_not_there(mine):
    row = factories.phone(factories.patron(), due=True)
    assert mine.post(f"{PAGE}/{row.id}/kinds", {"sdi": "y"}).status_code == 404
    assert mine.post(f"{PAGE}/{row.id}/removal").status_code == 404
    assert PushSubscription.select().exists()


@pytest.mark.parametrize("setting", [{"PUBLIC_URL": "http://library.example.jp"}, {"PUSH_HOSTS": ""}])
def test_where_it_cant_be_used_the_page_says_so(mine, app, setting):
    app.config |= setting
    mine.get(PAGE)
    assert "スマートフォンへの通知を使えません。" in mine.text() and not mine.page.find("form", {"data-push": True})


def test_terminals_have_none(mine):
    mine.client.set_cookie("terminal", "x")
    assert mine.client.get(PAGE).status_code == 403
    assert mine.client.post(PAGE).status_code in (400, 403)


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
