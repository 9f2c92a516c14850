//! A pod whose containers are as different as people make them, and a folder on this computer.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use slipway_cluster::{Kind, Session};
use slipway_engine::Error;
use slipway_engine::file::{FileDownload, FileTransfer, FolderAsk, PodFolder, PodPlace, TransferState};
use slipway_model::file::RemotePath;
use slipway_tests::ground::{Ground, PATIENCE, registry};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

const POD: &str = "files";
const OUTPUT: usize = 1 << 20;
/// Between two looks at a disk, which tells nobody.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(50);

pub(crate) struct Scene {
    pub(crate) ground: Ground,
    session: Session,
}

impl Scene {
    pub(crate) async fn new(name: &str) -> Result<Self> {
        let ground = Ground::new(name, |_| {}).await?;
        let image = |tag: &str| Ok::<_, anyhow::Error>(format!("{}/demo/checkout-api:{tag}", registry()?));
        let mounts = json!([{ "name": "data", "mountPath": "/data" }, { "name": "full", "mountPath": "/full" }]);
        let container = |name: &str, security: Value| {
            Ok::<_, anyhow::Error>(json!({
                "name": name, "image": image("v1")?, "command": ["sleep", "3600"],
                "securityContext": security, "volumeMounts": mounts,
            }))
        };
        let pod = json!({
            "metadata": { "name": POD },
            "spec": {
                "terminationGracePeriodSeconds": 0,
                "volumes": [
                    { "name": "data", "emptyDir": {} },
                    { "name": "full", "emptyDir": { "medium": "Memory", "sizeLimit": "1Mi" } },
                ],
                "containers": [
                    container("app", json!({}))?,
                    container("user", json!({ "runAsUser": 1000, "runAsGroup": 1000, "runAsNonRoot": true }))?,
                    container("readonly", json!({ "readOnlyRootFilesystem": true }))?,
                    { "name": "noshell", "image": image("noshell")? },
                ],
            },
        });
        ground.owner.connection.create(Kind::Pod, &pod).await?;
        let session = ground.session().await?;
        let scene = Self { ground, session };
        let ready = async {
            loop {
                let pod = scene.ground.owner.connection.get(Kind::Pod, POD).await?.context("the pod")?;
                let statuses = pod["status"]["containerStatuses"].as_array().cloned().unwrap_or_default();
                if statuses.len() == 4 && statuses.iter().all(|one| one["state"]["running"].is_object()) {
                    return anyhow::Ok(());
                }
                tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            }
        };
        tokio::time::timeout(PATIENCE, ready).await.context("the pod does not run")??;
        Ok(scene)
    }

    pub(crate) fn local(&self, name: &str) -> PathBuf {
        self.ground.folder().join(name)
    }

    pub(crate) fn place(&self, container: &str) -> PodPlace {
        PodPlace { group: self.ground.group.clone(), pod: POD.to_owned(), container: container.to_owned() }
    }

    fn ask(&self, container: &str, folder: &str) -> FolderAsk {
        FolderAsk { place: self.place(container), path: RemotePath::from_text(folder) }
    }

    pub(crate) async fn folder(&self, container: &str, folder: &str) -> Result<PodFolder> {
        Ok(self.ground.engine.file_list(&self.ask(container, folder)).await?)
    }

    /// Names in a folder.
    pub(crate) async fn list(&self, container: &str, folder: &str) -> Result<Vec<String>> {
        let folder = self.folder(container, folder).await?;
        Ok(folder.files.iter().map(|file| file.name.to_text()).collect())
    }

    /// What a command in a container writes.
    pub(crate) async fn sh(&self, container: &str, script: &str) -> Result<String> {
        let command = ["sh", "-c", script].map(str::to_owned);
        let ran = self.session.run(POD, container, &command, OUTPUT, PATIENCE).await?.context("it does not end")?;
        let output = String::from_utf8_lossy(&ran.output).into_owned();
        if ran.exit != 0 {
            bail!("{script} ends with {}: {output}", ran.exit);
        }
        Ok(output)
    }

    pub(crate) fn begin_upload(&self, container: &str, folder: &str, local: &Path) -> Result<String> {
        let mut ids = self.ground.engine.file_upload(&self.ask(container, folder), vec![local.to_owned()]);
        ids.pop().context("it begins")
    }

    pub(crate) fn begin_download(
        &self,
        container: &str,
        folder: &str,
        name: &str,
        is_folder: bool,
        to: &Path,
    ) -> String {
        let wanted = FileDownload {
            place: self.place(container),
            folder: RemotePath::from_text(folder),
            name: RemotePath::from_text(name),
            is_folder,
            size: 0,
        };
        self.ground.engine.file_download(&wanted, to.to_owned())
    }

    pub(crate) async fn upload(&self, container: &str, folder: &str, local: &Path) -> Result<FileTransfer> {
        let id = self.begin_upload(container, folder, local)?;
        self.ended(&id).await
    }

    pub(crate) async fn download(
        &self,
        container: &str,
        folder: &str,
        name: &str,
        is_folder: bool,
        to: &Path,
    ) -> Result<FileTransfer> {
        let id = self.begin_download(container, folder, name, is_folder, to);
        self.ended(&id).await
    }

    /// Waits until a transfer is so.
    pub(crate) async fn until(&self, id: &str, is: impl Fn(&FileTransfer) -> bool) -> Result<FileTransfer> {
        let mut last = None;
        let wait = async {
            let mut live = self.ground.engine.live_transfers();
            while let Some(update) = live.next().await {
                for row in update.upserts.into_iter().filter(|row| row.id == id) {
                    if is(&row) {
                        return Ok(row);
                    }
                    last = Some(row);
                }
            }
            bail!("nothing is told of it any more")
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        waited.with_context(|| format!("it does not become so: {last:?}"))?
    }

    /// Waits until a transfer has ended, or waits for a person.
    pub(crate) async fn ended(&self, id: &str) -> Result<FileTransfer> {
        use TransferState as S;
        self.until(id, |row| matches!(row.state, S::Done { .. } | S::Stopped | S::Failed | S::Taken)).await
    }

    /// Waits until nothing is in a folder of this computer.
    pub(crate) async fn nothing_in(&self, folder: &Path) -> Result<()> {
        let empty = async {
            while !names(folder)?.is_empty() {
                tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            }
            anyhow::Ok(())
        };
        let waited = tokio::time::timeout(PATIENCE, empty).await;
        waited.with_context(|| format!("something is left: {:?}", names(folder)))?
    }

    pub(crate) async fn delete_pod(&self) -> Result<()> {
        self.ground.owner.connection.delete(Kind::Pod, POD).await?;
        Ok(())
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.session.stop();
        self.ground.close().await
    }
}

/// Of everything in a folder of this computer, sorted.
pub(crate) fn names(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().as_bytes().to_vec());
    }
    names.sort();
    Ok(names)
}

/// Of every file below a folder, sorted.
pub(crate) fn digests(folder: &Path) -> Result<Vec<String>> {
    let mut digests = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let about = fs::symlink_metadata(&path)?;
            if about.is_dir() {
                folders.push(path);
            } else if about.is_file() {
                digests.push(slipway_model::hex::hex(&Sha256::digest(fs::read(path)?)));
            }
        }
    }
    digests.sort();
    Ok(digests)
}

/// Why it failed.
pub(crate) fn failure(transfer: &FileTransfer) -> Result<Error> {
    let failure = transfer.failure.as_ref().with_context(|| format!("it failed: {transfer:?}"))?;
    Ok(failure.0.clone())
}
