//! The most a loop can do: multiply-adds on registers alone.

use std::hint::black_box;

use super::{Probe, Work};

/// Values of a 128-bit vector, WebAssembly's only kind.
const LANES: usize = 4;
/// Sums that run beside each other: a multiplication and an addition take some six cycles one after
/// the other, and processors begin two of them in each. With the two operands these are 14 vectors,
/// which stay in the 16 registers of x86.
const CHAINS: usize = 12;
/// Steps of one run: long enough to hide the call.
const STEPS: usize = 20_000;

/// What [`add_up`] works on.
type Sums = [[f32; LANES]; CHAINS];

/// `CHAINS` running sums that never leave their registers. What any kernel reaches is a part of
/// this; the multiply-adds are not fused, as nowhere on the reference path.
pub fn registers() -> Probe {
    let work = Work::Operations((2 * STEPS * CHAINS * LANES) as u64);
    let mut sums = [[1.0; LANES]; CHAINS];
    // Factor and term keep every sum near 1: neither infinite nor denormal, which would be slow.
    Probe::new("registers only: the peak", work, move || {
        add_up(STEPS, black_box(&[0.999; LANES]), black_box(&[0.001; LANES]), &mut sums);
        black_box(&sums);
    })
}

#[inline(never)]
fn add_up(steps: usize, factor: &[f32; LANES], term: &[f32; LANES], sums: &mut Sums) {
    let (factor, term) = (*factor, *term);
    // A copy, which stays in registers; loading and storing it by rows is what makes vectors of rows.
    let mut running = *sums;
    for _ in 0..steps {
        for sum in &mut running {
            for ((value, factor), term) in sum.iter_mut().zip(factor).zip(term) {
                *value = *value * factor + term;
            }
        }
    }
    *sums = running;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_stay_where_they_are() {
        let mut sums = [[1.0; LANES]; CHAINS];
        add_up(1000, &[0.999; LANES], &[0.001; LANES], &mut sums);
        assert!(sums.iter().flatten().all(|sum| (sum - 1.0).abs() < 1e-3), "{sums:?}");
    }
}
