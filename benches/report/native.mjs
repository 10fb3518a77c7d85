// native.mjs CRITERION OUT: what criterion measured, as the report reads it.
//
// Of each benchmark the shortest sample counts, as in the browser: whatever else the machine does
// only makes a sample longer.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [folder, out] = process.argv.slice(2);
const read = (...parts) => JSON.parse(readFileSync(path.join(folder, ...parts), 'utf8'));

function benchmark(group, name) {
    const { iters, times } = read(group, name, 'new', 'sample.json');
    const described = read(group, name, 'new', 'benchmark.json');
    const seconds = Math.min(...times.map((time, at) => time / iters[at])) / 1e9;
    return { name: described.function_id, amount: described.throughput.Elements, arithmetic: group === 'operations', seconds };
}

const list = (group) => readdirSync(path.join(folder, group)).filter((name) => name !== 'report').map((name) => benchmark(group, name));
const report = {
    date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    versions: { rustc: execFileSync('rustc', ['--version'], { encoding: 'utf8' }).trim() },
    probes: [...list('operations'), ...list('values')],
    images: list('images'),
};
writeFileSync(out, `${JSON.stringify(report, null, 1)}\n`);
