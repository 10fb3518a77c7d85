// run.mjs DIST REPORTS: holds the built page against its budgets, with Lighthouse in Chromium.
//
// The page is served as a plain static host would: below a path, compressed, without further headers. Two things
// are measured: the scores of three categories, on Lighthouse's own model of a telephone, for four pages; and for the
// first page how soon it can be read and how much it jumps, with the processor slowed down four times and the network
// shaped in the browser itself. What is over a bound ends this program with status 1.
import { createServer } from 'node:http';
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, extname, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import lighthouse from 'lighthouse';
import * as launcher from 'chrome-launcher';

const [dist, reports] = process.argv.slice(2, 4).map((it) => resolve(it));
const FOLDER = '/course/lab/';
const PAGES = ['', '#/convolution', '#/training', '#/evaluation'];
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const LEAST_SCORE = 95;
const MOST = { 'largest-contentful-paint': 2500, 'cumulative-layout-shift': 0.05 };
// The browser's own "Fast 3G", with a processor four times slower.
const SHAPED = { requestLatencyMs: 562.5, downloadThroughputKbps: 1474.56, uploadThroughputKbps: 675, cpuSlowdownMultiplier: 4 };
// One measurement on a busy machine says little; the middle one of so many counts.
const TIMES = Number(process.env.LIGHTHOUSE_TIMES ?? 3);

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};
const packed = new Map();

async function answer(request, response) {
  const path = new URL(request.url, 'http://localhost').pathname;
  const name = path.startsWith(FOLDER) ? path.slice(FOLDER.length) || 'index.html' : '';
  const file = join(dist, name);
  if (name === '' || !file.startsWith(dist) || !existsSync(file)) {
    response.writeHead(404).end('not found');
    return;
  }
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const head = { 'Content-Type': type, 'Cache-Control': 'max-age=600' };
  if (type === 'application/octet-stream' || type === 'image/png') {
    response.writeHead(200, head).end(await readFile(file));
    return;
  }
  if (!packed.has(file)) packed.set(file, gzipSync(await readFile(file), { level: 9 }));
  response.writeHead(200, { ...head, 'Content-Encoding': 'gzip' }).end(packed.get(file));
}

// Names of Chromium as systems have it; the launcher itself knows Chrome alone.
function browser() {
  const places = (process.env.PATH ?? '').split(':');
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  return names.flatMap((name) => places.map((place) => join(place, name))).find(existsSync);
}

// A browser with an empty profile for every measurement: a first visit has nothing in a cache.
async function measure(url, settings) {
  const chrome = await launcher.launch({
    chromePath: browser(), chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const config = { extends: 'lighthouse:default', settings: { onlyCategories: CATEGORIES, ...settings } };
    const { lhr, report } = await lighthouse(url, { port: chrome.port, logLevel: 'error', output: 'html' }, config);
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    return { lhr, report };
  } finally {
    await chrome.kill();
  }
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const failures = [];
function hold(what, value, isGood, bound) {
  console.log(`${isGood ? 'ok  ' : 'OVER'} ${what}: ${value} (bound ${bound})`);
  if (!isGood) failures.push(what);
}

// What cost points, in Lighthouse's words.
function reasons(lhr, category) {
  const refs = lhr.categories[category].auditRefs.filter((ref) => ref.weight > 0);
  const poor = refs.map((ref) => lhr.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 0.9);
  return poor.map((audit) => `       ${audit.id}: ${audit.displayValue ?? audit.title}`);
}

async function scores(base) {
  for (const page of PAGES) {
    const all = [];
    for (let time = 0; time < TIMES; time += 1) all.push(await measure(base + page, {}));
    const name = page || 'first page';
    for (const category of CATEGORIES) {
      const score = middle(all.map(({ lhr }) => Math.round(lhr.categories[category].score * 100)));
      hold(`${category} of ${name}`, score, score >= LEAST_SCORE, LEAST_SCORE);
      if (score < LEAST_SCORE) console.log(reasons(all[0].lhr, category).join('\n'));
    }
    await writeFile(join(reports, `${page.replace(/\W/g, '') || 'first'}.html`), all[0].report);
  }
}

async function shaped(base) {
  const settings = { onlyCategories: ['performance'], throttlingMethod: 'devtools', throttling: SHAPED };
  const all = [];
  for (let time = 0; time < TIMES; time += 1) all.push(await measure(base, settings));
  for (const [id, most] of Object.entries(MOST)) {
    const value = middle(all.map(({ lhr }) => lhr.audits[id].numericValue));
    hold(`${id} on a slow device`, Number(value.toFixed(3)), value <= most, most);
  }
  for (const id of ['first-contentful-paint', 'speed-index', 'total-blocking-time']) {
    console.log(`     ${id} on a slow device: ${Math.round(middle(all.map(({ lhr }) => lhr.audits[id].numericValue)))} ms`);
  }
  const element = all[0].lhr.audits['largest-contentful-paint-element']?.details?.items?.[0]?.items?.[0]?.node;
  if (element) console.log(`     the largest content: ${element.snippet}`);
  await writeFile(join(reports, 'slow.html'), all[0].report);
}

await mkdir(reports, { recursive: true });
const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
});
await new Promise((begun) => server.listen(0, '127.0.0.1', begun));
const base = `http://127.0.0.1:${server.address().port}${FOLDER}`;
try {
  await shaped(base);
  await scores(base);
} finally {
  server.close();
}
console.log(`the reports are in ${reports}`);
if (failures.length > 0) {
  console.error(`over the bounds: ${failures.join('; ')}`);
  process.exitCode = 1;
}
