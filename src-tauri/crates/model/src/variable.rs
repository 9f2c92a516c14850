//! Environment variables of a container.

use crate::field::{FieldCode, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Largest value of one variable (model limits): the kernel takes 128 KiB for one, all of a group share a `ConfigMap`.
pub const VALUE_MAX: usize = 32 * 1024;
/// All variables of a group stand in one `ConfigMap`, which the API server limits to 1 MiB.
pub const ALL_VALUES_MAX: usize = 900 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Variable {
    pub name: String,
    pub value: String,
}

/// A name that Kubernetes takes in `envFrom` without dropping it: letters, digits, `_`, `-`, `.`, no leading digit
/// (apimachinery `IsEnvVarName`; dots and dashes are allowed there too).
///
/// # Errors
/// `Required`, `TooLong` or `NotAVariableName`.
pub fn variable_name(typed: &str) -> Result<String, Refusal> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    if name.len() > 253 {
        return Err(Refusal::new(FieldCode::TooLong).with("max", 253));
    }
    let good = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name != "."
        && !name.starts_with("..");
    if good { Ok(name.to_owned()) } else { Err(Refusal::new(FieldCode::NotAVariableName)) }
}
