//! Which positions an animation shows, for how long, and at what size.

/// Positions in order, and how long each is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The positions that are shown; the first and the last are always among them.
    pub positions: Vec<usize>,
    /// How long one is seen, in ms.
    pub delay_ms: u32,
}

impl Plan {
    /// Positions of one animation, at most.
    pub const MOST: usize = 120;
    /// How long the last one is seen before it all begins again, in ms.
    pub const REST_MS: u32 = 1500;
    /// About how long an animation lasts, in ms; few positions are not held longer than 500 ms each.
    const LENGTH_MS: usize = 14_000;

    /// A walk through `count` positions; a long one is thinned evenly.
    pub fn of(count: usize) -> Plan {
        let most = count.min(Plan::MOST);
        let positions = match most {
            0 | 1 => (0..most).collect(),
            _ => (0..most).map(|frame| frame * (count - 1) / (most - 1)).collect(),
        };
        let delay_ms = (Plan::LENGTH_MS / most.max(1)).clamp(100, 500) / 10 * 10;
        Plan { positions, delay_ms: delay_ms as u32 }
    }

    /// How long the frame at this place is seen, in ms.
    pub fn delay(&self, frame: usize) -> u32 {
        if frame + 1 == self.positions.len() { Plan::REST_MS } else { self.delay_ms }
    }

    /// How long it lasts, in ms.
    pub fn length_ms(&self) -> u32 {
        (0..self.positions.len()).map(|frame| self.delay(frame)).sum()
    }
}

/// The size of an animation in pixels, and how many of them a CSS pixel of the picture takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// To the right.
    pub width: u16,
    /// Downwards.
    pub height: u16,
    /// Pixels for each CSS pixel of the picture, at most 1.
    pub ratio: f64,
}

impl Size {
    /// Pixels of a frame, at most: what can be compressed within a slice of the page's time.
    const MOST_PIXELS: f64 = 400_000.0;
    /// Rows or columns, at most.
    const MOST_SIDE: f64 = 1200.0;

    /// The largest size, up to its own, for a picture of this width and height in CSS px.
    pub fn of(width: f64, height: f64) -> Size {
        let (width, height) = (width.max(1.0), height.max(1.0));
        let ratio = (Size::MOST_PIXELS / (width * height))
            .sqrt()
            .min(Size::MOST_SIDE / width)
            .min(Size::MOST_SIDE / height)
            .min(1.0);
        let pixels = |length: f64| (length * ratio).floor().max(1.0) as u16;
        Size { width: pixels(width), height: pixels(height), ratio }
    }

    /// Pixels of a frame.
    pub fn pixels(self) -> usize {
        usize::from(self.width) * usize::from(self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_walks_are_shown_whole_and_long_ones_thinned_evenly() {
        assert_eq!(Plan::of(4), Plan { positions: vec![0, 1, 2, 3], delay_ms: 500 });
        assert!(Plan::of(0).positions.is_empty());
        assert_eq!(Plan::of(1).positions, [0]);
        for count in [119, 120, 121, 576, 3600, 64 * 64] {
            let plan = Plan::of(count);
            assert_eq!(plan.positions.len(), count.min(Plan::MOST));
            assert_eq!((plan.positions[0], *plan.positions.last().unwrap()), (0, count - 1));
            let gaps: Vec<usize> = plan.positions.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let (least, most) = (gaps.iter().min().unwrap(), gaps.iter().max().unwrap());
            assert!(*least >= 1 && most - least <= 1, "{count}: {least}..{most}");
            assert!(plan.length_ms() <= 16_000, "{count}");
        }
    }

    #[test]
    fn pictures_keep_their_size_until_it_is_too_large() {
        assert_eq!(Size::of(640.0, 480.0), Size { width: 640, height: 480, ratio: 1.0 });
        for (width, height) in [(1100.0, 4000.0), (5000.0, 20.0), (1100.0, 900.0), (0.0, 0.0)] {
            let size = Size::of(width, height);
            assert!(size.pixels() as f64 <= Size::MOST_PIXELS, "{size:?}");
            assert!(size.width >= 1 && size.height >= 1 && size.width <= 1200 && size.height <= 1200);
        }
    }
}
