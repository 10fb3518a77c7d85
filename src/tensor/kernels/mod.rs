//! The inner loops: slices in, slices out.
