// Runs the benchmark page in one headless Chromium and writes what it measured as JSON.
//
//   node run.mjs --out FILE --contestants svertka,tfjs [--rounds 5] [--seconds 2] [--warmup 6]
//                [--workloads W1,W2,W3] [--workers 1,2,3] [--alone]
//
// --alone also measures what only ours has: its kernels, and the page's own worker with these numbers of workers.
// Serves the page and what it needs, and answers /cpu with the CPU time that the browser has used:
// all of its processes together, from /proc, which only Linux has.

import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../..');
// What is served, by the beginning of the path; the worker looks for its data beside itself.
const FOLDERS = {
    browser: HERE,
    'engine/data': path.join(ROOT, 'www/data'),
    engine: path.join(ROOT, 'target/bench/page'),
    'engine-fast': path.join(ROOT, 'target/bench/page-fast'),
    ort: path.join(ROOT, 'target/bench/ort'),
    node_modules: path.join(ROOT, 'benches/peers/node_modules'),
};
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
// USER_HZ, in which /proc counts: 100 on every Linux of today.
const TICKS_PER_SECOND = 100;

const { values: options } = parseArgs({
    options: {
        out: { type: 'string' },
        contestants: { type: 'string', default: 'svertka' },
        workloads: { type: 'string', default: 'W1,W2,W3' },
        workers: { type: 'string', default: '1,2,3' },
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '2' },
        warmup: { type: 'string', default: '6' },
        alone: { type: 'boolean', default: false },
    },
});
const settings = {
    contestants: options.contestants.split(','),
    workloads: options.workloads.split(','),
    workers: options.workers.split(',').map(Number),
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    warmup: Number(options.warmup),
    alone: options.alone,
};

// CPU seconds of a process and all below it, the dead ones that were waited for not counted twice.
function cpuSeconds(root) {
    const processes = new Map();
    for (const name of readdirSync('/proc')) {
        if (!/^\d+$/.test(name)) continue;
        try {
            // The name in parentheses may hold anything; what follows its end does not.
            const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
            const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
            processes.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
        } catch {
            // It ended while we looked.
        }
    }
    let ticks = 0;
    for (const pid of processes.keys()) {
        let at = pid;
        while (at !== root && processes.has(at)) at = processes.get(at).parent;
        if (at === root) ticks += processes.get(pid).ticks;
    }
    return ticks / TICKS_PER_SECOND;
}

function findBrowser() {
    const found = BROWSERS.find((name) => spawnSync(name, ['--version']).status === 0);
    if (!found) throw new Error(`none of ${BROWSERS.join(', ')} is on PATH`);
    return found;
}

function machine() {
    const cpus = os.cpus();
    return {
        cpu: cpus[0]?.model.trim() ?? 'unknown',
        cores: cpus.length,
        memoryGib: Math.round(os.totalmem() / 2 ** 30),
        system: `${os.type()} ${os.release()} ${os.arch()}`,
    };
}

function answer(request, response, state) {
    const url = new URL(request.url, 'http://localhost');
    const send = (status, type, body) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(body);
    };
    const json = (value) => send(200, 'application/json', JSON.stringify(value));
    if (url.pathname === '/settings') return json(settings);
    if (url.pathname === '/cpu') return json({ seconds: state.hasProc ? cpuSeconds(state.pid) : null, load: os.loadavg()[0] });
    if (request.method === 'POST') {
        let body = '';
        request.on('data', (part) => (body += part));
        request.on('end', () => {
            json({});
            if (url.pathname === '/say') console.error(`bench: ${body}`);
            if (url.pathname === '/done') state.done(JSON.parse(body));
            if (url.pathname === '/failed') state.failed(new Error(body));
        });
        return undefined;
    }
    const wanted = decodeURIComponent(url.pathname).slice(1);
    const folder = Object.keys(FOLDERS).find((name) => wanted.startsWith(`${name}/`));
    const file = path.join(FOLDERS[folder] ?? HERE, wanted.slice(folder?.length));
    try {
        if (!folder || !file.startsWith(FOLDERS[folder])) throw new Error('not served');
        return send(200, TYPES[path.extname(file)] ?? 'application/octet-stream', readFileSync(file));
    } catch {
        return send(404, 'text/plain', 'there is no such file');
    }
}

async function main() {
    const browser = findBrowser();
    const state = { hasProc: os.platform() === 'linux' };
    const result = new Promise((done, failed) => Object.assign(state, { done, failed }));
    const server = createServer((request, response) => answer(request, response, state));
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    const profile = mkdtempSync(path.join(os.tmpdir(), 'svertka-bench-'));
    const flags = [
        '--headless=new', '--disable-gpu', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--disable-extensions', '--disable-quic',
        '--disable-background-timer-throttling', '--disable-renderer-backgrounding',
        `--user-data-dir=${profile}`,
    ];
    // Chromium's sandbox refuses to start for root, as in containers.
    if (process.getuid?.() === 0) flags.push('--no-sandbox');
    const load = [os.loadavg()[0]];
    const child = spawn(browser, [...flags, `http://127.0.0.1:${server.address().port}/browser/page.html`], { stdio: 'ignore' });
    state.pid = child.pid;
    child.on('exit', (code) => state.failed(new Error(`the browser ended with ${code}`)));
    try {
        const measured = await result;
        load.push(os.loadavg()[0]);
        const version = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
        const report = {
            date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
            machine: machine(),
            load,
            versions: {
                browser: version(browser, '--version'),
                rustc: version('rustc', '--version'),
                svertka: version('git', '-C', ROOT, 'describe', '--always', '--dirty'),
            },
            settings,
            ...measured,
        };
        writeFileSync(options.out, `${JSON.stringify(report, null, 1)}\n`);
    } finally {
        child.removeAllListeners('exit');
        child.kill();
        await new Promise((ended) => (child.exitCode === null && child.signalCode === null ? child.once('exit', ended) : ended()));
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        server.close();
        server.closeAllConnections();
    }
}

await main();
