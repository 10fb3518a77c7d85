// What a visit downloads, raw and as brotli sends it, and whether that is within the budget.
//
//   node scripts/budgets.mjs dist
//
// Data sets are apart: they come when a reader trains. Fails when a bound is passed.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const folder = process.argv[2];
// In bytes of brotli: what the first page needs beside its program, that program, and the worker's.
const BOUNDS = { page: 150_000, program: 500_000, worker: 400_000 };

const names = readdirSync(folder);
const raw = (name) => readFileSync(join(folder, name));
const packed = new Map();
const brotli = (name) => {
  if (!packed.has(name)) {
    const bytes = raw(name);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    packed.set(name, brotliCompressSync(bytes, { params }).length);
  }
  return packed.get(name);
};
const only = (pattern) => {
  const found = names.filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`one file like ${pattern} is expected, there are: ${found}`);
  return found[0];
};

// The loader of parts: `const __chunk_3 = makeLoad(() => {… "./ui-….wasm" …}, []);` and
// `export const __wasm_split_load_training = makeLoad(() => {… "./ui-….wasm" …}, [__chunk_3, …]);`
const loader = only(/^ui-[0-9a-f]{16}-parts\.js$/);
const parts = new Map();
const files = new Map();
for (const [, name, body, needs] of raw(loader).toString().matchAll(/const (\w+) = (?:wrapAsyncCb\()?makeLoad\(([\s\S]*?), \[([^\]]*)\]\)/g)) {
  files.set(name, /"\.\/([^"]+\.wasm)"/.exec(body)?.[1]);
  if (name.startsWith('__wasm_split_load_')) {
    parts.set(name.slice('__wasm_split_load_'.length), [name, ...needs.split(',').map((it) => it.trim()).filter(Boolean)]);
  }
}
if (parts.size === 0) throw new Error(`${loader} names no parts`);

const page = ['index.html', only(/^style-.*\.css$/), only(/^boot-.*\.js$/), only(/^ui-[0-9a-f]{16}\.js$/), loader];
const program = only(/^ui-[0-9a-f]{16}_bg\.wasm$/);
const row = (bytes, sent, what) => console.log(`${String(bytes).padStart(10)} ${String(sent).padStart(10)}  ${what}`);
const sum = (list, of) => list.reduce((total, name) => total + of(name), 0);
const size = (name) => raw(name).length;

console.log(`${'bytes'.padStart(10)} ${'brotli'.padStart(10)}  what`);
row(sum(page, size), sum(page, brotli), 'HTML, style and scripts of the page');
row(size(program), brotli(program), 'its program, for the first page');
for (const [part, needs] of parts) {
  const list = needs.map((name) => files.get(name));
  row(sum(list, size), sum(list, brotli), `added by ${part}, ${list.length} files`);
}
const workers = names.filter((name) => /^(worker|worker-fast|files)-[0-9a-f]{16}_bg\.wasm$/.test(name));
for (const name of workers) row(size(name), brotli(name), name.replace(/-[0-9a-f]{16}_bg/, ''));
const worker = workers.find((name) => /^worker-[0-9a-f]{16}_/.test(name));

const spent = { page: sum(page, brotli), program: brotli(program), worker: brotli(worker) };
const passed = Object.keys(BOUNDS).filter((what) => spent[what] > BOUNDS[what]);
for (const what of passed) console.error(`over budget: ${what} ${spent[what]} of ${BOUNDS[what]} bytes`);
process.exit(passed.length > 0 ? 1 : 0);
