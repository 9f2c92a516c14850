//! Systems where nothing can be measured yet: memory and CPU are read from /proc, and windows are driven as `WebKitGTK`'s.

use crate::Options;
use crate::case::Case;
use crate::result::Finding;
use std::collections::BTreeMap;

pub(crate) async fn measure(_options: Options, chosen: &[&Case]) -> BTreeMap<u32, Finding> {
    chosen.iter().map(|case| (case.number, Finding::not_measured("only on Linux so far"))).collect()
}

pub(crate) fn load() -> Option<f64> {
    None
}
