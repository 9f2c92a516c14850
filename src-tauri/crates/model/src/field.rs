//! Errors of single fields of a form, in a shape that the window can put under the field.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// One thing wrong with one field of a draft.
///
/// `field` is a path as the form names it (`cpu.limit`, `ports.1.port`); `code` and `params` are translated by the
/// window; `fix`, where there is one obvious mend, is the value the form offers as a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldError {
    pub field: String,
    pub code: FieldCode,
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    #[serde(default)]
    pub fix: Option<String>,
}

/// Why a field is refused. One code per sentence in the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// Nothing typed where something is needed.
    Required,
    /// Not a DNS label that starts with a letter.
    NotALabel,
    /// Longer than `max` characters.
    TooLong,
    /// App and group name together are longer than `max` characters.
    NamesTooLong,
    /// Another one of the same scope has this name.
    Taken,
    /// Not a whole number.
    NotANumber,
    /// Below `min` or above `max`.
    OutOfRange,
    /// Not a Kubernetes quantity.
    NotAQuantity,
    /// Not a size in bytes with a unit.
    NotASize,
    /// The limit is below the request (`request`).
    LimitBelowRequest,
    /// Not an image reference (`reason`).
    NotAnImage,
    /// The deploy path does not begin and end with `/`, or holds `//` or `..`.
    NotADeployPath,
    /// A path that does not begin with `/`.
    NotAPath,
    /// Not the path of a file: `//`, `.`, `..`, `:`, or `/` at its end.
    NotAFilePath,
    /// A relative path, and the app has no deploy path to join it to.
    RelativeWithoutDeployPath,
    /// Longer than `max` bytes with the deploy path: it has `length`.
    PathTooLong,
    /// Another file is mounted at `path`.
    PathTaken,
    /// A file cannot stand where another one (`path`) needs a folder, or below another one.
    FileAsFolder,
    /// Not the key of a placeholder.
    NotAKey,
    /// Not a template: at `line` and `column`, for the `reason`.
    NotATemplate,
    /// Not UTF-8 text, where only text can be.
    NotText,
    /// More than `max`.
    TooMany,
    /// Not a name that Kubernetes takes for an environment variable.
    NotAVariableName,
    /// Larger than `max` bytes.
    TooLarge,
    /// Appears a second time in the same list.
    Duplicate,
    /// Neither a number of pods nor a percentage of them.
    NotAShare,
    /// No pod more and no pod less than wanted: nothing could move.
    BothZero,
    /// None of the group's ports has this name (`port`).
    UnknownPort,
    /// Not `namespace/service:port`.
    NotAServicePlace,
    /// Not the name of an HTTP header.
    NotAHeader,
    /// Not an address that begins with `http://` or `https://`.
    NotAUrl,
    /// Not a key of a label.
    NotALabelKey,
    /// Not a value of a label.
    NotALabelValue,
    /// Not the name of an extended resource: a domain, `/`, a name.
    NotAResource,
    /// Not a name of an object.
    NotAnObjectName,
    /// Not `host` or `host:port`.
    NotAHost,
    /// Not YAML of a map: at `line` and `column`, for the `reason`.
    NotYaml,
    /// A patch may not change this (`path`).
    NotInPatch,
    /// A line for the shell that ends within quotes, or with a backslash.
    OpenQuote,
    /// Not a port name (at most 15 of a–z, 0–9 and `-`, with a letter).
    NotAPortName,
    /// Not one of the choices that exist.
    Unknown,
    /// Holds control characters.
    ControlCharacters,
    /// Cannot be changed any more.
    Fixed,
    /// Not the name that was to be typed (`name`).
    OtherName,
    /// Neither a port number nor the name of a port.
    NotATarget,
    /// A node port where the type has none.
    NoNodePort,
    /// Another Service of the cluster has this node port.
    NodePortTaken,
}

/// Collects field errors while a draft is read, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn refuse(&mut self, field: impl Into<String>, code: FieldCode) -> &mut FieldError {
        self.0.push(FieldError { field: field.into(), code, params: BTreeMap::new(), fix: None });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// The value of one field, or `None` after noting what is wrong with it.
    pub fn take<T>(&mut self, field: impl Into<String>, value: Result<T, Refusal>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(refusal) => {
                let error = self.refuse(field, refusal.code);
                error.params = refusal.params;
                error.fix = refusal.fix;
                None
            }
        }
    }

    /// # Errors
    /// All that was noted, when anything was.
    pub fn finish(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }

    pub fn into_errors(self) -> Vec<FieldError> {
        self.0
    }
}

/// Why one value was refused, before it is known which field it stood in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: FieldCode,
    pub params: BTreeMap<String, String>,
    pub fix: Option<String>,
}

impl Refusal {
    pub fn new(code: FieldCode) -> Self {
        Self { code, params: BTreeMap::new(), fix: None }
    }

    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.params.insert(key.to_owned(), value.to_string());
        self
    }

    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

impl FieldError {
    pub fn with(&mut self, key: &str, value: impl ToString) -> &mut Self {
        self.params.insert(key.to_owned(), value.to_string());
        self
    }

    pub fn fix(&mut self, fix: impl Into<String>) -> &mut Self {
        self.fix = Some(fix.into());
        self
    }
}
