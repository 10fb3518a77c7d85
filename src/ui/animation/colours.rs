//! At most 255 colours for a whole animation. Pictures have few, inks and colour ramps, and those are kept
//! as they are; what lies between them at soft edges goes to the nearest.

use color_quant::NeuQuant;
use std::collections::HashMap;

type Rgb = [u8; 3];

/// How often each colour was seen.
#[derive(Clone, Debug, Default)]
pub struct Tally(HashMap<Rgb, u32>);

/// The chosen colours, and the nearest of them for every colour that was asked for.
#[derive(Clone, Debug)]
pub struct Colours {
    chosen: Vec<Rgb>,
    nearest: HashMap<Rgb, u8>,
}

/// Colours of one animation, at most: one of the 256 stands for "as before".
const MOST: usize = 255;
/// Of those, the most frequent that are kept as they are where there are too many.
const KEPT: usize = 159;
/// Colours that the others are chosen by, at most, so that the choice takes a few ms.
const SAMPLES: usize = 8_000;

impl Tally {
    /// Counts the pixels of a frame, four bytes each; what is transparent counts too.
    pub fn add(&mut self, rgba: &[u8]) {
        // Pictures are flat: one look-up for each run of a colour.
        for_each_run(rgba, |colour, length| *self.0.entry(colour).or_default() += length as u32);
    }

    /// The colours for all that was counted.
    pub fn colours(&self) -> Colours {
        let mut seen: Vec<(Rgb, u32)> = self.0.iter().map(|(colour, count)| (*colour, *count)).collect();
        // The most frequent first, equal ones in a fixed order.
        seen.sort_unstable_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
        let kept = if seen.len() <= MOST { seen.len() } else { KEPT };
        let mut chosen: Vec<Rgb> = seen[..kept].iter().map(|(colour, _)| *colour).collect();
        let rest = &seen[kept..];
        if !rest.is_empty() {
            let step = rest.len().div_ceil(SAMPLES);
            let samples: Vec<u8> =
                rest.iter().step_by(step).flat_map(|([r, g, b], _)| [*r, *g, *b, 255]).collect();
            let others = NeuQuant::new(1, MOST - KEPT, &samples).color_map_rgb();
            chosen.extend(others.as_chunks::<3>().0);
        }
        // An animation of nothing still has a colour.
        if chosen.is_empty() {
            chosen.push([255; 3]);
        }
        Colours { chosen, nearest: HashMap::new() }
    }
}

impl Colours {
    /// The colours one after the other, three bytes each.
    pub fn bytes(&self) -> Vec<u8> {
        self.chosen.as_flattened().to_vec()
    }

    /// For every pixel of a frame its colour's place.
    pub fn places(&mut self, rgba: &[u8]) -> Vec<u8> {
        let mut places = Vec::with_capacity(rgba.len() / 4);
        for_each_run(rgba, |colour, length| {
            let chosen = &self.chosen;
            let place = *self.nearest.entry(colour).or_insert_with(|| nearest(chosen, colour));
            places.resize(places.len() + length, place);
        });
        places
    }
}

fn nearest(chosen: &[Rgb], colour: Rgb) -> u8 {
    let distance =
        |other: &Rgb| -> u32 { other.iter().zip(colour).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
    let place = (0..chosen.len()).min_by_key(|place| distance(&chosen[*place]));
    place.unwrap_or(0) as u8
}

/// Calls with every run of one colour.
fn for_each_run(rgba: &[u8], mut call: impl FnMut(Rgb, usize)) {
    let (pixels, _) = rgba.as_chunks::<4>();
    for run in pixels.chunk_by(|a, b| a == b) {
        let [r, g, b, _] = run[0];
        call([r, g, b], run.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(colours: impl IntoIterator<Item = Rgb>) -> Vec<u8> {
        colours.into_iter().flat_map(|[r, g, b]| [r, g, b, 255]).collect()
    }

    fn shown(colours: &mut Colours, rgba: &[u8]) -> Vec<Rgb> {
        let places = colours.places(rgba);
        places.into_iter().map(|place| colours.chosen[usize::from(place)]).collect()
    }

    #[test]
    fn few_colours_stay_as_they_are() {
        let ramp: Vec<Rgb> = (0..=254).map(|level| [level, 255 - level, 7]).collect();
        let mut tally = Tally::default();
        tally.add(&frame(ramp.clone()));
        let mut colours = tally.colours();
        assert_eq!(colours.chosen.len(), 255);
        assert_eq!(shown(&mut colours, &frame(ramp.clone())), ramp);
    }

    #[test]
    fn of_many_the_frequent_stay_and_the_others_move_a_little() {
        // A paper of one ink below a photo of 4096 colours.
        let photo: Vec<Rgb> = (0..4096u32)
            .map(|idx| [(idx % 16 * 17) as u8, (idx / 16 % 16 * 17) as u8, (idx / 256 * 17) as u8])
            .collect();
        let paper = vec![[251, 250, 246]; 3000];
        let all = frame(paper.iter().chain(&photo).copied());
        let mut tally = Tally::default();
        tally.add(&all);
        let mut colours = tally.colours();
        assert!(colours.chosen.len() <= 255);
        let shown = shown(&mut colours, &all);
        assert_eq!(shown[..3000], paper[..]);
        let error = |(a, b): (&Rgb, &Rgb)| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum()
        };
        let mean: f64 = shown[3000..].iter().zip(&photo).map(error).sum::<f64>() / 4096.0;
        // A cube of 96 colours has cells about 56 to a side.
        assert!(mean.sqrt() < 45.0, "{}", mean.sqrt());
    }

    #[test]
    fn an_animation_of_nothing_has_a_colour() {
        assert_eq!(Tally::default().colours().bytes(), [255; 3]);
    }
}
