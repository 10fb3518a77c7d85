//! How many workers share a training, and who computes which chunks of a batch.
//!
//! A step takes `⌈chunks/w⌉·chunk + (w − 1)·helper + message + rest`: the largest share, what each helper
//! costs the training worker (weights down, gradients back and added), the way of a message there and
//! back if there are helpers at all, and what is done once (samples, metrics, optimizer). With the figures below, measured in Chromium (`docs/workers.md`), a number of
//! workers is chosen beyond which too little is won. They decide how long a run takes and nothing else.

use std::ops::Range;

use crate::engine::spec::{ModelSpec, SpecError};
use crate::engine::work;
use crate::protocol::CrewLimit;

/// FLOP per millisecond of one worker, zeros that are left out included; 40e6 to 85e6 were seen.
const SPEED: f64 = 50e6;
/// Milliseconds that each helper costs, …
const HELPER_MS: f64 = 0.03;
/// … and for each parameter.
const HELPER_PARAM_MS: f64 = 0.36e-6;
/// Milliseconds of a step in which whoever helps waits for a message, or is waited for.
const MESSAGE_MS: f64 = 0.2;
/// Milliseconds of what is done once, …
const REST_MS: f64 = 0.05;
/// … and for each parameter.
const REST_PARAM_MS: f64 = 0.67e-6;
/// What the next number of workers must win, as a part of the time.
const GAIN: f64 = 0.05;
/// Milliseconds of inference that a helper gets at once, at most, …
const SHARE_MS: f64 = 80.0;
/// … and values of input: 2 MiB.
const SHARE_VALUES: f64 = (1 << 19) as f64;

/// How many workers train, the training worker included, and why not as many as `wanted` or, where
/// nothing is wanted, as there are cores but one.
///
/// # Errors
/// If the spec is not valid.
pub fn crew_size(
    model: &ModelSpec,
    batch_len: usize,
    wanted: Option<usize>,
    cores: usize,
) -> Result<(usize, Option<CrewLimit>), SpecError> {
    let most = wanted.unwrap_or(cores.saturating_sub(1)).max(1);
    if work::couples_samples(model) {
        return Ok((1, (most > 1).then_some(CrewLimit::SamplesTogether)));
    }
    let chunk_size = work::chunk_size(model)?;
    let chunks = batch_len.div_ceil(chunk_size).max(1);
    let possible = most.min(chunks);
    if wanted.is_some() {
        return Ok((possible, (possible < most).then_some(CrewLimit::Batch)));
    }
    let (flop, params) = (work::training_flop(model)?, model.num_params()? as f64);
    let chunk_ms = flop * chunk_size as f64 / SPEED;
    let (helper_ms, rest_ms) = (HELPER_MS + params * HELPER_PARAM_MS, REST_MS + params * REST_PARAM_MS);
    let step_ms = |workers: usize| {
        let messages = if workers > 1 { MESSAGE_MS } else { 0.0 };
        chunks.div_ceil(workers) as f64 * chunk_ms + (workers - 1) as f64 * helper_ms + messages + rest_ms
    };
    let pays = |workers, best| step_ms(workers) < step_ms(best) * (1.0 - GAIN);
    let best = (2..=possible).fold(1, |best, workers| if pays(workers, best) { workers } else { best });
    let limit = if best == chunks {
        Some(CrewLimit::Batch)
    } else if best < possible {
        Some(CrewLimit::NoGain)
    } else if cores <= best {
        // The only core there is; none is left to anybody.
        None
    } else if pays(cores, best) {
        Some(CrewLimit::Cores)
    } else {
        Some(CrewLimit::NoGain)
    };
    Ok((best, limit))
}

/// Batches of an inference that a helper gets at once, at most: so many that little time is lost
/// between two shares, and so few that it is soon free for something else.
///
/// # Errors
/// If the spec is not valid.
pub fn most_batches(model: &ModelSpec, batch_size: usize) -> Result<usize, SpecError> {
    let batch_ms = work::inference_flop(model)? * batch_size as f64 / SPEED;
    let values = (model.input_shape.size() * batch_size) as f64;
    Ok((SHARE_MS / batch_ms).min(SHARE_VALUES / values).max(1.0) as usize)
}

/// Batches for the next helper, when `left` are neither computed nor given out. Shares become smaller
/// towards the end, so that all are done at about the same time; there are few different ones, since
/// memory is kept by its size.
pub fn num_batches(left: usize, workers: usize, most: usize) -> usize {
    // The last one is the training worker's own.
    if left < 2 { 0 } else { 1 << (left / (2 * workers)).clamp(1, most).ilog2() }
}

/// The chunks of each helper; those before are the training worker's own, which has the other work
/// too and so never more than they.
pub fn shares(num_chunks: usize, helpers: usize) -> impl Iterator<Item = Range<usize>> {
    let own = (num_chunks / (helpers + 1)).max(1).min(num_chunks);
    let rest = num_chunks - own;
    let begin = move |helper: usize| own + rest / helpers * helper + helper.min(rest % helpers);
    (0..helpers).map(move |helper| begin(helper)..begin(helper + 1)).filter(|share| !share.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{BatchNormalizationSpec, LayerSpec};
    use crate::engine::presets::Preset;

    fn size(
        preset: Preset,
        batch_len: usize,
        wanted: Option<usize>,
        cores: usize,
    ) -> (usize, Option<CrewLimit>) {
        crew_size(&preset.spec(), batch_len, wanted, cores).unwrap()
    }

    #[test]
    fn a_core_is_left_to_the_page() {
        assert_eq!(size(Preset::KerasCnn, 64, None, 1), (1, None));
        assert_eq!(size(Preset::KerasCnn, 64, None, 2), (1, Some(CrewLimit::Cores)));
        assert_eq!(size(Preset::KerasCnn, 64, None, 4), (3, Some(CrewLimit::Cores)));
        assert_eq!(size(Preset::KerasCnn, 64, Some(2), 2), (2, None));
    }

    #[test]
    fn a_core_that_would_win_nothing_is_not_the_reason() {
        // The fifth worker would leave the largest share of eight chunks as it is.
        assert_eq!(size(Preset::KerasCnn, 64, None, 5), (4, Some(CrewLimit::NoGain)));
        assert_eq!(size(Preset::Mlp, 64, None, 2), (1, Some(CrewLimit::Batch)));
    }

    #[test]
    fn no_more_workers_than_chunks() {
        assert_eq!(size(Preset::KerasCnn, 64, Some(16), 4), (8, Some(CrewLimit::Batch)));
        assert_eq!(size(Preset::Mlp, 64, None, 8), (1, Some(CrewLimit::Batch)));
    }

    #[test]
    fn no_worker_that_wins_nothing() {
        // Five, six and seven workers have the same largest share of eight chunks as four.
        assert_eq!(size(Preset::KerasCnn, 64, None, 8), (4, Some(CrewLimit::NoGain)));
    }

    #[test]
    fn samples_that_look_at_each_other_stay_together() {
        let mut model = Preset::Lenet5.spec();
        model.layers.insert(1, BatchNormalizationSpec::default().into());
        let limit = Some(CrewLimit::SamplesTogether);
        assert_eq!(crew_size(&model, 64, Some(4), 8).unwrap(), (1, limit));
        assert_eq!(crew_size(&model, 64, None, 3).unwrap(), (1, limit));
        // Where there would be one worker anyway, this is not why.
        assert_eq!(crew_size(&model, 64, Some(1), 8).unwrap(), (1, None));
        assert_eq!(crew_size(&model, 64, None, 1).unwrap(), (1, None));
    }

    #[test]
    fn shares_of_an_inference_are_long_but_not_too_long() {
        let most = [Preset::Mlp, Preset::Lenet5, Preset::KerasCnn]
            .map(|preset| most_batches(&preset.spec(), 32).unwrap());
        assert_eq!(most, [20, 20, 20], "by their values");
        let mut slow = Preset::KerasCnn.spec();
        for layer in &mut slow.layers {
            if let LayerSpec::Conv2d(conv) = layer {
                conv.filters *= 2;
            }
        }
        assert_eq!(most_batches(&slow, 32).unwrap(), 6, "by its time");
        assert_eq!(most_batches(&Preset::KerasCnn.spec(), 10_000).unwrap(), 1);
    }

    #[test]
    fn shares_of_an_inference_become_smaller_towards_the_end() {
        let mut left = 100;
        let mut sizes = Vec::new();
        while left > 0 {
            let num = num_batches(left, 2, 14);
            sizes.push(num);
            // The training worker's own.
            left -= num.max(1);
        }
        assert_eq!(sizes[..3], [8, 8, 8]);
        assert!(sizes.is_sorted_by(|before, after| before >= after), "{sizes:?}");
        assert_eq!(sizes.last(), Some(&0), "the last one is not worth a message");
        assert_eq!(num_batches(2, 16, 14), 1);
    }

    #[test]
    fn every_chunk_has_one_owner_and_shares_are_even() {
        for num_chunks in 1..20 {
            for helpers in 0..8 {
                let shares: Vec<_> = shares(num_chunks, helpers).collect();
                let own = shares.first().map_or(num_chunks, |first| first.start);
                let ends = shares.iter().fold(own, |end, share| {
                    assert_eq!(share.start, end);
                    share.end
                });
                assert!(own >= 1 && ends == num_chunks, "{num_chunks} {helpers} {shares:?}");
                let largest = shares.iter().map(Range::len).fold(own, usize::max);
                assert_eq!(largest, num_chunks.div_ceil(helpers + 1), "{num_chunks} {helpers}");
            }
        }
    }
}
