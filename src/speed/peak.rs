//! The most a loop can do: multiply-adds on registers alone.

use std::hint::black_box;

use super::{Probe, Work};
use crate::tensor::kernels::lanes::{Lanes, WIDTH};

/// Sums that run beside each other: a multiplication and an addition take some six cycles one after
/// the other, and processors begin two of them in each. With the two operands these are 14 vectors,
/// which stay in the 16 registers of x86.
const CHAINS: usize = 12;
/// Steps of one run: long enough to hide the call.
const STEPS: usize = 20_000;

/// What [`add_up`] works on.
type Sums = [[f32; WIDTH]; CHAINS];

/// `CHAINS` running sums that never leave their registers. What any kernel reaches is a part of
/// this; the multiply-adds are fused in the fast worker alone, as everywhere.
pub fn registers() -> Probe {
    let work = Work::Operations((2 * STEPS * CHAINS * WIDTH) as u64);
    let mut sums = [[1.0; WIDTH]; CHAINS];
    // Factor and term keep every sum near 1: neither infinite nor denormal, which would be slow.
    Probe::new("registers only: the peak", work, move || {
        add_up(STEPS, black_box(0.999), black_box(0.001), &mut sums);
        black_box(&sums);
    })
}

#[inline(never)]
fn add_up(steps: usize, factor: f32, term: f32, sums: &mut Sums) {
    let (factor, term) = (Lanes::splat(factor), Lanes::splat(term));
    let mut running = sums.map(Lanes::load);
    for _ in 0..steps {
        for sum in &mut running {
            *sum = term.add_product(*sum, factor);
        }
    }
    *sums = running.map(Lanes::store);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_stay_where_they_are() {
        let mut sums = [[1.0; WIDTH]; CHAINS];
        add_up(1000, 0.999, 0.001, &mut sums);
        assert!(sums.iter().flatten().all(|sum| (sum - 1.0).abs() < 1e-3), "{sums:?}");
    }
}
