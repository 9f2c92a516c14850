//! A file or folder of this computer on its way into a container.

use super::digest::{self, Digests};
use super::pack::{self, Broken};
use super::transfer::{Compared, Outcome, Transfer, TransferState};
use super::{met, pump, unpack};
use crate::Engine;
use crate::error::{Error, Result};
use slipway_cluster::{FileError, InPod, Obstacle, Process, Put, Session};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

pub(super) async fn run(engine: &Engine, transfer: &Arc<Transfer>, replace: bool) -> Result<Outcome> {
    let head = &transfer.head;
    let session = engine.place(&head.place.group).await?.session;
    let at = InPod { pod: &head.place.pod, container: &head.place.container };
    let path = head.folder.join(head.name.as_bytes());

    transfer.meter.reset();
    transfer.set(TransferState::Moving);
    let local = head.local.clone();
    let (files, bytes) = spawn_blocking(move || pack::measure(&local)).await.unwrap_or(Err(Error::Stopped))?;
    transfer.expect(files, bytes);

    let part = format!(".slipway-{}.part", &transfer.id[..8]);
    let put = Put { folder: &head.folder, name: head.name.as_bytes(), part: &part, replace };
    let staged = tokio::select! {
        staged = stage(engine, transfer, &session, &at, &put) => staged,
        () = transfer.stop.cancelled() => Err(Ended::Here(Error::Stopped)),
    };
    // It is renamed in one step, which nobody can stop half-way.
    let done = match staged {
        Ok(compared) => session.commit_part(&at, &put).await.map(|()| compared).map_err(Ended::There),
        Err(ended) => Err(ended),
    };
    let error = match done {
        Ok(compared) => return Ok(Outcome::Done { compared, changed: 0, said: String::new(), path: None }),
        Err(Ended::There(FileError::Obstacle { what: Obstacle::Taken, .. })) => {
            // Whoever took the name did so after everything had come.
            session.discard_part(&at, &head.folder, &part).await.ok();
            return Ok(Outcome::Taken);
        }
        Err(Ended::Here(error)) => error,
        Err(Ended::There(error)) => met(error, &path),
    };
    // A pod that is gone has taken it along; what a disk or a network keeps for later says by its name what it is.
    session.discard_part(&at, &head.folder, &part).await.ok();
    Err(error)
}

enum Ended {
    Here(Error),
    There(FileError),
}

impl From<FileError> for Ended {
    fn from(error: FileError) -> Self {
        Self::There(error)
    }
}

/// Has everything in the container, under the name of a part, and compared.
async fn stage(
    engine: &Engine,
    transfer: &Arc<Transfer>,
    session: &Session,
    at: &InPod<'_>,
    put: &Put<'_>,
) -> std::result::Result<Compared, Ended> {
    let digests = send(transfer, session.write_part(at, put).await?).await?;
    transfer.set(TransferState::Comparing);
    engine.transfers.tell();
    let folder = Session::part_folder(put);
    let missing = match session.file_digests(at, &folder).await {
        Ok(process) => digests.missing(process).await,
        Err(error) => Err(error),
    };
    match missing {
        Ok(0) => Ok(Compared::Digest),
        Ok(_) => Err(Ended::Here(Error::Differs { path: put.folder.join(put.name).to_text() })),
        Err(FileError::NoTool { .. }) => {
            let there = digest::sum(session.file_sizes(at, &folder).await?).await?;
            if there != (transfer.meter.files(), transfer.meter.bytes()) {
                return Err(Ended::Here(Error::Differs { path: put.folder.join(put.name).to_text() }));
            }
            Ok(Compared::Size)
        }
        Err(error) => Err(error.into()),
    }
}

/// Sends everything, and waits until the other side has it.
async fn send(transfer: &Arc<Transfer>, mut process: Process) -> std::result::Result<Digests, Ended> {
    let (pieces, mut packed) = mpsc::channel::<Vec<u8>>(pump::UNDER_WAY);
    let packing = spawn_blocking({
        let transfer = transfer.clone();
        move || {
            let name = unpack::local_name(transfer.head.name.as_bytes());
            pack::pack(&transfer.head.local, &name, pump::Sink::new(pieces), &transfer.meter)
        }
    });
    while let Some(piece) = packed.recv().await {
        if process.write(&piece).await.is_none() {
            break;
        }
    }
    drop(packed);
    let packed = packing.await.unwrap_or(Err(Broken::Gone));
    if let Err(Broken::Local(error)) = packed {
        return Err(Ended::Here(error));
    }
    process.end().await?;
    packed.map_err(|_| Ended::Here(Error::Stopped))
}
