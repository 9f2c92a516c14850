//! Files of containers: folders are looked into, files and folders brought here and put there.
//!
//! What is under way is a transfer: counted, stopped by a person, compared at its end. Under its final name stands the
//! whole or nothing, on both sides.

mod digest;
mod download;
mod meter;
mod pack;
mod pump;
#[cfg(test)]
mod tests;
mod transfer;
mod unpack;
mod upload;

pub(crate) use transfer::Transfers;
pub use transfer::{Compared, Failure, FileTransfer, TransferState};

use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_cluster::{FileError, InPod, Listing, Node, NodeKind};
use slipway_model::file::RemotePath;
use slipway_model::id::GroupId;
use std::path::PathBuf;
use std::sync::Arc;
use transfer::{Head, Transfer};
use ts_rs::TS;
use uuid::Uuid;

/// Where files are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PodPlace {
    pub group: GroupId,
    pub pod: String,
    pub container: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderAsk {
    pub place: PodPlace,
    /// Empty for where commands begin.
    pub path: RemotePath,
}

/// What is in a folder of a container.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PodFolder {
    pub path: RemotePath,
    /// Whom commands run as.
    pub user: String,
    /// Without it nothing can be moved.
    pub tar: bool,
    pub files: Vec<PodFile>,
    /// There are more.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PodFile {
    pub name: RemotePath,
    pub kind: PodFileKind,
    pub size: u64,
    #[ts(type = "string")]
    pub changed: Timestamp,
    /// `-rw-r--r--`
    pub mode: String,
    pub owner: String,
    pub group: String,
    /// Where a link leads.
    pub target: Option<RemotePath>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PodFileKind {
    File,
    Folder,
    /// To a file, or to nothing.
    Link,
    FolderLink,
    Special,
}

/// A file or folder to be brought here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileDownload {
    pub place: PodPlace,
    pub folder: RemotePath,
    pub name: RemotePath,
    /// It is one, or a link to one.
    pub is_folder: bool,
    pub size: u64,
}

impl Engine {
    /// # Errors
    /// What the cluster says, `NoShell`, `NoTool`, and `Remote` with what stands in the way.
    pub async fn file_list(&self, ask: &FolderAsk) -> Result<PodFolder> {
        let session = self.place(&ask.place.group).await?.session;
        let at = InPod { pod: &ask.place.pod, container: &ask.place.container };
        let listing = session.list_folder(&at, &ask.path).await;
        Ok(listing.map_err(|error| met(error, &ask.path))?.into())
    }

    /// Begins to bring something here: a folder into the folder `to`, a file to the path `to`. Answers its id.
    pub fn file_download(&self, wanted: &FileDownload, to: PathBuf) -> String {
        let transfer = self.transfers.add(Head {
            place: wanted.place.clone(),
            order: Uuid::new_v4(),
            upload: false,
            is_folder: wanted.is_folder,
            folder: wanted.folder.clone(),
            name: wanted.name.clone(),
            local: to,
        });
        if !wanted.is_folder {
            transfer.expect(1, wanted.size);
        }
        self.move_on(&transfer, false);
        transfer.id.clone()
    }

    /// Begins to put files and folders into a folder of a container.
    pub fn file_upload(&self, ask: &FolderAsk, paths: Vec<PathBuf>) -> Vec<String> {
        let order = Uuid::new_v4();
        let add = |local: PathBuf| {
            // A root has no name of its own.
            let name = RemotePath::new(local.file_name().map(unpack::remote_name)?);
            let (place, folder) = (ask.place.clone(), ask.path.clone());
            Some(self.transfers.add(Head { place, order, upload: true, is_folder: false, folder, name, local }))
        };
        // All of them first: the order has not ended before the last is known.
        let transfers: Vec<_> = paths.into_iter().filter_map(add).collect();
        for transfer in &transfers {
            self.move_on(transfer, false);
        }
        transfers.iter().map(|transfer| transfer.id.clone()).collect()
    }

    /// Goes on with an upload whose name is taken.
    pub fn file_replace(&self, id: &str) -> Result<()> {
        let transfer = self.transfers.get(id)?;
        if transfer.is(&TransferState::Taken) {
            transfer.set(TransferState::Waiting);
            self.move_on(&transfer, true);
        }
        Ok(())
    }

    fn move_on(&self, transfer: &Arc<Transfer>, replace: bool) {
        let (engine, transfer) = (self.clone(), transfer.clone());
        self.transfers.running.spawn(async move {
            let stop = transfer.stop.clone();
            let moved = async {
                // Nobody closes it.
                let _room = tokio::select! {
                    room = engine.transfers.room.acquire() => room,
                    () = stop.cancelled() => return Err(Error::Stopped),
                };
                if transfer.head.upload {
                    // It clears up what it leaves when it is stopped.
                    upload::run(&engine, &transfer, replace).await
                } else {
                    tokio::select! {
                        done = download::run(&engine, &transfer) => done,
                        () = stop.cancelled() => Err(Error::Stopped),
                    }
                }
            };
            let outcome = moved.await;
            if let Err(error) = &outcome
                && !stop.is_cancelled()
            {
                tracing::info!(%error, upload = transfer.head.upload, "a transfer failed");
            }
            if let Some(ended) = engine.transfers.end(&transfer, outcome) {
                engine.notify_of_transfers(&ended).await;
            }
        });
        self.transfers.tell();
    }
}

/// An error of a container, with the path that it is about.
fn met(error: FileError, path: &RemotePath) -> Error {
    match error {
        FileError::Cluster(error) => error.into(),
        FileError::NoShell { container } => Error::NoShell { container },
        FileError::NoTool { container, tool } => Error::NoTool { container, tool },
        FileError::Obstacle { what, message, .. } => Error::Remote { what, path: path.to_text(), message },
    }
}

impl From<Listing> for PodFolder {
    fn from(listing: Listing) -> Self {
        let Listing { path, user, tar, nodes, more } = listing;
        Self { path, user, tar, files: nodes.into_iter().map(PodFile::from).collect(), more }
    }
}

impl From<Node> for PodFile {
    fn from(node: Node) -> Self {
        let kind = match node.kind {
            NodeKind::File => PodFileKind::File,
            NodeKind::Folder => PodFileKind::Folder,
            NodeKind::Link { folder: true } => PodFileKind::FolderLink,
            NodeKind::Link { folder: false } => PodFileKind::Link,
            NodeKind::Special => PodFileKind::Special,
        };
        Self {
            mode: mode(node.mode),
            changed: Timestamp::from_second(node.changed).unwrap_or(Timestamp::UNIX_EPOCH),
            name: node.name,
            kind,
            size: node.size,
            owner: node.owner,
            group: node.group,
            target: node.target,
        }
    }
}

/// As `ls` writes it.
fn mode(bits: u32) -> String {
    let kind = match bits >> 12 & 0o17 {
        0o01 => 'p',
        0o02 => 'c',
        0o04 => 'd',
        0o06 => 'b',
        0o12 => 'l',
        0o14 => 's',
        _ => '-',
    };
    let mut text = String::from(kind);
    for (shift, special, sign) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let three = bits >> shift;
        text.push(if three & 4 == 0 { '-' } else { 'r' });
        text.push(if three & 2 == 0 { '-' } else { 'w' });
        text.push(match (three & 1 == 1, bits & special == 0) {
            (true, true) => 'x',
            (false, true) => '-',
            (true, false) => sign,
            (false, false) => sign.to_ascii_uppercase(),
        });
    }
    text
}
