"""A notice in a real browser: the worker shows what came, whatever it was, and opens pages of this site alone.

Chromium can't be given an address here, as the service of its maker is out of reach: DevTools hands the worker its
pushes.
"""

import json

from playwright.sync_api import expect

from tests import factories

TOLD = {
    "title": "すずかけ市立図書館",
    "body": "返却期限：11月27日(金)までの資料が3点あります。",
    "path": "/my/loans",
    "tag": "a",
}
# what the worker asks to have shown: Chromium without windows has no place to show it
NOTE = """() => {
  self.asked = [];
  self.registration.showNotification = async (title, {body, tag, data}) => self.asked.push({title, body, tag, ...data});
}"""
ASKED = """async (count) => {
  for (let turn = 0; turn < 150 && self.asked.length < count; turn += 1) await new Promise((go) => setTimeout(go, 100));
  return self.asked;
}"""


def test_the_worker_shows_what_came(visit, library):
    with library.rows():
        patron = factories.patron()
    visitor = visit(width=390, height=844)
    visitor.be(patron.card_number, "/my/notices/settings")
    visitor.press("通知を受け取る")
    expect(visitor.main.get_by_role("alert").filter(has_text="通知が止められています。")).to_be_visible()
    visitor.context.grant_permissions(["notifications"], origin=library.url)
    visitor.page.evaluate("() => navigator.serviceWorker.register('/sw.js', {scope: '/'}).then(() => true)")

    talk, found = visitor.context.new_cdp_session(visitor.page), []
    talk.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    talk.send("ServiceWorker.enable")
    visitor.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    for _turn in range(150):
        if ours := [one["registrationId"] for one in found if one["scopeURL"] == f"{library.url}/"]:
            break
        visitor.page.evaluate("() => new Promise((go) => setTimeout(go, 100))")
    registration = ours[0]
    (worker,) = visitor.context.service_workers
    worker.evaluate(NOTE)
    for data in (json.dumps(TOLD), "これは何でもない"):
        push = {"origin": library.url, "registrationId": registration, "data": data}
        talk.send("ServiceWorker.deliverPushMessage", push)
    shown = worker.evaluate(ASKED, 2)
    assert TOLD in shown and [one["title"] for one in shown if one != TOLD] == ["図書館からのお知らせ"]
