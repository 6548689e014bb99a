/* Passkeys: the browser is asked for one, and its form is sent with the answer. Without this file passwords and codes work. */
(() => {
  "use strict";

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const show = () => {
    if (!window.PublicKeyCredential) return;
    for (const place of document.querySelectorAll("[data-passkey]")) place.hidden = false;
  };

  const read = (options) => {
    const lists = [...(options.allowCredentials || []), ...(options.excludeCredentials || [])];
    for (const one of lists) one.id = toBytes(one.id);
    if (options.user) options.user.id = toBytes(options.user.id);
    options.challenge = toBytes(options.challenge);
    return options;
  };

  const written = ({ id, rawId, type, response }) => {
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const given = parts.filter((name) => response[name]).map((name) => [name, toText(response[name])]);
    return JSON.stringify({ id, rawId: toText(rawId), type, response: Object.fromEntries(given) });
  };

  const ask = async (place) => {
    const form = place.closest("form");
    const sent = new URLSearchParams();
    for (const name of ["csrf_token", "current_password"]) if (form.elements[name]) sent.set(name, form.elements[name].value);
    const answer = await fetch(place.dataset.options, { method: "POST", body: sent, redirect: "error" });
    if (answer.status === 422) return form.requestSubmit(); // the page says what is missing
    if (!answer.ok) throw new Error(answer.status);
    const publicKey = read(await answer.json());
    const credential = await navigator.credentials[place.dataset.passkey]({ publicKey });
    place.querySelector("input").value = written(credential);
    form.requestSubmit();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passkey] button");
    if (!button || button.disabled) return;
    const place = button.closest("[data-passkey]");
    const failed = place.querySelector("[role=alert]");
    failed.hidden = true;
    button.disabled = true;
    ask(place)
      .catch(() => {
        place.querySelector("input").value = "";
        failed.hidden = false;
      })
      .finally(() => {
        button.disabled = false;
      });
  });

  document.addEventListener("htmx:after:swap", show);
  show();
})();
