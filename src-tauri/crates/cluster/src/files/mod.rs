//! Files in running containers: folders are listed, archives are streamed out and in.
//!
//! Everything is one command over exec: a shell script for the tools that an image has.

mod list;
mod process;
mod script;

pub use list::{Listing, Node, NodeKind};
pub use process::Process;

use crate::{ClusterError, Session};
use slipway_model::file::RemotePath;
use std::time::Duration;
use tokio::time::timeout;

/// Rows of one folder; more are counted only.
pub const ROWS_MAX: usize = 20_000;
/// What a list may take: a folder on a disk that does not answer holds its command for ever.
const LISTED_WITHIN: Duration = Duration::from_secs(30);
/// A list of as many rows with the longest of names.
const LIST_MAX: usize = 16 * 1024 * 1024;
/// Renaming and removing are done at once on any disk that answers.
const MOVED_WITHIN: Duration = Duration::from_mins(1);

/// Where commands run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InPod<'a> {
    pub pod: &'a str,
    pub container: &'a str,
}

/// What stands in the way of a file in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Missing,
    NoFolder,
    Denied,
    ReadOnly,
    Full,
    /// Something of that name is there.
    Taken,
    Other,
}

#[derive(Clone, Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error("the image of {container} has no shell")]
    NoShell { container: String },
    #[error("the image of {container} has no {tool}")]
    NoTool { container: String, tool: &'static str },
    /// `message` is the word of the tool that met it.
    #[error("{doing}: {message}")]
    Obstacle { what: Obstacle, doing: String, message: String },
}

/// A file that is put into a container, and where it waits until it is whole.
#[derive(Clone, Debug)]
pub struct Put<'a> {
    pub folder: &'a RemotePath,
    pub name: &'a [u8],
    /// In the same folder, so that it is renamed and not copied at the end.
    pub part: &'a str,
    pub replace: bool,
}

impl Session {
    /// Lists a folder; an empty path is where commands begin.
    pub async fn list_folder(&self, at: &InPod<'_>, folder: &RemotePath) -> Result<Listing, FileError> {
        let doing = format!("list {folder} in");
        let command = script::list(folder.as_bytes(), ROWS_MAX);
        let listing = async {
            let mut process = self.process(at.pod, at.container, &doing, command, false).await?;
            let mut said = Vec::new();
            while let Some(piece) = process.next().await {
                if said.len() < LIST_MAX {
                    said.extend(piece);
                }
            }
            process.end().await?;
            let listing = list::read(&said, ROWS_MAX);
            listing.ok_or_else(|| ClusterError::other(&doing, "the list is cut off").into())
        };
        within(LISTED_WITHIN, &doing, listing).await
    }

    /// The size of each file below a folder, a line each.
    pub async fn file_sizes(&self, at: &InPod<'_>, folder: &RemotePath) -> Result<Process, FileError> {
        let command = script::sizes(folder.as_bytes());
        Ok(self.process(at.pod, at.container, &format!("measure {folder} in"), command, false).await?)
    }

    /// The SHA-256 digest of each file below a folder, a line each.
    pub async fn file_digests(&self, at: &InPod<'_>, folder: &RemotePath) -> Result<Process, FileError> {
        let command = script::digests(folder.as_bytes());
        Ok(self.process(at.pod, at.container, &format!("compare {folder} in"), command, false).await?)
    }

    /// The digest of the first bytes of a file.
    pub async fn file_digest(
        &self,
        at: &InPod<'_>,
        folder: &RemotePath,
        name: &[u8],
        size: u64,
    ) -> Result<Process, FileError> {
        let command = script::digest(folder.as_bytes(), name, size);
        let doing = format!("compare {} in", folder.join(name));
        Ok(self.process(at.pod, at.container, &doing, command, false).await?)
    }

    /// An archive of everything in a folder, named from there.
    pub async fn read_folder(&self, at: &InPod<'_>, folder: &RemotePath) -> Result<Process, FileError> {
        let command = script::read_folder(folder.as_bytes());
        Ok(self.process(at.pod, at.container, &format!("read {folder} in"), command, false).await?)
    }

    /// An archive of one file, or of the one that a link leads to.
    pub async fn read_file(&self, at: &InPod<'_>, folder: &RemotePath, name: &[u8]) -> Result<Process, FileError> {
        let command = script::read_file(folder.as_bytes(), name);
        let doing = format!("read {} in", folder.join(name));
        Ok(self.process(at.pod, at.container, &doing, command, false).await?)
    }

    /// Takes an archive that holds one thing by its name, and keeps it beside its place.
    pub async fn write_part(&self, at: &InPod<'_>, put: &Put<'_>) -> Result<Process, FileError> {
        let command = script::write(put.folder.as_bytes(), put.name, put.part, put.replace);
        let doing = format!("write {} in", put.folder.join(put.name));
        Ok(self.process(at.pod, at.container, &doing, command, true).await?)
    }

    /// Where `write_part` keeps what it took.
    pub fn part_folder(put: &Put<'_>) -> RemotePath {
        put.folder.join(put.part.as_bytes()).join(b"new")
    }

    /// Gives what was taken its name.
    pub async fn commit_part(&self, at: &InPod<'_>, put: &Put<'_>) -> Result<(), FileError> {
        let command = script::commit(put.folder.as_bytes(), put.name, put.part, put.replace);
        let doing = format!("write {} in", put.folder.join(put.name));
        let run = async { self.process(at.pod, at.container, &doing, command, false).await?.end().await };
        within(MOVED_WITHIN, &doing, run).await
    }

    /// Throws away what was taken.
    pub async fn discard_part(&self, at: &InPod<'_>, folder: &RemotePath, part: &str) -> Result<(), FileError> {
        let command = script::discard(folder.as_bytes(), part);
        let doing = format!("remove {part} in");
        let run = async { self.process(at.pod, at.container, &doing, command, false).await?.end().await };
        within(MOVED_WITHIN, &doing, run).await
    }
}

async fn within<T>(
    limit: Duration,
    doing: &str,
    work: impl Future<Output = Result<T, FileError>>,
) -> Result<T, FileError> {
    timeout(limit, work).await.unwrap_or_else(|_| {
        let reason = format!("within {} s", limit.as_secs());
        Err(ClusterError::Timeout { doing: doing.to_owned(), reason }.into())
    })
}
