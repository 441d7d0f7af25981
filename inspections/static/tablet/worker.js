// Keeps the tablet's one page ready without a network. It answers GET requests for the files of SHELL and
// touches nothing else: no answer with anybody's data, no operation, no photograph ever passes through here.
// The server puts `const VERSION` and `const SHELL` above these lines.
/* global VERSION, SHELL */

const NAME = `tablet ${VERSION}`;

/** Fetches every file anew; a redirect (a sign-in page, a portal) or an error fails the whole install. */
async function install() {
  const cache = await caches.open(NAME);
  try {
    await fill(cache);
  } catch (fault) {
    await caches.delete(NAME); // half a page is worse than none
    throw fault;
  }
}

/** @param {Cache} cache */
async function fill(cache) {
  for (const path of SHELL) {
    const answer = await fetch(path, { cache: "reload", redirect: "error" });
    const type = answer.headers.get("content-type") ?? "";
    // a portal answers anything with its own page: only ours carries the version, and a script is a script
    const ours = path === SHELL[0] ? answer.headers.get("x-tablet") === VERSION : !type.startsWith("text/html");
    if (!answer.ok || answer.redirected || !ours) throw new Error(`${path}: ${answer.status}`);
    await cache.put(path, answer);
  }
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("tablet ") && name !== NAME) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// the page asks for it when the person has tapped 更新
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin || !SHELL.includes(pathname)) return;
  event.respondWith(
    caches.open(NAME).then(async (cache) => (await cache.match(pathname)) ?? fetch(event.request)),
  );
});
