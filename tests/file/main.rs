//! Files of real containers: what is put there and brought back is the same, and what cannot be is said and leaves
//! nothing.

mod scene;

use anyhow::{Context, Result, ensure};
use scene::{Scene, digests, failure, names};
use slipway_engine::file::{Compared, FolderAsk, PodFileKind, TransferState};
use slipway_engine::{ClusterError, Error, Obstacle};
use slipway_model::cluster::Role;
use slipway_model::file::RemotePath;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;

/// More than is on its way before anybody can stop it, and little on a disk: it is empty.
const LONG: u64 = 2 << 30;

fn path(text: &str) -> RemotePath {
    RemotePath::from_text(text)
}

/// A folder as people have them, and as they should not.
fn odd_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("sub \n folder/-deep"))?;
    fs::create_dir(folder.join("empty"))?;
    let long = "x".repeat(255);
    let names = [&b"-n"[..], b"a\nb", b"\xff\xfe", b"q'\"$(id)`\\", b".hidden", b"* glob", "部署".as_bytes()];
    for name in names.into_iter().chain([long.as_bytes()]) {
        fs::write(folder.join(OsStr::from_bytes(name)), [name, b" says so\n"].concat())?;
    }
    fs::write(folder.join("sub \n folder/-deep/\u{1b}[31mred"), vec![7; 3_000_000])?;
    fs::write(folder.join("sub \n folder/none"), "")?;
    symlink("-n", folder.join("link"))?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_any_names_goes_there_and_back_as_it_is() -> Result<()> {
    let scene = Scene::new("file-round").await?;
    let local = scene.local("box");
    odd_folder(&local)?;
    let put = scene.upload("app", "/data", &local).await?;
    let whole = |compared| TransferState::Done { compared, changed: 0, said: String::new() };
    ensure!(put.state == whole(Compared::Digest), "{put:?}");
    ensure!((put.files, Some(put.bytes)) == (10, put.total), "{put:?}");
    let there = scene
        .sh(
            "app",
            "cd /data/box && find . -type f -exec sha256sum {} \\; | grep -E '^[0-9a-f]{64}  ' | cut -c1-64 | sort",
        )
        .await?;
    ensure!(there.split_whitespace().eq(digests(&local)?.iter().map(String::as_str)), "{there}");
    ensure!(scene.list("app", "/data").await? == ["box"], "no part is left");

    let listed = scene.folder("app", "/data/box").await?;
    let mut listed_names: Vec<_> = listed.files.iter().map(|file| file.name.as_bytes().to_vec()).collect();
    listed_names.sort();
    ensure!(listed_names == names(&local)?, "{listed:?}");
    ensure!(listed.user == "root" && listed.tar && !listed.more, "{listed:?}");
    let link = listed.files.iter().find(|file| file.name == path("link")).context("the link")?;
    ensure!(link.kind == PodFileKind::Link && link.target == Some(path("-n")), "{link:?}");

    fs::create_dir(scene.local("back"))?;
    let back = scene.download("app", "/data", "box", true, &scene.local("back")).await?;
    ensure!(back.state == whole(Compared::Digest), "{back:?}");
    let came = scene.local("back/box");
    ensure!((back.files, back.left_out, back.local.as_str()) == (10, 0, came.to_str().unwrap_or_default()), "{back:?}");
    ensure!(digests(&came)? == digests(&local)? && names(&came)? == names(&local)?, "{:?}", names(&came)?);
    ensure!(fs::read_link(came.join("link"))? == Path::new("-n"));
    ensure!(names(&scene.local("back"))? == [b"box".to_vec()], "no part is left");

    // A link is brought as what it leads to; a pipe is no file.
    let to = scene.local("current");
    let linked = scene.download("app", "/data/box", "link", false, &to).await?;
    ensure!(linked.state == whole(Compared::Digest) && fs::read(&to)? == b"-n says so\n", "{linked:?}");
    scene.sh("app", "mkfifo /data/pipe; ln -s box /data/folder").await?;
    let refused = scene.download("app", "/data", "pipe", false, &scene.local("pipe")).await?;
    ensure!(matches!(failure(&refused)?, Error::Special { .. }), "{refused:?}");
    let through = scene.download("app", "/data", "folder", true, &scene.local("back")).await?;
    ensure!(digests(&scene.local("back/folder"))? == digests(&local)?, "{through:?}");
    scene.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_replaced_only_when_a_person_says_so() -> Result<()> {
    let scene = Scene::new("file-taken").await?;
    scene
        .sh(
            "app",
            "mkdir /data/conf /data/dir && echo old >/data/conf/a && echo old >/data/file && ln -s dir /data/lead",
        )
        .await?;
    for (name, is_folder) in [("conf", true), ("file", false), ("lead", false)] {
        let local = scene.local(name);
        if is_folder {
            fs::create_dir(&local)?;
            fs::write(local.join("b"), "new")?;
        } else {
            fs::write(&local, "new")?;
        }
        let asked = scene.upload("app", "/data", &local).await?;
        ensure!(asked.state == TransferState::Taken, "{asked:?}");
        scene.ground.engine.file_replace(&asked.id)?;
        let done = scene.ended(&asked.id).await?;
        ensure!(matches!(done.state, TransferState::Done { .. }), "{done:?}");
    }
    let now = scene.sh("app", "cd /data; ls conf; cat file; cat lead; ls -A dir; ls -A").await?;
    ensure!(now.split_whitespace().eq(["b", "newnewconf", "dir", "file", "lead"]), "{now}");
    // Whoever thinks better of it leaves everything as it was.
    fs::write(scene.local("file"), "newer")?;
    let asked = scene.upload("app", "/data", &scene.local("file")).await?;
    scene.ground.engine.transfer_stop(&asked.id)?;
    ensure!(scene.ended(&asked.id).await?.state == TransferState::Stopped);
    ensure!(scene.sh("app", "cat /data/file").await? == "new");
    scene.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_is_said_and_nothing_is_left() -> Result<()> {
    let scene = Scene::new("file-odds").await?;
    let (small, large) = (scene.local("small"), scene.local("large"));
    fs::write(&small, "small")?;
    fs::File::create(&large)?.set_len(4 << 20)?;
    let cases = [
        ("user", "/app", &small, Obstacle::Denied),
        ("readonly", "/app", &small, Obstacle::ReadOnly),
        ("app", "/full", &large, Obstacle::Full),
        ("app", "/none", &small, Obstacle::Missing),
        ("app", "/etc/hosts", &small, Obstacle::NoFolder),
    ];
    for (container, folder, local, expected) in cases {
        let failed = scene.upload(container, folder, local).await?;
        let error = failure(&failed)?;
        ensure!(matches!(&error, Error::Remote { what, .. } if *what == expected), "{folder}: {error:?}");
    }
    ensure!(scene.list("app", "/full").await? == [] as [&str; 0], "no part is left");
    // As somebody, to where they may, with room for it.
    for (container, folder) in [("user", "/data"), ("readonly", "/data"), ("app", "/full")] {
        let done = scene.upload(container, folder, &small).await?;
        ensure!(matches!(done.state, TransferState::Done { .. } | TransferState::Taken), "{done:?}");
    }
    let user = scene.folder("user", "/data").await?;
    ensure!(user.user == "1000" && user.files[0].owner == "1000", "{user:?}");
    let begin = scene.folder("user", "").await?;
    ensure!(begin.path == path("/app"), "{begin:?}");

    scene
        .sh("app", "mkdir -m 700 /data/shut && echo secret >/data/shut/a && echo secret >/data/b && chmod 600 /data/b")
        .await?;
    let shut = scene.folder("user", "/data/shut").await.expect_err("it may not be read");
    let denied = |error: &Error| matches!(error, Error::Remote { what: Obstacle::Denied, .. });
    ensure!(shut.downcast_ref::<Error>().is_some_and(denied), "{shut:?}");
    let unread = scene.download("user", "/data", "b", false, &scene.local("b")).await?;
    ensure!(denied(&failure(&unread)?) && !scene.local("b").exists(), "{unread:?}");
    // Of a folder comes what may be read, and the rest is told.
    fs::create_dir(scene.local("some"))?;
    let some = scene.download("user", "/", "data", true, &scene.local("some")).await?;
    let told = |state: &TransferState| matches!(state, TransferState::Done { said, .. } if said.contains("denied"));
    ensure!(told(&some.state) && scene.local("some/data/small").exists(), "{some:?}");

    let bare = scene.folder("noshell", "/").await.expect_err("it has no shell");
    ensure!(matches!(bare.downcast_ref(), Some(Error::NoShell { .. })), "{bare:?}");
    let (member, group) = scene.ground.member(Role::Viewer).await?;
    let mut place = scene.place("app");
    place.group = group;
    let refused = member.file_list(&FolderAsk { place, path: path("/") }).await.expect_err("may not");
    let exec = |error: &Error| matches!(error, Error::Cluster(ClusterError::Forbidden { resource, .. }) if resource == "pods/exec");
    ensure!(exec(&refused), "{refused:?}");
    member.close().await;
    scene.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stopped_in_the_middle_or_loses_its_pod_leaves_nothing() -> Result<()> {
    let scene = Scene::new("file-stop").await?;
    let local = scene.local("long");
    fs::File::create(&local)?.set_len(LONG)?;
    let engine = scene.ground.engine.clone();

    let id = scene.begin_upload("app", "/data", &local)?;
    scene.until(&id, |row| row.bytes > 1 << 20).await?;
    engine.transfer_stop(&id)?;
    ensure!(scene.ended(&id).await?.state == TransferState::Stopped);
    ensure!(scene.list("app", "/data").await? == [] as [&str; 0], "neither the name nor a part");

    scene.sh("app", "truncate -s 2G /data/long").await?;
    fs::create_dir(scene.local("down"))?;
    let id = scene.begin_download("app", "/data", "long", false, &scene.local("down/long"));
    scene.until(&id, |row| row.bytes > 1 << 20).await?;
    engine.transfer_stop(&id)?;
    ensure!(scene.ended(&id).await?.state == TransferState::Stopped);
    scene.nothing_in(&scene.local("down")).await?;

    // Its pod goes while files are on their way in both directions.
    let down = scene.begin_download("app", "/data", "long", false, &scene.local("down/long"));
    let up = scene.begin_upload("user", "/tmp", &local)?;
    for id in [&down, &up] {
        scene.until(id, |row| row.bytes > 1 << 20).await?;
    }
    scene.delete_pod().await?;
    for id in [&down, &up] {
        let failed = scene.ended(id).await?;
        ensure!(matches!(failure(&failed)?, Error::Cluster(_) | Error::Remote { .. }), "{failed:?}");
    }
    scene.nothing_in(&scene.local("down")).await?;
    let gone = scene.folder("app", "/data").await.expect_err("it is gone");
    ensure!(matches!(gone.downcast_ref(), Some(Error::Cluster(_))), "{gone:?}");
    scene.close().await
}
