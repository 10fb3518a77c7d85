// Lets the contestants work in turns and notes images, wall time and CPU time of every turn.
//
// Each contestant has a worker of its own; all live in this one page. Within a round they take
// turns, so that whatever else the machine does meets all of them alike.

import { measure } from './shipped.js';

const SHARDS = ['test-00.bin', 'test-01.bin'];
// A turn of a probe: long against the clock's steps of 0.1 ms.
const PROBE_MS = 10;
const PROBE_TURNS = 40;

const get = async (path) => (await fetch(path)).json();
const post = (path, text) => fetch(path, { method: 'POST', body: text });

class Contestant {
    constructor(id) {
        this.id = id;
        this.worker = new Worker(`contestants/${id}.js`, { type: 'module' });
        this.waiting = new Map();
        this.worker.onmessage = ({ data }) => {
            const { resolve, reject } = this.waiting.get(data.call);
            this.waiting.delete(data.call);
            if (data.error) reject(new Error(data.error));
            else resolve(data.result);
        };
        this.worker.onerror = (event) => {
            for (const { reject } of this.waiting.values()) reject(new Error(event.message ?? 'its script does not load'));
        };
    }

    ask(method, ...args) {
        const call = this.waiting.size + Math.random();
        return new Promise((resolve, reject) => {
            this.waiting.set(call, { resolve, reject });
            this.worker.postMessage({ call, method, args });
        });
    }
}

const named = ({ title, version }) => ({ title, version });

async function shards() {
    const one = async (file) => {
        const compressed = await fetch(`/engine/data/mnist/${file}`);
        const raw = compressed.body.pipeThrough(new DecompressionStream('gzip'));
        return new Response(raw).arrayBuffer();
    };
    return Promise.all(SHARDS.map(one));
}

// One turn: how many images in how much time.
async function turn(contestant, kind, seconds) {
    const before = await get('/cpu');
    const { images, ms, loss } = await contestant.ask('work', kind, seconds * 1000);
    const after = await get('/cpu');
    const cpu = before.seconds === null ? null : after.seconds - before.seconds;
    return { images, wall: ms / 1000, cpu, load: after.load, loss };
}

// All contestants in turns; one that fails drops out with its reason.
async function rounds(contestants, workload, kind, settings) {
    const rows = contestants.map((contestant) => ({
        workload, kind, contestant: contestant.id, workers: 1, rounds: [],
    }));
    for (let round = 0; round <= settings.rounds; round += 1) {
        // Another one begins each round, so that nobody always follows the same one.
        for (let offset = 0; offset < contestants.length; offset += 1) {
            const at = (round + offset) % contestants.length;
            const row = rows[at];
            if (row.error) continue;
            try {
                const measured = await turn(contestants[at], kind, round === 0 ? settings.warmup : settings.seconds);
                if (round > 0) row.rounds.push(measured);
            } catch (error) {
                row.error = error.message;
            }
        }
        await post('/say', `${workload} ${kind}, round ${round} of ${settings.rounds}`);
    }
    return rows;
}

async function probes(contestant) {
    const found = await contestant.ask('probes');
    for (const [at, probe] of found.entries()) {
        probe.seconds = await contestant.ask('probe', at, PROBE_MS, PROBE_TURNS);
    }
    return found;
}

async function main() {
    const settings = await get('/settings');
    const raw = await shards();
    const ours = new Contestant('svertka');
    const { pixels, labels, title, version } = await ours.ask('load', { shards: raw });
    const values = Float32Array.from(pixels, (pixel) => pixel / 255);
    const contestants = [];
    const titles = {};
    for (const id of settings.contestants) {
        const contestant = id === 'svertka' ? ours : new Contestant(id);
        try {
            titles[id] = contestant === ours ? { title, version } : named(await contestant.ask('load', { shards: raw, values, labels }));
            contestants.push(contestant);
        } catch (error) {
            titles[id] = { title: id, version: '', error: error.message };
        }
    }
    const result = { contestants: titles, operations: {}, probes: [], rows: [] };
    if (settings.alone) {
        result.probes = await probes(ours);
        const fast = contestants.find(({ id }) => id === 'svertka-fast');
        if (fast) result.fastProbes = await probes(fast);
    }
    for (const workload of settings.workloads) {
        result.operations[workload] = await ours.ask('operations', workload);
        const ready = [];
        for (const contestant of contestants) {
            try {
                await contestant.ask('prepare', workload);
                ready.push(contestant);
            } catch (error) {
                result.rows.push({ workload, kind: 'training', contestant: contestant.id, workers: 1, rounds: [], error: error.message });
            }
        }
        for (const kind of ['training', 'inference', 'one image']) {
            result.rows.push(...(await rounds(ready, workload, kind, settings)));
        }
        for (const contestant of ready) await contestant.ask('release');
    }
    if (settings.alone) {
        // Once more, so that a busy moment at the beginning does not lower the peak.
        const again = await ours.ask('probe', 0, PROBE_MS, PROBE_TURNS);
        result.probes[0].seconds = Math.min(result.probes[0].seconds, again);
        const { rows, clicks, memory } = await measure(settings, pixels, () => get('/cpu'));
        result.rows.push(...rows);
        Object.assign(result, { clicks, memory });
        titles.page = { title: "Svertka's page", version: '' };
    }
    await post('/done', JSON.stringify(result));
}

main().catch((error) => post('/failed', `${error.stack ?? error}`));
