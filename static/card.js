/* The screen stays on while the card is shown, where the browser can keep it on. */
(() => {
  "use strict";

  const keepOn = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", keepOn); // it goes out when another page was looked at
  keepOn();
})();
