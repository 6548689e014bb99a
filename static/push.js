/* Notices to phones: a press asks the browser for its leave and its address, and the form is sent with them. */
(() => {
  "use strict";

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const isSame = (one, other) => one && one.length === other.length && one.every((byte, place) => byte === other[place]);

  const say = (name) => {
    for (const why of document.querySelectorAll("[data-push-why]")) why.hidden = why.dataset.pushWhy !== name;
  };

  const missing = () => {
    if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) return "";
    return navigator.standalone === false ? "install" : "unsupported"; // an iPhone has them on the home screen alone
  };

  const subscription = async () => {
    const worker = await navigator.serviceWorker.getRegistration("/");
    return worker && worker.pushManager ? worker.pushManager.getSubscription() : null;
  };

  const show = async () => {
    const form = document.querySelector("form[data-push]");
    const lost = document.querySelector("[data-push-lost]");
    if (form) {
      form.hidden = Boolean(missing());
      say(missing());
    }
    if (lost && !missing()) lost.hidden = Notification.permission === "granted" && Boolean(await subscription());
  };

  const ask = async (form) => {
    if ((await Notification.requestPermission()) !== "granted") return say("denied");
    const key = toBytes(form.dataset.key);
    await navigator.serviceWorker.register(form.dataset.worker, { scope: "/", updateViaCache: "none" });
    const { pushManager } = await navigator.serviceWorker.ready;
    const old = await pushManager.getSubscription();
    if (old && !isSame(new Uint8Array(old.options.applicationServerKey || []), key)) await old.unsubscribe();
    const made = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
    form.elements.endpoint.value = made.endpoint;
    for (const part of ["p256dh", "auth"]) form.elements[part].value = made.keys[part];
    return form.requestSubmit();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-push-end]")) subscription().then((found) => found && found.unsubscribe()).catch(() => {});
    if (!form.matches("[data-push]") || form.elements.endpoint.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = form.querySelector("button");
    button.disabled = true;
    say("");
    ask(form)
      .catch(() => say("failed"))
      .finally(() => {
        button.disabled = false;
      });
  }, true);

  document.addEventListener("htmx:after:swap", show);
  show();
})();
