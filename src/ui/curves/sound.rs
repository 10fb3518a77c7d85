//! The loss as tones, for whoever would rather hear than watch it.
//!
//! The pitch follows the logarithm of the loss: `hz = 880 · √(loss / first)`, so that a loss four times smaller
//! than the first epoch's sounds an octave lower, wherever the run is. After each epoch the training's tone comes
//! first, then, softer, the validation's: what lies above the first is what the network has learnt by heart.

use crate::engine::event::{Logs, Monitor};

/// How the first epoch's training loss sounds, in Hz.
const FIRST_HZ: f64 = 880.0;
/// The deepest that small loudspeakers play.
const LOWEST_HZ: f64 = 110.0;
/// The highest that does not hurt.
const HIGHEST_HZ: f64 = 3_520.0;
/// How long a tone is, in s.
const LENGTH_S: f64 = 0.16;
/// Between two tones, in s.
const GAP_S: f64 = 0.04;
/// Of 1; the loudest that several tones could reach together must stay below it.
const LOUDNESS: f32 = 0.2;
const SOFTER: f32 = 0.1;

/// One tone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// Pitch.
    pub hz: f32,
    /// From now, in s.
    pub begin_s: f64,
    /// In s.
    pub length_s: f64,
    /// 0..1.
    pub loudness: f32,
}

impl Tone {
    /// When it is over, from now, in s.
    pub fn end_s(&self) -> f64 {
        self.begin_s + self.length_s
    }
}

/// The tones of the last of these epochs; none where no loss was measured.
pub fn tones(epochs: &[(usize, Logs)]) -> Vec<Tone> {
    let (Some((_, first)), Some((_, last))) = (epochs.first(), epochs.last()) else { return Vec::new() };
    let Some(first) = first.get(&Monitor::LOSS) else { return Vec::new() };
    let heard = [(Monitor::LOSS, LOUDNESS), (Monitor::VAL_LOSS, SOFTER)];
    let heard = heard.iter().filter_map(|(monitor, loudness)| Some((last.get(monitor)?, *loudness)));
    heard
        .enumerate()
        .map(|(place, (loss, loudness))| Tone {
            hz: pitch(loss, first),
            begin_s: place as f64 * (LENGTH_S + GAP_S),
            length_s: LENGTH_S,
            loudness,
        })
        .collect()
}

/// The pitch of a loss beside the first one, in Hz. What has no logarithm is at an end of the range: the lowest
/// tone for no loss at all, the highest for one that is not a number any more.
fn pitch(loss: f64, first: f64) -> f32 {
    if loss <= 0.0 {
        return LOWEST_HZ as f32;
    }
    let hz = FIRST_HZ * (loss / first).sqrt();
    if hz.is_nan() { HIGHEST_HZ as f32 } else { hz.clamp(LOWEST_HZ, HIGHEST_HZ) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(losses: &[(f64, Option<f64>)]) -> Vec<(usize, Logs)> {
        let logs = |(loss, val_loss): &(f64, Option<f64>)| {
            let mut logs = Logs::from([(Monitor::LOSS, *loss)]);
            if let Some(val_loss) = val_loss {
                logs.set(Monitor::VAL_LOSS, *val_loss);
            }
            logs
        };
        losses.iter().map(logs).enumerate().collect()
    }

    fn pitches(losses: &[(f64, Option<f64>)]) -> Vec<f32> {
        tones(&epochs(losses)).iter().map(|tone| tone.hz).collect()
    }

    #[test]
    fn a_loss_four_times_smaller_sounds_an_octave_lower() {
        assert_eq!(pitches(&[(2.0, None)]), [880.0]);
        assert_eq!(pitches(&[(2.0, None), (0.5, None)]), [440.0]);
        assert_eq!(pitches(&[(2.0, None), (1.0, None), (0.5, Some(2.0))]), [440.0, 880.0]);
    }

    #[test]
    fn the_validation_comes_after_the_training_and_softer() {
        let tones = tones(&epochs(&[(1.0, Some(1.0))]));
        assert_eq!(tones.len(), 2);
        assert!(tones[1].begin_s > tones[0].end_s() && tones[1].loudness < tones[0].loudness);
    }

    #[test]
    fn every_loss_has_a_tone_that_can_be_heard() {
        for loss in [0.0, -3.0, 1e-300, 1e300, f64::INFINITY, f64::NAN] {
            for first in [0.0, -1.0, 2.0, f64::NAN] {
                let hz = pitch(loss, first);
                assert!((110.0..=3_520.0).contains(&hz), "{loss} beside {first}: {hz} Hz");
            }
        }
        assert_eq!(pitch(f64::NAN, 2.0), 3_520.0);
        assert_eq!(pitch(0.0, 2.0), 110.0);
    }

    #[test]
    fn without_a_loss_there_is_silence() {
        assert!(tones(&[]).is_empty());
        assert!(tones(&[(0, Logs::from([(Monitor::ACCURACY, 0.5)]))]).is_empty());
    }
}
