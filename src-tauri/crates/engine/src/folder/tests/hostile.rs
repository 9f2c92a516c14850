//! What stands in a folder that no editor of configuration files would make.

use super::*;

/// What stands in the place of the file that Slipway knows, by the trouble that is told of it.
async fn odd(scene: &Scene, put: impl FnOnce(&Path)) {
    let place = scene.at("config/conf/a.yml");
    fs::remove_file(&place).expect("a file");
    put(&place);
    scene
        .eventually("the trouble", async || {
            scene.view().await.problems.iter().any(|problem| problem.what == FolderTrouble::Odd)
        })
        .await;
    assert_eq!(scene.saved("1").await, BASE, "in Slipway it is as it was");
    // The others are followed as before.
    scene.edit("prod/conf/a.yml", "edited\n");
    scene.eventually("an edit of another", async || scene.saved("3").await == "edited\n").await;
    if place.is_dir() { fs::remove_dir_all(&place) } else { fs::remove_file(&place) }.expect("removed");
    scene.engine.folder_write(&scene.app).await.expect("written");
    assert_eq!(scene.on_disk("config/conf/a.yml").as_deref(), Some(BASE));
    assert_eq!(scene.view().await.problems, []);
}

#[tokio::test]
async fn a_folder_in_the_place_of_a_file_is_named() {
    let scene = Scene::opened().await;
    odd(&scene, |place| {
        fs::create_dir(place).expect("a folder");
        fs::write(place.join("b"), "b").expect("a file in it");
    })
    .await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_folder_is_not_followed() {
    let scene = Scene::opened().await;
    let outside = scene.parent.path().join("outside");
    fs::write(&outside, "root:x:0:0\n").expect("written");
    odd(&scene, |place| std::os::unix::fs::symlink(&outside, place).expect("a link")).await;
    assert_eq!(fs::read_to_string(&outside).expect("there"), "root:x:0:0\n");
}

/// Who opened it to read would wait for a writer for ever.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    let scene = Scene::opened().await;
    odd(&scene, |place| {
        let made = std::process::Command::new("mkfifo").arg(place).status();
        assert!(made.is_ok_and(|status| status.success()));
    })
    .await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn names_that_are_no_text_and_names_that_differ_by_case_disturb_nobody() {
    use std::os::unix::ffi::OsStrExt as _;
    let scene = Scene::opened().await;
    fs::write(scene.at("prod").join(std::ffi::OsStr::from_bytes(b"caf\xe9.yml")), "x").expect("written");
    fs::write(scene.at("prod/conf/A.yml"), "other\n").expect("written");
    scene.eventually("the stranger", async || scene.view().await.strangers == ["prod/conf/A.yml"]).await;
    // Not every disk could keep both: one of them is left out, and what stands there is not lost.
    let second = file("5", None, "conf/A.yml", Content::Text("upper\n".to_owned()));
    scene.engine.store.write(move |w| w.insert_file(&second)).await.expect("stored");
    scene
        .eventually("what is left out", async || {
            scene.view().await.left_out.iter().any(|out| out.why == LeftOutWhy::Case)
        })
        .await;
    assert_eq!(scene.on_disk("config/conf/a.yml").as_deref(), Some(BASE));
    assert_eq!((scene.saved("1").await.as_str(), scene.saved("3").await.as_str()), (BASE, BASE));
}

#[tokio::test]
async fn ten_thousand_files_that_slipway_does_not_know_are_not_all_named() {
    let scene = Scene::opened().await;
    for n in 0..10_000 {
        fs::write(scene.at(&format!("prod/{n}.yml")), "").expect("written");
    }
    scene.engine.sync_folder(&scene.app).await.expect("looked at");
    let view = scene.view().await;
    assert_eq!((view.strangers.len(), view.files), (50, 3));
    scene.edit("prod/conf/a.yml", "edited\n");
    scene.eventually("an edit among them", async || scene.saved("3").await == "edited\n").await;
}

#[tokio::test]
async fn what_an_editor_writes_too_large_is_named_and_not_taken() {
    let scene = Scene::opened().await;
    scene.edit("config/conf/a.yml", &"x".repeat(slipway_model::config::CONTENT_MAX + 1));
    scene
        .eventually("the trouble", async || {
            scene.view().await.problems.iter().any(|problem| problem.what == FolderTrouble::TooLarge)
        })
        .await;
    assert_eq!(scene.saved("1").await, BASE);
    scene.edit("config/conf/a.yml", &"x".repeat(slipway_model::config::CONTENT_MAX));
    scene
        .eventually("the whole of it", async || scene.saved("1").await.len() == slipway_model::config::CONTENT_MAX)
        .await;
}
