// What rows of rounds come to, and how numbers are written.

export const KINDS = ['training', 'inference', 'one image'];

export function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Images per CPU second and per second of a row's rounds; null where there are none. Where the
// system tells no CPU time, wall time stands for it.
export function rates(row) {
    if (!row || row.rounds.length === 0) return null;
    const perCpu = row.rounds.map((round) => round.images / (round.cpu || round.wall));
    const losses = row.rounds.map((round) => round.loss);
    return {
        cpu: median(perCpu),
        least: Math.min(...perCpu),
        most: Math.max(...perCpu),
        wall: median(row.rounds.map((round) => round.images / round.wall)),
        loss: losses.at(-1),
    };
}

export const engineOf = (report, row) => {
    const { title, version } = report.contestants[row.contestant];
    const workers = row.workers > 1 ? `, ${row.workers} workers` : '';
    return `${title} ${version}${workers}`;
};

export const workloadsOf = (report) => [...new Set(report.rows.map((row) => row.workload))];

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

// Three digits that count, thousands apart.
export function number(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return '';
    if (value >= 1000) return grouped.format(Number(value.toPrecision(3)));
    if (value >= 100) return value.toFixed(0);
    return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export const percent = (part) => `${Math.round(part * 100)} %`;

export function table(head, rows) {
    const aligned = head.map((_, at) => (at === 0 ? '---' : '---:'));
    return [head, aligned, ...rows].map((cells) => `| ${cells.join(' | ')} |`).concat('');
}
