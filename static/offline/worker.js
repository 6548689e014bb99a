/* The service worker of the offline desk: its page and the files of that page come from this browser where the server doesn't answer.
   PAGE, SHELL and FILES are written above this by the server. */

const CACHE = `offline-desk-${FILES.join().split("").reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7) >>> 0}`;
const PATIENCE = 5000; // milliseconds that a server may take

self.addEventListener("install", (event) => {
  const requests = [SHELL, ...FILES].map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("offline-desk-") && name !== CACHE;
  const clear = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))));
  event.waitUntil(clear.then(() => self.clients.claim()));
});

const pageOrShell = async (request) => {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status < 500) return answer;
  } catch {
    // the server doesn't answer
  }
  return (await caches.open(CACHE)).match(SHELL, { ignoreVary: true });
};

const stored = async (request) => (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) ?? fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(pageOrShell(request));
  } else if (FILES.includes(pathname + search)) {
    event.respondWith(stored(request));
  }
});
