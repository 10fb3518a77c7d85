//! Fewer points that look the same: what of ten thousand points falls on one column of pixels is drawn by
//! its first, least, greatest and last point.

use crate::ui::scene::Point;

/// One pixel column on its way.
#[derive(Clone, Copy)]
struct Column {
    at: i64,
    first: Point,
    /// With its position, so that both keep their order.
    least: (usize, Point),
    greatest: (usize, Point),
    last: (usize, Point),
}

impl Column {
    fn of(idx: usize, point: Point) -> Column {
        let it = (idx, point);
        Column { at: point.x.floor() as i64, first: point, least: it, greatest: it, last: it }
    }

    fn add(&mut self, idx: usize, point: Point) {
        if point.y < self.least.1.y {
            self.least = (idx, point);
        }
        if point.y > self.greatest.1.y {
            self.greatest = (idx, point);
        }
        self.last = (idx, point);
    }

    fn put(&self, out: &mut Vec<Point>) {
        let (mut before, mut after) = (self.least, self.greatest);
        if before.0 > after.0 {
            (before, after) = (after, before);
        }
        out.push(self.first);
        out.extend([before, after, self.last].map(|it| it.1));
        // Points that stand for themselves were put there more than once.
        let begin = out.len() - 4;
        let mut kept = begin + 1;
        for idx in begin + 1..begin + 4 {
            if out[idx] != out[kept - 1] {
                out[kept] = out[idx];
                kept += 1;
            }
        }
        out.truncate(kept);
    }
}

/// At most four points for each column of pixels, in their order. `points` are in pixels, by rising x.
pub fn thinned(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut out = Vec::new();
    let mut column: Option<Column> = None;
    for (idx, point) in points.enumerate() {
        match &mut column {
            Some(column) if column.at == point.x.floor() as i64 => column.add(idx, point),
            _ => {
                if let Some(column) = &column {
                    column.put(&mut out);
                }
                column = Some(Column::of(idx, point));
            }
        }
    }
    if let Some(column) = &column {
        column.put(&mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(pairs: &[(f64, f64)]) -> Vec<Point> {
        pairs.iter().map(|(x, y)| Point { x: *x, y: *y }).collect()
    }

    #[test]
    fn a_column_keeps_its_ends_and_its_extremes_in_their_order() {
        let all = points(&[(1.0, 5.0), (1.2, 9.0), (1.4, 6.0), (1.6, 1.0), (1.8, 4.0), (2.5, 7.0)]);
        let expected = points(&[(1.0, 5.0), (1.2, 9.0), (1.6, 1.0), (1.8, 4.0), (2.5, 7.0)]);
        assert_eq!(thinned(all.into_iter()), expected);
    }

    #[test]
    fn few_points_all_stay() {
        let all = points(&[(0.0, 1.0), (10.0, 2.0), (20.0, 1.0), (20.5, 1.0)]);
        assert_eq!(thinned(all.clone().into_iter()), all);
    }

    #[test]
    fn a_single_outlier_among_ten_thousand_is_seen() {
        let all = (0..10_000).map(|idx| {
            let y = if idx == 7_777 { 99.0 } else { f64::from(idx % 7) };
            Point { x: f64::from(idx) * 0.03, y }
        });
        let kept = thinned(all);
        assert!(kept.len() <= 1_204 && kept.iter().any(|point| point.y == 99.0), "{}", kept.len());
        assert!(kept.windows(2).all(|pair| pair[0].x <= pair[1].x));
    }
}
