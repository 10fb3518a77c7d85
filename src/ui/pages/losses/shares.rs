//! A distribution in ten-thousandths, so that it sums to exactly 1 and a link carries every digit of it.

/// Shares of the classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares(Vec<u32>);

impl Shares {
    /// The whole, in ten-thousandths.
    pub const WHOLE: u32 = 10_000;
    /// The fewest classes.
    pub const MIN: usize = 2;
    /// The most classes.
    pub const MAX: usize = 10;

    /// The same share for every class, as far as ten-thousandths allow.
    pub fn uniform(classes: usize) -> Shares {
        Shares(spread(Shares::WHOLE, &vec![1; classes.clamp(Shares::MIN, Shares::MAX)]))
    }

    /// Everything for one class.
    pub fn one_hot(classes: usize, class: usize) -> Shares {
        Shares::peak(classes, class, Shares::WHOLE)
    }

    /// So many ten-thousandths for one class, and the rest alike for the others.
    pub fn peak(classes: usize, class: usize, share: u32) -> Shares {
        let mut shares = Shares::uniform(classes);
        shares.0 = (0..shares.0.len()).map(|idx| u32::from(idx != class)).collect();
        shares.give(class, share);
        shares
    }

    /// How many classes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Never: there are two classes or more.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A class's share in ten-thousandths.
    pub fn parts(&self, class: usize) -> u32 {
        self.0[class]
    }

    /// The shares, 0..=1.
    pub fn values(&self) -> Vec<f32> {
        self.0.iter().map(|share| *share as f32 / Shares::WHOLE as f32).collect()
    }

    /// The one class that has everything.
    pub fn only(&self) -> Option<usize> {
        self.0.iter().position(|share| *share == Shares::WHOLE)
    }

    /// Gives a class its share; the others keep their proportions and take what is left, in equal parts where they had
    /// nothing.
    pub fn give(&mut self, class: usize, share: u32) {
        let share = share.min(Shares::WHOLE);
        let mut others: Vec<u32> = self.0.clone();
        others[class] = 0;
        if others.iter().all(|other| *other == 0) {
            others = (0..self.0.len()).map(|idx| u32::from(idx != class)).collect();
        }
        self.0 = spread(Shares::WHOLE - share, &others);
        self.0[class] = share;
    }

    /// With another number of classes: new ones have nothing, what leaves is shared out.
    #[must_use]
    pub fn resized(&self, classes: usize) -> Shares {
        let mut parts = self.0.clone();
        parts.resize(classes.clamp(Shares::MIN, Shares::MAX), 0);
        if parts.iter().all(|part| *part == 0) {
            Shares::uniform(classes)
        } else {
            Shares(spread(Shares::WHOLE, &parts))
        }
    }

    /// `7000,2000,1000`
    pub fn to_text(&self) -> String {
        self.0.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
    }

    /// Reads [`Shares::to_text`]; nothing if the parts are not a whole.
    pub fn from_text(text: &str) -> Option<Shares> {
        let parts: Option<Vec<u32>> =
            text.split(',').map(|part| part.parse().ok().filter(|part| *part <= Shares::WHOLE)).collect();
        let parts = parts.filter(|parts| (Shares::MIN..=Shares::MAX).contains(&parts.len()))?;
        (parts.iter().sum::<u32>() == Shares::WHOLE).then_some(Shares(parts))
    }
}

/// `whole` in the proportions of `weights`, which are not all 0: rounded down, and what is left goes to the largest
/// remainders.
fn spread(whole: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    let exact = |weight: u32| u64::from(whole) * u64::from(weight);
    let mut parts: Vec<u32> = weights.iter().map(|weight| (exact(*weight) / sum) as u32).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|idx| std::cmp::Reverse(exact(weights[*idx]) % sum));
    let left = whole - parts.iter().sum::<u32>();
    order.into_iter().take(left as usize).for_each(|idx| parts[idx] += 1);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_keeps_its_proportions_and_the_sum_stays_whole() {
        let mut shares = Shares(vec![5000, 3000, 2000]);
        shares.give(0, 0);
        assert_eq!(shares, Shares(vec![0, 6000, 4000]));
        shares.give(2, 10_000);
        assert_eq!(shares.only(), Some(2));
        shares.give(2, 9_999);
        assert_eq!(shares.0.iter().sum::<u32>(), Shares::WHOLE);
        for step in 0..500u32 {
            shares.give(step as usize % 3, step * 7919 % 10_001);
            assert_eq!(shares.0.iter().sum::<u32>(), Shares::WHOLE);
        }
    }

    #[test]
    fn classes_come_and_go() {
        let shares = Shares(vec![5000, 3000, 2000]);
        assert_eq!(shares.resized(4), Shares(vec![5000, 3000, 2000, 0]));
        assert_eq!(shares.resized(2), Shares(vec![6250, 3750]));
        assert_eq!(Shares::one_hot(3, 2).resized(2), Shares::uniform(2));
        assert_eq!(Shares::uniform(3), Shares(vec![3334, 3333, 3333]));
        assert_eq!(Shares::peak(4, 1, 7000), Shares(vec![1000, 7000, 1000, 1000]));
    }

    #[test]
    fn shares_survive_a_link_and_others_are_refused() {
        let shares = Shares::peak(5, 2, 4321);
        assert_eq!(Shares::from_text(&shares.to_text()), Some(shares));
        for text in ["", "10000", "5000,5001", "-1,10001", "a,b", "1,1,1,1,1,1,1,1,1,1,9990"] {
            assert_eq!(Shares::from_text(text), None, "{text}");
        }
    }
}
