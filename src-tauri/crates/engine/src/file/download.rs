//! A file or folder of a container on its way here.

use super::transfer::{Compared, Outcome, Transfer, TransferState};
use super::unpack::{self, Broken, Unpacked};
use super::{digest, met, pump};
use crate::Engine;
use crate::error::{Error, Result};
use slipway_cluster::{FileError, InPod, Process, Session};
use slipway_model::file::RemotePath;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

pub(super) async fn run(engine: &Engine, transfer: &Arc<Transfer>) -> Result<Outcome> {
    let head = &transfer.head;
    let session = engine.place(&head.place.group).await?.session;
    let at = InPod { pod: &head.place.pod, container: &head.place.container };
    let path = head.folder.join(head.name.as_bytes());
    let met = |error| met(error, &path);

    transfer.set(TransferState::Moving);
    if head.is_folder {
        // Whoever cannot be counted is read all the same.
        if let Ok(sizes) = session.file_sizes(&at, &path).await
            && let Ok((files, bytes)) = digest::sum(sizes).await
        {
            transfer.expect(files, bytes);
        }
    }
    let process = if head.is_folder {
        session.read_folder(&at, &path).await
    } else {
        session.read_file(&at, &head.folder, head.name.as_bytes()).await
    };
    let (unpacked, said) = unpack(transfer, process.map_err(met)?).await.map_err(|broken| match broken {
        Ended::Here(error) => error,
        Ended::There(error) => met(error),
    })?;

    transfer.set(TransferState::Comparing);
    engine.transfers.tell();
    compare(transfer, &session, &at, &path, unpacked, said).await
}

enum Ended {
    Here(Error),
    There(FileError),
}

/// Unpacks what a process writes. What it complains of, and yet writes to the end, is told.
async fn unpack(transfer: &Arc<Transfer>, mut process: Process) -> std::result::Result<(Unpacked, String), Ended> {
    let (pieces, received) = mpsc::channel(pump::UNDER_WAY);
    let unpacking = spawn_blocking({
        let transfer = transfer.clone();
        move || {
            let (head, from) = (&transfer.head, pump::Source::new(received));
            if head.is_folder {
                let name = unpack::local_name(head.name.name());
                unpack::folder(from, &head.local, &name, &transfer.meter)
            } else {
                unpack::file(from, &head.local, &transfer.meter)
            }
        }
    });
    while let Some(piece) = process.next().await {
        if pieces.send(piece).await.is_err() {
            break;
        }
    }
    drop(pieces);
    let unpacked = unpacking.await.unwrap_or_else(|_| Err(Broken::Cut));
    if let Err(Broken::Local(error)) = unpacked {
        return Err(Ended::Here(error));
    }
    match (unpacked, process.end().await) {
        (Ok(unpacked), Ok(())) => Ok((unpacked, String::new())),
        (Ok(unpacked), Err(FileError::Obstacle { message, .. })) => Ok((unpacked, message)),
        (_, Err(error)) => Err(Ended::There(error)),
        (Err(_), Ok(())) => {
            let doing = "read an archive".to_owned();
            let message = "it ends in the middle".to_owned();
            Err(Ended::There(slipway_cluster::ClusterError::Other { doing, message }.into()))
        }
    }
}

async fn compare(
    transfer: &Transfer,
    session: &Session,
    at: &InPod<'_>,
    path: &RemotePath,
    mut unpacked: Unpacked,
    said: String,
) -> Result<Outcome> {
    let head = &transfer.head;
    let digests = std::mem::take(&mut unpacked.digests);
    let process = if head.is_folder {
        session.file_digests(at, path).await
    } else {
        session.file_digest(at, &head.folder, head.name.as_bytes(), unpacked.size).await
    };
    let missing = match process {
        Ok(process) => digests.missing(process).await,
        Err(error) => Err(error),
    };
    let (compared, changed) = match missing {
        Ok(changed) => (Compared::Digest, changed),
        // As many bytes came as the archive said.
        Err(FileError::NoTool { .. }) => (Compared::Size, 0),
        Err(error) => return Err(met(error, path)),
    };
    if transfer.stop.is_cancelled() {
        return Err(Error::Stopped);
    }
    let kept = spawn_blocking(move || unpacked.keep()).await;
    let path = kept.unwrap_or(Err(Error::Stopped))?;
    Ok(Outcome::Done { compared, changed, said, path: Some(path) })
}
