//! What the pages of files, values and variables ask and are told.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_model::FieldError;
use slipway_model::config::Owner;
use slipway_model::environment::Environment;
use slipway_model::id::{AppId, FileId, GroupId, ReleaseId, SecretId};
use slipway_model::variable::{Variable, VariableKind};
use slipway_render::diff::Diff;
use slipway_render::effective::{EffectiveMark, LineFrom};
use ts_rs::TS;

/// The files of an app, and what each of its groups makes of them.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ConfigTree {
    pub app: AppId,
    pub deploy_path: String,
    /// The app's own, by path.
    pub files: Vec<FileRow>,
    /// By environment, then by name.
    pub groups: Vec<GroupFiles>,
}

/// A file as its owner's list shows it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FileRow {
    pub id: FileId,
    /// As typed.
    pub path: String,
    /// In the container; `None` while the path is wrong.
    pub resolved: Option<String>,
    pub literal: bool,
    pub sensitive: bool,
    /// Not UTF-8.
    pub binary: bool,
    /// Bytes; `None` of a sensitive one.
    pub size: Option<u32>,
    /// Placeholder keys in it.
    pub keys: u32,
    pub versions: u32,
    #[ts(type = "string")]
    pub saved: Timestamp,
    /// `path`, `content`
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct GroupFiles {
    pub id: GroupId,
    pub name: String,
    pub environment: Option<Environment>,
    /// What takes effect there, inherited and own, by path.
    pub files: Vec<GroupFile>,
    /// Keys without a value: they block its release.
    pub unset: u32,
    /// Keys that have a value of this group, and that nothing uses.
    pub unused: Vec<String>,
}

/// A file that takes effect in a group.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GroupFile {
    /// The group's own file for `override` and `own`, else the app's.
    pub file: FileRow,
    pub choice: FileChoice,
    /// The app's file that is inherited or overridden.
    pub app_file: Option<FileId>,
    /// Keys in it that have neither value nor default.
    pub unset: u32,
}

/// What a group does with a file. Derived from what is stored, so that it never contradicts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileChoice {
    /// The app's, with the app's values.
    Inherit,
    /// The app's, with at least one value of the group.
    Values,
    /// A file of the group at the same path.
    Override,
    /// A file that only the group has.
    Own,
}

/// A file deleted within the last thirty days.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DeletedFile {
    pub id: FileId,
    pub group: Option<GroupId>,
    pub path: String,
    #[ts(type = "string")]
    pub deleted: Timestamp,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(rename = "ConfigFileAsk")]
pub struct FileAsk {
    pub id: FileId,
    /// How it looks in this group; else as its owner saved it.
    pub group: Option<GroupId>,
}

/// A file opened.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FileView {
    pub file: FileRow,
    pub app: AppId,
    pub owner: Owner,
    /// Whose own file it is.
    pub group: Option<GroupId>,
    pub content: FileContent,
    /// Rises with every save.
    pub revision: u32,
    pub saved_by: String,
    /// For the group that was asked for.
    pub in_group: Option<FileInGroup>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct FileInGroup {
    pub group: GroupId,
    pub choice: FileChoice,
    pub app_file: Option<FileId>,
    /// `None` for one that is binary or no template that can be read.
    pub effective: Option<Effective>,
    /// By first use.
    pub keys: Vec<FileKey>,
}

/// What a file holds, as it is edited.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileContent {
    Text {
        text: String,
    },
    /// Not UTF-8.
    Binary {
        base64: String,
    },
    /// Sensitive, and not known on this computer: it stays as it is in the cluster, and can be replaced.
    Elsewhere,
}

impl From<Vec<u8>> for FileContent {
    fn from(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text { text },
            Err(error) => Self::Binary { base64: STANDARD.encode(error.as_bytes()) },
        }
    }
}

impl std::fmt::Debug for FileContent {
    /// Without the content, which may be sensitive.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text { .. } => "Text",
            Self::Binary { .. } => "Binary",
            Self::Elsewhere => "Elsewhere",
        })
    }
}

/// The file that pods of a group will see, and where each line of it comes from.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Effective {
    /// Sensitive values are dots, keys without a value are as written.
    pub text: String,
    /// One for each line, from the first.
    pub lines: Vec<LineFrom>,
    pub marks: Vec<EffectiveMark>,
    /// Over the limit of a mounted file.
    pub too_large: bool,
}

/// A key that a file uses, in one group.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FileKey {
    pub key: String,
    /// The first line that uses it.
    pub line: u32,
    pub sensitive: bool,
    pub state: CellState,
    /// The group's.
    pub value: Option<CellValue>,
    /// The app's.
    pub default: Option<CellValue>,
    /// Of the placeholder itself.
    pub inline: Option<String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct ConfigCreate {
    pub app: AppId,
    /// The group's own; else the app's.
    pub group: Option<GroupId>,
    pub path: String,
    pub content: FileContent,
    #[serde(default)]
    pub literal: bool,
    #[serde(default)]
    pub sensitive: bool,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct ConfigSave {
    pub id: FileId,
    /// The revision that the content was made from.
    pub base: u32,
    /// One editor, chosen at random when it opens: its own saves never refuse each other, the last one stays.
    pub editor: String,
    pub content: FileContent,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ConfigSaved {
    pub revision: u32,
    #[ts(type = "string")]
    pub saved: Timestamp,
}

/// Switches of a file; the path stays.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ConfigSwitch {
    pub id: FileId,
    pub literal: bool,
    pub sensitive: bool,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct ConfigChoose {
    /// An app's file.
    pub id: FileId,
    pub group: GroupId,
    pub choice: FileChoice,
}

/// A file that was chosen from the disk.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PickedFile {
    pub name: String,
    pub content: FileContent,
    /// Bytes.
    pub size: u32,
}

/// One version of a file, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FileVersion {
    pub number: u32,
    pub why: VersionWhy,
    pub by: String,
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Bytes; `None` of a sensitive one.
    pub size: Option<u32>,
    /// The release that was made with it.
    pub release: Option<ReleaseId>,
}

/// What cut a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VersionWhy {
    Created,
    Release,
    Restore,
    Import,
    /// Nothing was saved for five minutes.
    Idle,
}

/// A version of a file, or what is saved now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VersionRef {
    pub file: FileId,
    /// `None`: as saved now.
    pub number: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct ConfigDiffAsk {
    pub from: VersionRef,
    pub to: VersionRef,
    /// All lines of long files, too: somebody opens what is folded.
    pub whole: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct FileDiff {
    pub changed: bool,
    /// `None` of what is sensitive or not text.
    pub diff: Option<Diff>,
}

/// Keys × groups.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ValueMatrix {
    pub app: AppId,
    /// In the order of the columns.
    pub groups: Vec<MatrixGroup>,
    /// By key.
    pub keys: Vec<MatrixKey>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct MatrixGroup {
    pub id: GroupId,
    pub name: String,
    pub environment: Option<Environment>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct MatrixKey {
    pub key: String,
    pub sensitive: bool,
    /// The app's.
    pub default: Option<CellValue>,
    /// One a group, in the order of the columns.
    pub cells: Vec<MatrixCell>,
    pub uses: Vec<KeyUse>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "ValueCell")]
pub struct MatrixCell {
    pub state: CellState,
    /// The group's own for `set`, the placeholder's for `inline`; a `default` is the row's.
    pub value: Option<CellValue>,
    /// Another value than that of the group's last release.
    pub pending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// The group has a value.
    Set,
    /// It takes the app's.
    Default,
    /// It takes what the placeholder says.
    Inline,
    /// Nothing of the group asks for it.
    None,
    /// Something of the group asks for it, and it has nothing: blocks a release.
    Empty,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CellValue {
    Plain {
        text: String,
    },
    Sealed {
        id: SecretId,
        /// Whether this computer has it; else it is set in the cluster only.
        known: bool,
    },
}

/// Where a key is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct KeyUse {
    /// Only there; else in the app's, which every group inherits.
    pub group: Option<GroupId>,
    /// `None` for a variable.
    pub file: Option<FileId>,
    /// Path of the file as typed, or name of the variable.
    pub name: String,
    pub line: u32,
    pub inline: Option<String>,
}

#[derive(Clone, Deserialize, TS)]
pub struct ValueSet {
    pub app: AppId,
    pub key: String,
    /// The group's; else the default.
    pub group: Option<GroupId>,
    /// `None` takes it away.
    pub value: Option<slipway_model::config::Value>,
}

impl std::fmt::Debug for ValueSet {
    /// Without the value: of a sensitive key it is what must not be read again.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValueSet").field("key", &self.key).field("group", &self.group).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct KeySet {
    pub app: AppId,
    pub key: String,
    pub sensitive: bool,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct KeyDelete {
    pub app: AppId,
    pub key: String,
}

/// Variables that every group of an app inherits.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AppVariables {
    pub variables: Vec<Variable>,
    /// `variables.N.name`, `variables.N.value`
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct AppVariablesSet {
    pub app: AppId,
    pub variables: Vec<Variable>,
}

/// A variable as a group gets it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GroupVariable {
    pub name: String,
    pub owner: Owner,
    pub kind: VariableKind,
    /// As written; empty of a sensitive one.
    pub written: String,
    /// As pods see it, sensitive values as dots; `None` while a key of it has no value.
    pub value: Option<String>,
    /// In a Secret: it is sensitive, or a value in it is.
    pub sensitive: bool,
    /// A sensitive value of it is not known on this computer.
    pub elsewhere: bool,
    /// It goes over one of the app's.
    pub overrides: bool,
}

/// What a person typed that must not be read again.
#[derive(Clone, Deserialize, TS)]
pub struct SecretPut {
    pub value: String,
}

impl std::fmt::Debug for SecretPut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretPut")
    }
}
