//! The words of the command line that lexopt is not asked about.

use anyhow::Result;
use std::ffi::OsString;

/// Splits at the first `--`: what is ours, and what goes to the program behind.
pub(crate) fn split(mut from: lexopt::Parser) -> Result<(Vec<OsString>, Vec<OsString>)> {
    let mut own: Vec<OsString> = from.raw_args()?.collect();
    let passed = own.iter().position(|word| word == "--").map(|at| own.split_off(at));
    Ok((own, passed.into_iter().flatten().skip(1).collect()))
}
