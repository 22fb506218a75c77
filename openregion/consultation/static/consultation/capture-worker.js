"use strict";
// Serves the rapporteur's page without a network: the page and what it is made of, and nothing else.
// The script that loads this one says PAGE, FILES, KEPT (this version's name) and FOLDER (what all versions begin with).
const alike = { ignoreVary: true, ignoreSearch: true };
const PATIENCE = 4000; // milliseconds: a network that hardly answers is no network

const page = async (cache) => {
  const answer = await fetch(self.PAGE, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error("the page did not come");
  await cache.put(self.PAGE, answer);
};

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(self.KEPT);
    await cache.addAll(self.FILES);
    await page(cache);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(self.FOLDER) && name !== self.KEPT);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// The page from the network when it answers soon, else as it was kept: signed out or far from a network, it opens.
const opened = async (event) => {
  const cache = await caches.open(self.KEPT);
  const kept = await cache.match(self.PAGE, alike);
  const asked = fetch(event.request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(self.PAGE, answer.clone());
    return answer;
  });
  if (!kept) return asked;
  const late = new Promise((done) => { setTimeout(done, PATIENCE); });
  event.waitUntil(asked.catch(() => null));
  try {
    const answer = await Promise.race([asked, late]);
    return answer && answer.ok ? answer : kept;
  } catch (error) {
    return kept;
  }
};

const piece = async (request) => {
  const cache = await caches.open(self.KEPT);
  return (await cache.match(request, alike)) || fetch(request);
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === self.PAGE) event.respondWith(opened(event));
  else if (self.FILES.includes(pathname)) event.respondWith(piece(request));
});
