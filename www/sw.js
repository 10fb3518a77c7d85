// The service worker: the app opens without a network, and never as a mixture of two versions.
//
// - scripts/finish-dist.sh writes the constants below into dist/sw.js at each build.
// - Every file of one build lies in one cache, named after the build. A page is answered from that cache alone.
// - The fast worker is kept when it is first used, since most readers never do. The worker that reads and writes
//   files is kept with the page: whoever works without a network saves and opens files there, too.
// - A new version installs beside the old one and waits. The page offers it, and sends {type: 'SKIP_WAITING'}
//   when the user accepts. If other tabs run the old version, nothing is swapped and the answer is
//   {type: 'OTHER_TABS', count}; the new version then starts when the last of them is closed.
// - Data shards belong to the training worker, which keeps them in DATA_CACHE; here they are only read from it.

/* build: version */ const VERSION = 'unbuilt';
/* build: files */ const FILES = [];
/* build: fast worker */ const FAST_WORKER = [];

const SCOPE = new URL(self.registration.scope);
// Several copies may share an origin, each under its own path.
const APP_CACHES = `svertka-app ${SCOPE.pathname} `;
const APP_CACHE = APP_CACHES + VERSION;
const DATA_CACHE = 'svertka-data-v1';

self.addEventListener('install', (event) => {
  // 'reload' goes round the HTTP cache, which may hold files of an older version under the same name.
  const request = (file) => new Request(new URL(file, SCOPE), { cache: 'reload' });
  event.waitUntil((async () => {
    const files = (await hasFastWorker()) ? [...FILES, ...FAST_WORKER] : FILES;
    const cache = await caches.open(APP_CACHE);
    await cache.addAll(files.map(request));
  })());
});

// Whether an earlier version has the fast worker: whoever uses it wants to do so offline after an update, too.
async function hasFastWorker() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(APP_CACHES)) continue;
    const kept = await (await caches.open(name)).keys();
    if (kept.some(({ url }) => url.slice(SCOPE.href.length).startsWith('worker-fast-'))) return true;
  }
  return false;
}

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(
      names.filter((name) => name.startsWith(APP_CACHES) && name !== APP_CACHE).map((name) => caches.delete(name)),
    )),
  );
});

self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') event.waitUntil(switchVersion(event.source));
});

async function switchVersion(asking) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const others = pages.filter((page) => page.id !== asking?.id);
  if (others.length > 0) asking?.postMessage({ type: 'OTHER_TABS', count: others.length });
  else await self.skipWaiting();
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return;
  const file = url.pathname.slice(SCOPE.pathname.length) || 'index.html';
  // A request that insists on the network gets it: that is how an altered shard is fetched again.
  if (request.cache === 'reload' || request.cache === 'no-store') return;
  if (FILES.includes(file)) event.respondWith(cached(APP_CACHE, new URL(file, SCOPE), request));
  else if (FAST_WORKER.includes(file)) event.respondWith(kept(APP_CACHE, new URL(file, SCOPE), request));
  else if (file.startsWith('data/')) event.respondWith(cached(DATA_CACHE, request, request));
});

async function cached(cacheName, key, request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(key)) ?? fetch(request);
}

async function kept(cacheName, key, request) {
  const cache = await caches.open(cacheName);
  const found = await cache.match(key);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await cache.put(key, response.clone());
  return response;
}
