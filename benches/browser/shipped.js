// The page's own worker, asked as the page asks it: how soon after a click it trains, how fast it
// trains with some number of workers, how soon it predicts a drawing.

import init, { Lab } from '/engine/speed.js';
import { BATCH, WORKLOADS } from './workloads.js';

// The default subset of the training page, and one that fills whole batches.
const DEFAULT_SAMPLES = 7_000;
const SAMPLES = 6_400;
const PREDICTIONS = 100;
// Long enough for every buffer to be as large as it gets.
const MEMORY_SECONDS = 1;

class Shipped {
    constructor() {
        this.steps = 0;
        this.workers = 1;
        this.waiting = [];
        this.lab = new Lab('/engine/worker_loader.js', (what, number) => this.hear(what, number));
    }

    hear(what, number) {
        if (what === 'steps') this.steps = number;
        if (what === 'workers') this.workers = number;
        const failed = what.startsWith('failed');
        this.waiting = this.waiting.filter(({ wanted, resolve, reject }) => {
            if (failed) reject(new Error(what));
            else if (what === wanted) resolve(performance.now());
            return !failed && what !== wanted;
        });
    }

    // The time at which it is heard.
    next(wanted) {
        return new Promise((resolve, reject) => this.waiting.push({ wanted, resolve, reject }));
    }

    async train(preset, samples, workers) {
        const begin = performance.now();
        const stepped = this.next('steps');
        this.lab.start(preset, samples, workers);
        return (await stepped) - begin;
    }

    async pause() {
        const paused = this.next('paused');
        this.lab.pause();
        return paused;
    }

    async predict(pixels) {
        const begin = performance.now();
        const predicted = this.next('predicted');
        this.lab.predict(pixels);
        return (await predicted) - begin;
    }
}

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// A new worker, ready for a click.
async function open() {
    const shipped = new Shipped();
    await shipped.next('ready');
    return shipped;
}

async function turn(shipped, seconds, cpuSeconds) {
    const [before, steps, begin] = [await cpuSeconds(), shipped.steps, performance.now()];
    shipped.lab.resume();
    await sleep(seconds);
    const end = await shipped.pause();
    const after = await cpuSeconds();
    const cpu = before.seconds === null ? null : after.seconds - before.seconds;
    return { images: (shipped.steps - steps) * BATCH, wall: (end - begin) / 1000, cpu, load: after.load };
}

// From a click to the first step: with an empty cache of images, and as a returning reader meets it.
async function clicks(workload, workers) {
    const times = [];
    for (const name of await caches.keys()) await caches.delete(name);
    for (const cache of ['empty', 'warm']) {
        const shipped = await open();
        times.push({ workload, workers, cache, ms: await shipped.train(WORKLOADS[workload].preset, DEFAULT_SAMPLES, workers) });
        shipped.lab.free();
    }
    return times;
}

// The memory of the youngest worker that is no helper, in bytes.
async function memory() {
    const channel = new BroadcastChannel('memory');
    const told = [];
    channel.onmessage = ({ data }) => told.push(data);
    channel.postMessage('tell');
    await sleep(MEMORY_SECONDS);
    channel.close();
    const own = told.filter(({ name }) => !name.startsWith('crew-')).sort((a, b) => b.born - a.born);
    return own[0].bytes;
}

async function peak(workload) {
    const shipped = await open();
    const loaded = await memory();
    await shipped.train(WORKLOADS[workload].preset, DEFAULT_SAMPLES, 1);
    await sleep(MEMORY_SECONDS);
    await shipped.pause();
    const result = { workload, images: DEFAULT_SAMPLES, before: loaded, training: await memory() };
    shipped.lab.free();
    return result;
}

async function predictions(shipped, pixels) {
    const times = [];
    for (let at = 0; at < PREDICTIONS; at += 1) times.push(await shipped.predict(pixels.slice(at * 784, (at + 1) * 784)));
    return times;
}

// Rows of training and of single predictions, and the times from a click to the first step. Numbers
// of workers take turns as engines do; each has a worker of its own, which rests meanwhile.
export async function measure(settings, pixels, cpuSeconds) {
    await init();
    const result = { rows: [], clicks: [], memory: [] };
    for (const workload of settings.workloads) {
        result.memory.push(await peak(workload));
        const crews = [];
        for (const workers of settings.workers) {
            result.clicks.push(...(await clicks(workload, workers)));
            const shipped = await open();
            await shipped.train(WORKLOADS[workload].preset, SAMPLES, workers);
            await sleep(settings.warmup);
            await shipped.pause();
            crews.push({ shipped, row: { workload, kind: 'training', contestant: 'page', workers: shipped.workers, wanted: workers, rounds: [] } });
        }
        for (let round = 0; round < settings.rounds; round += 1) {
            for (const { shipped, row } of crews) row.rounds.push(await turn(shipped, settings.seconds, cpuSeconds));
        }
        const times = await predictions(crews[0].shipped, pixels);
        result.rows.push(...crews.map(({ row }) => row));
        result.rows.push({ workload, kind: 'prediction', contestant: 'page', workers: 1, rounds: [], times });
        for (const { shipped } of crews) shipped.lab.free();
    }
    return result;
}
