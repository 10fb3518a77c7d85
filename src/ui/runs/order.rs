//! The order of the table, and which weights to offer for removal first.

use std::cmp::Ordering;

use super::record::KeptRun;
use crate::engine::callbacks::Direction;

/// What the table is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SortKey {
    /// When they began.
    #[default]
    Created,
    /// By the reader's names, then the network's.
    Name,
    /// Which images.
    Dataset,
    /// The best value; the better first, whatever its direction.
    Best,
    /// Completed epochs.
    Epochs,
    /// Time spent training.
    Time,
    /// Bytes of weights.
    Size,
}

impl SortKey {
    /// Every key, in the order of the columns.
    pub const ALL: [SortKey; 7] = [
        SortKey::Created,
        SortKey::Name,
        SortKey::Dataset,
        SortKey::Best,
        SortKey::Epochs,
        SortKey::Time,
        SortKey::Size,
    ];

    /// Whether a first click shows the largest first.
    pub fn is_falling_first(self) -> bool {
        matches!(self, SortKey::Created | SortKey::Epochs | SortKey::Time | SortKey::Size)
    }
}

/// Orders runs; equal ones keep the newer first. Runs without a value come last either way.
pub fn sort(runs: &mut [std::sync::Arc<KeptRun>], key: SortKey, is_falling: bool) {
    let turned = |order: Ordering| if is_falling { order.reverse() } else { order };
    runs.sort_by(|a, b| {
        let order = match key {
            SortKey::Created => turned(a.created_ms.total_cmp(&b.created_ms)),
            SortKey::Name => turned(name(a).cmp(&name(b))),
            SortKey::Dataset => turned(a.job.data.dataset.cmp(&b.job.data.dataset)),
            SortKey::Best => match (goodness(a), goodness(b)) {
                (Some(a), Some(b)) => turned(a.0.cmp(&b.0).then(b.1.total_cmp(&a.1))),
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
            SortKey::Epochs => turned(a.num_epochs().cmp(&b.num_epochs())),
            SortKey::Time => turned(a.running_ms.total_cmp(&b.running_ms)),
            SortKey::Size => turned(a.bytes().cmp(&b.bytes())),
        };
        order.then(b.created_ms.total_cmp(&a.created_ms)).then_with(|| a.id.cmp(&b.id))
    });
}

fn name(run: &KeptRun) -> (String, String) {
    (run.name.to_lowercase(), run.job.model.name.to_lowercase())
}

/// The value that decides, by its name, and how good it is: larger is better.
fn goodness(run: &KeptRun) -> Option<(String, f64)> {
    let best = run.best_epoch();
    let (_, value) = best.get()?;
    let sign = if best.direction() == Direction::Up { 1.0 } else { -1.0 };
    Some((best.monitor().name().to_owned(), sign * value))
}

/// Runs whose weights could go to make room for `needed` bytes: those kept longest ago first, no more
/// than it takes. Runs that go on are left alone.
pub fn to_remove(
    runs: &[std::sync::Arc<KeptRun>],
    is_running: impl Fn(&KeptRun) -> bool,
    needed: usize,
) -> Vec<String> {
    let mut old: Vec<_> = runs.iter().filter(|run| run.bytes() > 0 && !is_running(run)).collect();
    old.sort_by(|a, b| a.touched_ms.total_cmp(&b.touched_ms).then_with(|| a.id.cmp(&b.id)));
    let mut freed = 0;
    let mut ids = Vec::new();
    for run in old {
        if freed >= needed {
            break;
        }
        freed += run.bytes();
        ids.push(run.id.clone());
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DatasetId;
    use crate::ui::runs::samples::run;
    use std::sync::Arc;

    fn runs() -> Vec<Arc<KeptRun>> {
        let mut runs = [run("a", 3), run("b", 0), run("c", 5)];
        for (idx, run) in runs.iter_mut().enumerate() {
            run.created_ms = 100.0 * (idx + 1) as f64;
            run.touched_ms = 1000.0 - idx as f64;
        }
        runs[0].name = "Ю".to_owned();
        runs[2].name = "а".to_owned();
        runs[2].job.data.dataset = DatasetId::FashionMnist;
        runs.into_iter().map(Arc::new).collect()
    }

    fn order(key: SortKey, is_falling: bool) -> String {
        let mut runs = runs();
        sort(&mut runs, key, is_falling);
        runs.iter().map(|run| run.id.as_str()).collect()
    }

    #[test]
    fn runs_are_ordered_by_any_column() {
        assert_eq!(order(SortKey::Created, true), "cba");
        assert_eq!(order(SortKey::Name, false), "bca");
        assert_eq!(order(SortKey::Dataset, false), "bac");
        assert_eq!(order(SortKey::Epochs, true), "cab");
    }

    #[test]
    fn the_best_is_first_and_a_run_without_a_value_last_either_way() {
        assert_eq!(order(SortKey::Best, false), "cab");
        assert_eq!(order(SortKey::Best, true), "acb");
    }

    #[test]
    fn the_weights_kept_longest_ago_are_offered_first_and_no_more_than_needed() {
        let runs = runs();
        let bytes = runs[2].bytes();
        assert_eq!(to_remove(&runs, |_| false, 1), ["c"]);
        assert_eq!(to_remove(&runs, |_| false, bytes + 1), ["c", "b"]);
        assert_eq!(to_remove(&runs, |run| run.id == "c", 1), ["b"]);
        assert_eq!(to_remove(&runs, |_| false, usize::MAX), ["c", "b", "a"]);
        assert_eq!(to_remove(&runs, |_| false, 0), Vec::<String>::new());
    }
}
