//! Parts with a state and a picture of their own, one folder each.

pub mod line_chart;
