// The picture: bars of images per CPU second, every workload on a scale of its own.

import { engineOf, number, rates, workloadsOf } from './numbers.mjs';

const WIDTH = 800;
const LABEL = 290;
const BAR = 16;
const ROW = 24;
const HEAD = 34;
const ROOM_FOR_NUMBER = 150;

const STYLE = `text{font:13px system-ui,sans-serif;fill:#1c2733}.head{font-weight:600}.bar{fill:#9aa7b4}.ours{fill:#1769aa}
@media (prefers-color-scheme:dark){text{fill:#e3e9ef}.bar{fill:#66727e}.ours{fill:#5aa9e6}}`;

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

// Without what stands in parentheses.
const short = (name) => name.replace(/ \(.*\)/, '');

export function picture(peers, others) {
    const parts = [];
    let y = 8;
    for (const kind of ['training', 'inference']) {
        for (const workload of workloadsOf(peers)) {
            const rows = [peers, ...others].flatMap((report) =>
                report.rows.filter((row) => row.workload === workload && row.kind === kind)
                    .map((row) => ({ row, name: short(engineOf(report, row)), rate: rates(row) })));
            const most = Math.max(...rows.map(({ rate }) => rate?.cpu ?? 0));
            parts.push(`<text class="head" x="0" y="${y + 18}">${workload} ${kind}, images per CPU second</text>`);
            y += HEAD;
            for (const { row, name, rate } of rows) {
                const length = rate ? Math.max(1, (rate.cpu / most) * (WIDTH - LABEL - ROOM_FOR_NUMBER)) : 0;
                const kindOfBar = row.contestant.startsWith('svertka') ? 'bar ours' : 'bar';
                parts.push(`<text x="0" y="${y + 13}">${escape(name)}</text>`);
                if (rate) parts.push(`<rect class="${kindOfBar}" x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`);
                parts.push(`<text x="${(LABEL + length + 8).toFixed(1)}" y="${y + 13}">${rate ? number(rate.cpu) : 'cannot'}</text>`);
                y += ROW;
            }
            y += 8;
        }
    }
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">`,
        `<title>Images per CPU second of every engine</title><style>${STYLE}</style>`,
        ...parts,
        '</svg>',
        '',
    ].join('\n');
}
