//! Parts that every page uses; their styles are in `www/css/components.css`.

mod animation;
mod bad_link;
mod field;
mod film;
mod guess;
mod handle;
mod held;
mod icon;
mod later;
mod model_facts;
mod number_field;
mod pair;
mod picture;
mod player;
mod progress;
mod segmented;
mod select;
mod stage_part;
mod take_away;
mod twin;
mod undo;
mod walk;

pub use animation::AnimationButtons;
pub use bad_link::BadLink;
pub use field::{Card, Field};
pub use film::Animation;
pub use guess::Guess;
pub use handle::Handle;
pub use held::Held;
pub use icon::{Icon, IconButton, IconMark};
pub use later::{Building, Later};
pub use model_facts::{ModelFacts, model_by_epoch};
pub use number_field::{Bounds, NumberField};
pub use pair::{Pair, RowsAndCols, whole};
pub use picture::{Picture, PointerHit};
pub use player::{Player, PlayerWords, Playing};
pub use progress::ProgressBar;
pub use segmented::Segmented;
pub use select::Select;
pub use stage_part::StagePart;
pub use take_away::{SHEET, TakeAway, save};
pub use twin::{AsTable, Table, Twin};
pub use undo::{UndoButtons, is_text, undo_by_keys};
pub use walk::{Stage, Walk, WalkKeys, WalkPlayer, once_quiet};

use std::sync::atomic::{AtomicUsize, Ordering};

/// One choice of a select or a segmented group: what is stored, and what is shown.
pub type Choice = (String, String);

/// A fresh element id, for labels and descriptions.
pub fn fresh_id(prefix: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
