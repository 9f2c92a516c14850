//! Files of containers that are not there, or can not be looked into, brought or put.

use crate::site::Site;
use crate::table::cases;
use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt as _;
use serde_json::{Value, json};
use slipway_api::{ApiError, FeedMessage, Topic};
use slipway_cluster::Kind;
use slipway_tests::ground::{PATIENCE, registry};

cases! {
    "file/disk_full" => disk_full,
    "file/folder_missing" => folder_missing,
    "file/folder_of_root" => folder_of_root,
    "file/folder_read_only" => folder_read_only,
    "file/folder_shut" => folder_shut,
    "file/gone_since_listed" => gone_since_listed,
    "file/no_folder" => no_folder,
    "file/no_shell" => no_shell,
    "file/no_stat" => no_stat,
    "file/no_tar" => no_tar,
}

const POD: &str = "files";

/// A pod with one container, and the place of its files.
async fn place(site: &mut Site, container: Value) -> Result<Value> {
    let group = site.group().await?;
    let image = format!("{}/demo/checkout-api:v1", registry()?);
    let mut one = json!({
        "name": "app", "image": image, "command": ["sleep", "3600"],
        "volumeMounts": [{ "name": "small", "mountPath": "/small" }],
    });
    for (name, value) in container.as_object().context("fields of a container")? {
        one[name] = value.clone();
    }
    let pod = json!({
        "metadata": { "name": POD },
        "spec": {
            "terminationGracePeriodSeconds": 0,
            "volumes": [{ "name": "small", "emptyDir": { "medium": "Memory", "sizeLimit": "1Mi" } }],
            "containers": [one],
        },
    });
    site.owner.connection.create(Kind::Pod, &pod).await?;
    site.eventually("the pod to run", async || {
        let pod = site.owner.connection.get(Kind::Pod, POD).await?.context("the pod")?;
        Ok((pod["status"]["containerStatuses"][0]["ready"] == true).then_some(()))
    })
    .await?;
    Ok(json!({ "group": group.id, "pod": POD, "container": "app" }))
}

/// A container whose shell finds all tools but one.
fn without(tool: &str) -> Value {
    let shell = format!(
        "#!/bin/busybox sh\nscript=$2\nshift 3\n\
         command() {{ case $2 in {tool}) return 1 ;; *) return 0 ;; esac; }}\neval \"$script\"\n"
    );
    let begin = "rm /bin/sh && printf %s \"$SHELL_OF_IMAGE\" >/bin/sh && chmod +x /bin/sh && exec sleep 3600";
    json!({
        "command": ["/bin/busybox", "sh", "-c", begin],
        "env": [{ "name": "SHELL_OF_IMAGE", "value": shell }],
        // Only then its shell is the one that it should be.
        "readinessProbe": { "exec": { "command": ["grep", "-q", "eval", "/bin/sh"] }, "periodSeconds": 1 },
    })
}

async fn listed(site: &mut Site, container: Value, folder: &str) -> Result<Value> {
    let place = place(site, container).await?;
    site.refused("file_list", json!({ "place": place, "path": folder })).await
}

/// Why a transfer failed.
async fn failed(site: &Site, id: &str) -> Result<ApiError> {
    let mut messages = site.api.subscribe(Topic::Transfers);
    let looking = async {
        while let Some(message) = messages.next().await {
            let (FeedMessage::Snapshot { rows, .. } | FeedMessage::Delta { upserts: rows, .. }) = message;
            let Some(row) = rows.into_iter().find(|row| row["id"] == id) else { continue };
            match row["state"]["state"].as_str() {
                Some("failed") => return Ok(serde_json::from_value(row["error"].clone())?),
                Some("waiting" | "moving" | "comparing") => {}
                other => bail!("it is {other:?}: {row}"),
            }
        }
        bail!("the feed has ended")
    };
    tokio::time::timeout(PATIENCE, looking).await.context("the transfer does not end")?
}

async fn put(site: &mut Site, container: Value, folder: &str, bytes: usize) -> Result<Value> {
    let place = place(site, container).await?;
    site.write("new.bin", &"x".repeat(bytes))?;
    site.choose(Some(&site.file("new.bin")));
    let upload = json!({ "to": { "place": place, "path": folder }, "from": "files", "title": "" });
    let (id, error) = site
        .unchanged(async || {
            let ids = site.call("file_upload", upload).await?;
            let id = ids[0].as_str().context("an upload has an id")?.to_owned();
            let error = failed(site, &id).await?;
            anyhow::Ok((id, error))
        })
        .await??;
    // What has not come through yet is named by it.
    site.differs(&id[..8], "part");
    site.error(&error)
}

/// Nothing of it is left here, either.
async fn brought(site: &mut Site, container: Value, name: &str) -> Result<Value> {
    let place = place(site, container).await?;
    let here = site.file("here");
    site.choose(Some(&here));
    let file = json!({ "place": place, "folder": "/app", "name": name, "is_folder": false, "size": 1 });
    let error = site
        .unchanged(async || {
            let id = site.call("file_download", json!({ "file": file, "title": "" })).await?;
            failed(site, id.as_str().context("a download has an id")?).await
        })
        .await??;
    ensure!(!here.exists(), "{} is there", here.display());
    site.error(&error)
}

async fn disk_full(site: &mut Site) -> Result<Value> {
    put(site, json!({}), "/small", 4 << 20).await
}

async fn folder_missing(site: &mut Site) -> Result<Value> {
    listed(site, json!({}), "/none").await
}

async fn folder_of_root(site: &mut Site) -> Result<Value> {
    put(site, json!({ "securityContext": { "runAsUser": 1000 } }), "/app", 5).await
}

async fn folder_read_only(site: &mut Site) -> Result<Value> {
    put(site, json!({ "securityContext": { "readOnlyRootFilesystem": true } }), "/app", 5).await
}

async fn folder_shut(site: &mut Site) -> Result<Value> {
    let begin = "mkdir /small/shut && chmod 0 /small/shut && exec sleep 3600";
    let user = json!({
        "command": ["sh", "-c", begin], "securityContext": { "runAsUser": 1000 },
        "readinessProbe": { "exec": { "command": ["test", "-d", "/small/shut"] }, "periodSeconds": 1 },
    });
    listed(site, user, "/small/shut").await
}

async fn gone_since_listed(site: &mut Site) -> Result<Value> {
    brought(site, json!({}), "none.txt").await
}

async fn no_folder(site: &mut Site) -> Result<Value> {
    listed(site, json!({}), "/etc/hosts").await
}

async fn no_shell(site: &mut Site) -> Result<Value> {
    let image = format!("{}/demo/checkout-api:noshell", registry()?);
    listed(site, json!({ "image": image, "command": ["/app/server"] }), "/").await
}

async fn no_stat(site: &mut Site) -> Result<Value> {
    listed(site, without("stat"), "/").await
}

async fn no_tar(site: &mut Site) -> Result<Value> {
    brought(site, without("tar"), "server").await
}
