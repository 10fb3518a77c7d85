//! Parts with a state and a picture of their own, one folder each.

pub mod kernel_editor;
pub mod line_chart;
pub mod products;
pub mod size_formula;
pub mod sliding_filter;
