// report.mjs RESULTS OUT: RESULTS.md and results.svg in the folder OUT, from the JSON in RESULTS.
//
// Says nothing of its own: every number is in those files, and parts that were not measured are
// left out.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { picture } from './picture.mjs';
import { inTurns, kernels, memory, native, page, settings, workloads } from './sections.mjs';

const [folder, out] = process.argv.slice(2);

function read(name) {
    const file = path.join(folder, `${name}.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

const browser = read('browser');
const natively = read('native');
const peers = read('peers');
// Measured by themselves, not in turns.
const others = ['keras', 'torch'].map(read).filter(Boolean);

const text = [
    '# How fast it is',
    '',
    'Written by `make bench` and `make bench-peers`; not by hand. What was measured and how: [README.md](README.md).',
    '',
];
if (peers) {
    writeFileSync(path.join(out, 'results.svg'), picture(peers, others));
    text.push('## Beside other engines', '', '![Images per CPU second of every engine](results.svg)', '', ...inTurns(peers, others, browser));
}
if (browser) {
    text.push('## In the browser', '', ...settings(browser), ...workloads(browser), '### The page', '', ...page(browser), ...memory(browser), '### Kernels', '', ...kernels(browser, natively));
}
if (natively) text.push('## Natively', '', ...native(natively));
writeFileSync(path.join(out, 'RESULTS.md'), `${text.join('\n').trimEnd()}\n`);
