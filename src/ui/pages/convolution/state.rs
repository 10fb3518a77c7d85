//! What the page keeps beside the settings: the place in the address.

use crate::ui::convolution::{Computed, Setup, from_query, to_query};
use crate::ui::routes::Query;
use crate::ui::widgets::sliding_filter::Spot;

/// Where the window stands at first: in the middle of the map, where there is ink.
const FIRST_SHARE: f64 = 0.45;

/// Where the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// The cell that the window writes; none until the reader has moved it.
    pub at: Option<usize>,
    /// The filter that is looked at, from 0.
    pub filter: usize,
    /// The input channel that is looked at, from 0.
    pub channel: usize,
    /// What is looked at.
    pub spot: Spot,
}

impl Place {
    /// The cell, or one where the first picture has something to show.
    pub fn cell(self, computed: &Computed) -> usize {
        let [rows, cols] = computed.output();
        let first = (rows as f64 * FIRST_SHARE) as usize * cols + cols / 2;
        self.at.unwrap_or(first).min(computed.len().saturating_sub(1))
    }

    /// The address's form, after the settings.
    pub fn to_query(self, setup: &Setup) -> Query {
        let query = to_query(setup)
            .with("filter", &(self.filter + 1))
            .with("channel", &(self.channel + 1))
            .with("look", &self.spot.to_text());
        match self.at {
            Some(at) => query.with("at", &at),
            None => query,
        }
    }
}

/// Reads the address; names of values that make no sense come last and keep their defaults.
pub fn read_query(query: &Query) -> (Setup, Place, Vec<String>) {
    let (setup, mut bad) = from_query(query);
    let mut place = Place::default();
    let mut read = |name: &str, accept: &mut dyn FnMut(&str) -> Option<()>| {
        if query.get(name).is_some_and(|text| accept(text).is_none()) {
            bad.push(name.to_owned());
        }
    };
    let within = |text: &str, most: usize| {
        text.parse::<usize>().ok().filter(|number| (1..=most).contains(number)).map(|number| number - 1)
    };
    read("filter", &mut |text| within(text, setup.outputs()).map(|filter| place.filter = filter));
    read("channel", &mut |text| within(text, setup.shape[2]).map(|channel| place.channel = channel));
    read("look", &mut |text| Spot::from_text(text).map(|spot| place.spot = spot));
    read("at", &mut |text| text.parse().ok().map(|at| place.at = Some(at)));
    (setup, place, bad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;
    use std::sync::Arc;

    fn with_filters(filters: usize) -> Arc<Setup> {
        let mut setup = Setup::default();
        setup.change(|setup| setup.layer.filters = filters);
        Arc::new(setup)
    }

    #[test]
    fn a_place_survives_the_address() {
        let setup = with_filters(3);
        let place = Place { at: Some(17), filter: 2, channel: 0, spot: Spot::Pixel([3, 4]) };
        assert_eq!(read_query(&place.to_query(&setup)), ((*setup).clone(), place, vec![]));
        let first = Place::default();
        assert_eq!(read_query(&first.to_query(&setup)), ((*setup).clone(), first, vec![]));
    }

    #[test]
    fn places_that_make_no_sense_are_named_and_a_far_cell_is_the_last() {
        let query = Location::parse("#/convolution?filter=2&channel=0&look=up&at=x&strides=0").query;
        let (setup, place, bad) = read_query(&query);
        assert_eq!((setup.clone(), place), (Setup::default(), Place::default()));
        assert_eq!(bad, ["strides", "filter", "channel", "look", "at"]);
        let computed = Computed::new(Arc::new(setup), None);
        assert_eq!(Place { at: Some(99_999), ..place }.cell(&computed), 575);
    }

    #[test]
    fn the_first_picture_has_ink_under_the_window() {
        let computed = Computed::new(Arc::new(Setup::default()), None);
        let arithmetic = computed.arithmetic(0, Place::default().cell(&computed)).unwrap();
        assert!(arithmetic.channels[0].window.iter().sum::<f32>() > 1.0);
        assert!(arithmetic.sum.abs() > 0.5);
    }
}
