/* The service worker of notices to phones: it shows what came, and opens its page. It stores nothing and answers no request. */
"use strict";

const HOME = "/my/";
const ICON = "/static/icon-192.png";
const TITLE = new URL(self.location).searchParams.get("title") || "図書館からのお知らせ"; // of a notice that says none

const read = (data) => {
  try {
    return data.json();
  } catch {
    return {}; // nothing of ours: a notice is shown all the same, as browsers demand
  }
};

/* Pages of this site alone. */
const pageOf = (path) => {
  const page = new URL(typeof path === "string" ? path : HOME, self.location.origin);
  return page.origin === self.location.origin ? page.href : new URL(HOME, self.location.origin).href;
};

const open = async (page) => {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === page);
  return there ? there.focus() : self.clients.openWindow(page);
};

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const { title, body, tag, path, lang } = (event.data && read(event.data)) || {};
  const how = { body: body || "", lang: lang || "ja", icon: ICON, data: { path }, ...(tag ? { tag } : {}) };
  event.waitUntil(self.registration.showNotification(title || TITLE, how));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(pageOf(event.notification.data && event.notification.data.path)));
});
