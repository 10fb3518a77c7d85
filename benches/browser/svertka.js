// Svertka's engine, built as the worker of the page is: by one of its two builds.

import { serve } from './contestant.js';
import { WORKLOADS } from './workloads.js';

export function serveEngine({ default: init, Images, Network, Probes, operations }, version) {
    let images;
    let network;
    let probes;

    serve({
        async load({ shards }) {
            await init();
            images = new Images();
            for (const shard of shards) images.append(new Uint8Array(shard));
            return { title: 'Svertka', version, pixels: images.pixels(), labels: images.labels() };
        },
        prepare(workload) {
            network = new Network(WORKLOADS[workload].preset, images);
        },
        train: () => network.train(1),
        infer: (begin, end) => network.infer(begin, end),
        release() {
            network.free();
        },
        operations(workload) {
            const [training, inference] = operations(WORKLOADS[workload].preset);
            return { training, inference };
        },
        probes() {
            probes = new Probes();
            const describe = (_, at) => ({ name: probes.name(at), amount: probes.amount(at), arithmetic: probes.is_arithmetic(at) });
            return Array.from({ length: probes.count() }, describe);
        },
        // Seconds of one run: the shortest of `turns` turns that each last about `ms`, divided by its runs.
        // Whatever else the machine does only makes a turn longer.
        probe(at, ms, turns) {
            const time = (runs) => {
                const begin = performance.now();
                probes.run(at, runs);
                return performance.now() - begin;
            };
            let runs = 1;
            while (time(runs) < ms) runs *= 2;
            let best = Infinity;
            for (let turn = 0; turn < turns; turn += 1) best = Math.min(best, time(runs));
            return best / runs / 1000;
        },
    });
}
