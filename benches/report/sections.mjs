// The sections of RESULTS.md.

import { KINDS, engineOf, median, number, percent, rates, table, workloadsOf } from './numbers.mjs';

const GIGA = 1e9;
const PEAK = 0;

// Operations per second that vectors reach at most, from the first probe of a run.
function peakOf(report) {
    const probe = report?.probes?.[PEAK];
    return probe ? probe.amount / probe.seconds : null;
}

// Both builds of the engine.
const isOurs = (row) => row.contestant.startsWith('svertka');

export function settings(report) {
    const { machine, versions, load, settings: turns } = report;
    return [
        `${report.date}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGib} GiB, ${machine.system}; ` +
            `${versions.browser}; ${versions.rustc}; Svertka ${versions.svertka}. ` +
            `Load average ${load.map(number).join(' before, ')} after. ` +
            `${turns.rounds} rounds of ${turns.seconds} s after ${turns.warmup} s of warming up; medians.`,
        '',
    ];
}

function operationsOf(report, workload, kind) {
    const of = report.operations[workload];
    return kind === 'training' ? of.training : of.inference;
}

export function workloads(report) {
    const peak = peakOf(report);
    const rows = report.rows.filter(isOurs).map((row) => {
        const rate = rates(row);
        const name = `${row.workload} ${row.kind}, ${report.contestants[row.contestant].version}`;
        if (!rate) return [name, row.error ?? '', '', '', '', ''];
        const operations = rate.cpu * operationsOf(report, row.workload, row.kind);
        const latency = row.kind === 'one image' ? `${number(1000 / rate.wall)} ms` : '';
        return [name, number(rate.cpu), number(rate.wall), latency, number(operations / GIGA), peak ? percent(operations / peak) : ''];
    });
    const head = ['workload', 'images per CPU second', 'images per second', 'latency', 'GFLOP/s', 'of the peak'];
    return table(head, rows);
}

// What a reader of the page meets: from the click to the first step, training, one prediction.
export function page(report) {
    const of = (kind) => report.rows.filter((row) => row.contestant === 'page' && row.kind === kind);
    const rows = of('training').map((row) => {
        const rate = rates(row);
        const alone = rates(of('training').find((other) => other.workload === row.workload && other.wanted === 1));
        const clicks = report.clicks.filter((click) => click.workload === row.workload && click.workers === row.wanted);
        const first = (cache) => number(clicks.find((click) => click.cache === cache)?.ms);
        const times = of('prediction').find((other) => other.workload === row.workload)?.times ?? [];
        return [
            row.workload, row.wanted, row.workers, number(rate.wall), (rate.wall / alone.wall).toFixed(2), number(rate.cpu),
            first('empty'), first('warm'), row.wanted === 1 ? number(median(times)) : '',
        ];
    });
    const head = [
        'workload', 'workers', 'of them working', 'images per second', '× one worker', 'images per CPU second',
        'first step, ms, empty cache', 'warm cache', 'one prediction, ms',
    ];
    return table(head, rows);
}

// How large the worker's memory is before and after a second of training with one worker.
export function memory(report) {
    const mib = (bytes) => number(bytes / 2 ** 20);
    const rows = (report.memory ?? []).map(({ workload, images, before, training }) => [workload, mib(before), mib(training), mib(images * 28 * 28)]);
    if (rows.length === 0) return [];
    const head = ['workload', 'memory of the worker before, MiB', 'after training', 'of it images, MiB'];
    return ['### Memory', '', ...table(head, rows)];
}

export function kernels(report, natively) {
    const peaks = [peakOf(report), null];
    const beside = new Map((natively?.probes ?? []).map((probe) => [probe.name, probe]));
    const first = beside.get(report.probes[PEAK]?.name);
    if (first) peaks[1] = first.amount / first.seconds;
    const cells = (probe, peak) => {
        if (!probe) return ['', ''];
        const rate = probe.amount / probe.seconds;
        return probe.arithmetic ? [`${number(rate / GIGA)} GFLOP/s`, percent(rate / peak)] : [`${number(rate / GIGA)} G values/s`, ''];
    };
    const fast = report.fastProbes ?? [];
    const fastPeak = fast.length > 0 ? fast[PEAK].amount / fast[PEAK].seconds : null;
    const rows = report.probes.map((probe, at) => [
        probe.name, number(probe.seconds * 1e6), ...cells(probe, peaks[0]), ...cells(fast[at], fastPeak),
        ...cells(beside.get(probe.name), peaks[1]),
    ]);
    const head = ['kernel', 'µs', 'WebAssembly, simd128', 'of the peak', 'relaxed-simd', 'of the peak', 'native', 'of the peak'];
    return table(head, rows);
}

export function native(report) {
    const rows = report.images.map((probe) => [probe.name, number(probe.amount / probe.seconds)]);
    const intro = `${report.date}, ${report.versions.rustc}, no processor features beyond the target's own; the shortest sample of each.`;
    return [intro, '', ...table(['workload', 'images per second'], rows)];
}

// The most of any engine but ours, in the browser.
const bestPeer = (rows) => Math.max(...rows.filter((row) => !isOurs(row)).map((row) => rates(row)?.cpu ?? 0));

export function inTurns(peers, others, browser) {
    const peak = peakOf(browser);
    const text = settings(peers);
    for (const report of others) {
        const [{ title }] = Object.values(report.contestants);
        text.push(`Native ${title}: measured by itself, ${report.date}, load average ${loads(report)}.`, '');
    }
    if (browser) text.push(`The peak is that of the browser's own run, ${browser.date}, further below, which may be another machine's.`, '');
    for (const workload of workloadsOf(peers)) {
        for (const kind of KINDS) {
            const of = (report) => (report?.rows ?? []).filter((row) => row.workload === workload && row.kind === kind);
            const rows = of(peers);
            if (rows.length === 0) continue;
            const best = bestPeer(rows);
            const operations = operationsOf(peers, workload, kind);
            const line = (report) => (row) => {
                const rate = rates(row);
                if (!rate) return [engineOf(report, row), row.error, '', '', '', '', ''];
                const speed = rate.cpu * operations;
                return [
                    engineOf(report, row), number(rate.cpu), `${number(rate.least)} to ${number(rate.most)}`, number(rate.wall),
                    best ? (rate.cpu / best).toFixed(2) : '', `${number(speed / GIGA)}${peak && report === peers ? `, ${percent(speed / peak)}` : ''}`,
                    rate.loss ? rate.loss.toFixed(3) : '',
                ];
            };
            const head = ['engine', 'images per CPU second', 'least to most', 'images per second', '× best peer', 'GFLOP/s, of the peak', 'loss at the end'];
            const lines = [...rows.map(line(peers)), ...others.flatMap((report) => of(report).map(line(report)))];
            // Only training has a loss.
            const shown = kind === 'training' ? lines : lines.map((cells) => cells.slice(0, -1));
            text.push(`### ${workload}, ${kind}`, '', ...table(kind === 'training' ? head : head.slice(0, -1), shown));
        }
    }
    return text;
}

// From the least to the most; above the number of cores, other work took a part of them.
function loads(report) {
    const all = report.rows.flatMap((row) => row.rounds.map((round) => round.load));
    return `${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)}`;
}
