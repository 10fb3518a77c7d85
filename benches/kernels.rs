//! The native benchmark: the peak, the kernels and the three workloads of [`svertka::speed`].
//!
//! Throughput is floating-point operations, values or images per second, whichever a name says.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use svertka::data::{LabeledImages, gzip, shard};
use svertka::speed::workload::{BATCH, WORKLOADS, Workload};
use svertka::speed::{Work, kernels, peak};

fn probes(criterion: &mut Criterion) {
    for mut probe in std::iter::once(peak::registers()).chain(kernels::all()) {
        let group = match probe.work {
            Work::Operations(_) => "operations",
            Work::Values(_) => "values",
        };
        let mut group = criterion.benchmark_group(group);
        group.throughput(Throughput::Elements(probe.work.amount()));
        group.bench_function(probe.name.clone(), |bencher| bencher.iter(|| probe.run()));
    }
}

fn workloads(criterion: &mut Criterion) {
    let images = Arc::new(images());
    let mut group = criterion.benchmark_group("images");
    for (name, preset) in WORKLOADS {
        let mut workload = Workload::new(preset, Arc::clone(&images)).expect("a preset is valid");
        group.throughput(Throughput::Elements(BATCH as u64));
        group.bench_function(format!("{name} training"), |bencher| bencher.iter(|| workload.train(1)));
        group.throughput(Throughput::Elements(1000));
        group.bench_function(format!("{name} inference"), |bencher| bencher.iter(|| workload.infer(0..1000)));
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("{name} one image"), |bencher| {
            bencher.iter(|| workload.infer(black_box(0..1)));
        });
    }
}

/// The first shard of MNIST's test images.
fn images() -> LabeledImages {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data/mnist/test-00.bin");
    let compressed = std::fs::read(&path).expect("the data set is part of the sources");
    let bytes = gzip::decompress(&compressed, shard::MAX_RAW_BYTES).expect("its checksum is tested");
    shard::decode(&bytes).expect("its form is tested")
}

/// Half a minute for each would be much for forty.
fn settings() -> Criterion {
    let (warm_up, measurement) = (Duration::from_millis(500), Duration::from_secs(2));
    Criterion::default().sample_size(20).warm_up_time(warm_up).measurement_time(measurement)
}

criterion_group! { name = benches; config = settings(); targets = probes, workloads }
criterion_main!(benches);
