//! Environment variables of a container: the app's, and the group's that go over them by name.

use crate::field::{FieldCode, Fields, Refusal};
use crate::id::SecretId;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use ts_rs::TS;

/// Largest value of one variable or placeholder (model limits): the kernel takes 128 KiB for one, all of a group share a
/// `ConfigMap`.
pub const VALUE_MAX: usize = 32 * 1024;
/// All variables of a group stand in one `ConfigMap`, which the API server limits to 1 MiB.
pub const ALL_VALUES_MAX: usize = 900 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Variable {
    pub name: String,
    /// Empty where it is sensitive.
    pub value: String,
    #[serde(default)]
    #[ts(as = "Option<VariableKind>", optional)]
    pub kind: VariableKind,
    /// Of a sensitive one: where the vault has it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub secret: Option<SecretId>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VariableKind {
    #[default]
    Plain,
    /// The value may hold placeholders.
    Template,
    /// Stands in a Secret only.
    Sensitive,
}

impl Variable {
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), ..Self::default() }
    }
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

/// The valid ones of a list; what is wrong is noted below `variables.N`. Whether a template parses is not looked at.
pub fn variables(fields: &mut Fields, typed: &[Variable]) -> Vec<Variable> {
    let mut names = HashSet::new();
    let mut variables = Vec::with_capacity(typed.len());
    let mut total = 0;
    for (at, draft) in typed.iter().enumerate() {
        let field = format!("variables.{at}.value");
        if draft.value.len() > VALUE_MAX {
            fields.refuse(&field, FieldCode::TooLarge).with("max", VALUE_MAX);
        }
        if draft.value.contains('\0') {
            fields.refuse(&field, FieldCode::ControlCharacters);
        }
        let sensitive = draft.kind == VariableKind::Sensitive;
        if sensitive && draft.secret.is_none() {
            fields.refuse(&field, FieldCode::Required);
        }
        total += draft.name.len() + draft.value.len();
        let Some(name) = fields.take(format!("variables.{at}.name"), variable_name(&draft.name)) else { continue };
        if !names.insert(name.clone()) {
            fields.refuse(format!("variables.{at}.name"), FieldCode::Duplicate);
        }
        // Text that was typed before the variable became sensitive goes nowhere.
        let value = if sensitive { String::new() } else { draft.value.clone() };
        let secret = draft.secret.clone().filter(|_| sensitive);
        variables.push(Variable { name, value, kind: draft.kind, secret });
    }
    if total > ALL_VALUES_MAX {
        fields.refuse("variables", FieldCode::TooLarge).with("max", ALL_VALUES_MAX);
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_before_kinds_is_plain() {
        let read: Variable = serde_json::from_str(r#"{"name":"A","value":"1"}"#).expect("an older variable");
        assert_eq!(read, Variable::plain("A", "1"));
    }

    #[test]
    fn a_sensitive_one_has_no_text() {
        let sensitive = |secret: Option<&str>| Variable {
            kind: VariableKind::Sensitive,
            secret: secret.map(SecretId::from),
            ..Variable::plain("TOKEN", "typed before")
        };
        let mut fields = Fields::new();
        let valid = variables(&mut fields, &[sensitive(Some("id"))]);
        assert_eq!((valid[0].value.as_str(), fields.into_errors()), ("", Vec::new()));
        let mut fields = Fields::new();
        variables(&mut fields, &[sensitive(None)]);
        let errors = fields.into_errors();
        assert_eq!((errors[0].field.as_str(), errors[0].code), ("variables.0.value", FieldCode::Required));
        let mut fields = Fields::new();
        let plain = Variable { secret: Some("id".into()), ..Variable::plain("A", "1") };
        assert_eq!(variables(&mut fields, &[plain])[0].secret, None);
    }
}
