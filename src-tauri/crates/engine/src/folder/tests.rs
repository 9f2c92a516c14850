//! Real folders, a real watcher, a real full disk.

mod hostile;

use super::*;
use slipway_model::app::App;
use slipway_model::config::Content;
use slipway_model::group::GroupDraft;
use slipway_model::name::Slug;
use slipway_store::FileEntry;
use std::fs;
use std::time::{Duration, Instant};

const BASE: &str = "a: 1\nb: 2\nc: 3\nd: 4\n";

struct Scene {
    data: tempfile::TempDir,
    parent: tempfile::TempDir,
    engine: Engine,
    app: AppId,
}

impl Scene {
    /// An app with `conf/a.yml` and `/etc/b.yml`, a group `prod` with its own `conf/a.yml`, and one sensitive file.
    async fn start() -> Self {
        let (data, parent) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let engine = Engine::open(data.path()).await.expect("a new core");
        let app = AppId::from("app");
        let text = |text: &str| Content::Text(text.to_owned());
        let files = [
            file("1", None, "conf/a.yml", text(BASE)),
            file("2", None, "/etc/b.yml", text("b\r\n")),
            file("3", Some("g"), "conf/a.yml", text(BASE)),
            file("4", None, "conf/secret", Content::Sealed("s".into())),
        ];
        let new = App {
            id: app.clone(),
            slug: Slug::parse("shop").expect("a slug"),
            title: "Shop".to_owned(),
            repository: String::new(),
            deploy_path: "/export/".to_owned(),
        };
        let group = GroupDraft { name: "prod".to_owned(), ..GroupDraft::default() };
        let stored = engine.store.write(move |w| {
            w.insert_app(&new)?;
            w.insert_group(&"g".into(), &new.id, &group)?;
            files.iter().try_for_each(|file| w.insert_file(file))
        });
        stored.await.expect("stored");
        Self { data, parent, engine, app }
    }

    async fn opened() -> Self {
        let scene = Self::start().await;
        scene.engine.folder_open(&scene.app, scene.parent.path()).await.expect("an open folder");
        scene
    }

    fn at(&self, place: &str) -> PathBuf {
        self.parent.path().join("shop").join(place)
    }

    fn on_disk(&self, place: &str) -> Option<String> {
        fs::read_to_string(self.at(place)).ok()
    }

    /// As an editor does it: another file beside it, then in its place.
    fn edit(&self, place: &str, text: &str) {
        let beside = self.at(&format!("{place}~"));
        fs::write(&beside, text).expect("written");
        fs::rename(beside, self.at(place)).expect("replaced");
    }

    async fn entry(&self, id: &str) -> FileEntry {
        let id = FileId::from(id);
        self.engine.store.read(move |r| r.file(&id)).await.expect("read").expect("a file")
    }

    async fn saved(&self, id: &str) -> String {
        match self.entry(id).await.content {
            Content::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    async fn save(&self, id: &str, text: &str) {
        let before = self.entry(id).await;
        let content = Content::Text(text.to_owned());
        self.engine.store.write(move |w| w.save_file(&FileEntry { content, ..before })).await.expect("saved");
    }

    async fn view(&self) -> FolderView {
        self.engine.folder(&self.app).await.expect("read").expect("an open folder")
    }

    /// Holds when nobody follows the folder: both sides can be changed before the next look.
    async fn unfollowed(&self) {
        let held = self.engine.folders.held().remove(&self.app).expect("an open folder");
        held.task.abort();
        let _ = held.task.await;
    }

    async fn eventually(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let begin = Instant::now();
        while !holds().await {
            assert!(begin.elapsed() < Duration::from_secs(30), "{what} did not happen: {:#?}", self.view().await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn file(id: &str, group: Option<&str>, path: &str, content: Content) -> FileEntry {
    FileEntry::new(id.into(), "app".into(), group.map(GroupId::from), path.to_owned(), content)
}

#[tokio::test]
async fn an_app_is_exported_without_what_is_sensitive() {
    let scene = Scene::opened().await;
    assert_eq!(scene.on_disk("config/conf/a.yml").as_deref(), Some(BASE));
    assert_eq!(scene.on_disk("config/_root/etc/b.yml").as_deref(), Some("b\r\n"));
    assert_eq!(scene.on_disk("prod/conf/a.yml").as_deref(), Some(BASE));
    let view = scene.view().await;
    assert_eq!((view.files, view.gone, view.unwatched), (3, false, None));
    let left_out: Vec<_> = view.left_out.iter().map(|out| (out.path.as_str(), out.why)).collect();
    assert_eq!(left_out, [("conf/secret", LeftOutWhy::Sensitive)]);
    assert_eq!(
        disk::strangers(
            &scene.at(""),
            &["config/conf/a.yml", "config/_root/etc/b.yml", "prod/conf/a.yml"].map(str::to_owned).into()
        ),
        [""; 0]
    );
}

#[tokio::test]
async fn an_edit_comes_back_as_a_draft_with_a_diff_and_two_versions() {
    let scene = Scene::opened().await;
    let edited = BASE.replace("b: 2", "b: 20");
    scene.edit("prod/conf/a.yml", &edited);
    scene.eventually("the edit", async || scene.saved("3").await == edited).await;
    scene.eventually("its diff", async || !scene.view().await.changes.is_empty()).await;
    let view = scene.view().await;
    let diff = view.changes[0].diff.as_ref().expect("text");
    assert_eq!((view.changes[0].place.place.as_str(), diff.added, diff.removed), ("prod/conf/a.yml", 1, 1));
    let versions = scene.engine.store.read(|r| r.file_versions(&"3".into())).await.expect("read");
    assert_eq!(versions.len(), 2, "what was there before is a version, too");
    assert_eq!(scene.saved("1").await, BASE);
}

#[tokio::test]
async fn what_is_saved_in_slipway_goes_to_the_folder() {
    let scene = Scene::opened().await;
    scene.save("1", "other\n").await;
    scene.eventually("the file", async || scene.on_disk("config/conf/a.yml").as_deref() == Some("other\n")).await;
    let new = file("5", Some("g"), "new.yml", Content::Text("new".to_owned()));
    scene.engine.store.write(move |w| w.insert_file(&new)).await.expect("stored");
    scene.eventually("a new file", async || scene.on_disk("prod/new.yml").as_deref() == Some("new")).await;
}

#[tokio::test]
async fn both_sides_are_merged_and_a_conflict_overwrites_nothing() {
    let scene = Scene::opened().await;
    scene.unfollowed().await;
    let (ours, theirs) = (BASE.replace("a: 1", "a: 10"), BASE.replace("d: 4", "d: 40"));
    scene.save("1", &ours).await;
    scene.edit("config/conf/a.yml", &theirs);
    scene.save("3", &BASE.replace("b: 2", "b: ours")).await;
    scene.edit("prod/conf/a.yml", &BASE.replace("b: 2", "b: theirs"));
    scene.engine.follow_folder(&scene.app);

    let merged = ours.replace("d: 4", "d: 40");
    scene.eventually("the merge here", async || scene.saved("1").await == merged).await;
    scene.eventually("the merge there", async || scene.on_disk("config/conf/a.yml").as_deref() == Some(&merged)).await;
    scene.eventually("the conflict", async || scene.view().await.conflicts.len() == 1).await;
    let view = scene.view().await;
    assert!(view.changes.iter().any(|change| change.merged));
    assert_eq!(view.conflicts[0].merge.as_ref().map(Merge::conflicts), Some(1));
    assert_eq!(scene.saved("3").await, BASE.replace("b: 2", "b: ours"));
    assert_eq!(scene.on_disk("prod/conf/a.yml"), Some(BASE.replace("b: 2", "b: theirs")));

    let settle = FolderSettle { app: scene.app.clone(), file: "3".into(), keep: FolderKeep::Folder };
    scene.engine.folder_settle(&settle).await.expect("decided");
    assert_eq!(scene.saved("3").await, BASE.replace("b: 2", "b: theirs"));
    assert_eq!(scene.view().await.conflicts, []);
    let versions = scene.engine.store.read(|r| r.file_versions(&"3".into())).await.expect("read");
    assert_eq!(versions.len(), 2, "what was given up is a version");
}

#[tokio::test]
async fn a_decision_on_what_has_moved_on_since_does_nothing() {
    let scene = Scene::opened().await;
    scene.unfollowed().await;
    scene.save("1", "ours\n").await;
    scene.edit("config/conf/a.yml", "theirs\n");
    scene.engine.follow_folder(&scene.app);
    scene.eventually("the conflict", async || scene.view().await.conflicts.len() == 1).await;
    scene.edit("config/conf/a.yml", "later\n");
    let settle = FolderSettle { app: scene.app.clone(), file: "1".into(), keep: FolderKeep::Slipway };
    scene.engine.folder_settle(&settle).await.expect("looked at");
    assert_eq!(scene.on_disk("config/conf/a.yml").as_deref(), Some("later\n"));
    assert_eq!((scene.view().await.conflicts.len(), scene.saved("1").await), (1, "ours\n".to_owned()));
    scene.engine.folder_settle(&settle).await.expect("seen this time");
    assert_eq!(scene.on_disk("config/conf/a.yml").as_deref(), Some("ours\n"));
    assert_eq!(scene.view().await.conflicts, []);
}

#[tokio::test]
async fn two_files_swapped_by_rename_are_two_changes() {
    let scene = Scene::opened().await;
    let (one, other) = (scene.at("config/conf/a.yml"), scene.at("config/_root/etc/b.yml"));
    fs::rename(&one, scene.at("swap")).expect("moved");
    fs::rename(&other, &one).expect("moved");
    fs::rename(scene.at("swap"), &other).expect("moved");
    scene.eventually("the swap", async || scene.saved("1").await == "b\r\n" && scene.saved("2").await == BASE).await;
    assert_eq!(scene.view().await.strangers, [""; 0]);
}

#[tokio::test]
async fn a_deleted_folder_deletes_nothing_and_can_be_written_again() {
    let scene = Scene::opened().await;
    fs::remove_dir_all(scene.at("")).expect("deleted");
    scene.eventually("the loss", async || scene.view().await.gone).await;
    assert_eq!((scene.saved("1").await.as_str(), scene.saved("3").await.as_str()), (BASE, BASE));
    scene.save("1", "later\n").await;
    scene.engine.sync_folder(&scene.app).await.expect("looked at");
    assert!(!scene.at("").exists(), "nothing is written where a person deleted");
    scene.engine.folder_write(&scene.app).await.expect("written");
    assert_eq!(scene.on_disk("config/conf/a.yml").as_deref(), Some("later\n"));
    assert_eq!(scene.on_disk("prod/conf/a.yml").as_deref(), Some(BASE));
    scene.eventually("the return", async || !scene.view().await.gone).await;
    // The new folder is followed as the old one was.
    scene.edit("config/conf/a.yml", "edited\n");
    scene.eventually("an edit", async || scene.saved("1").await == "edited\n").await;
}

#[tokio::test]
async fn a_deleted_file_stays_in_slipway() {
    let scene = Scene::opened().await;
    fs::remove_file(scene.at("config/conf/a.yml")).expect("deleted");
    scene.eventually("the loss", async || !scene.view().await.problems.is_empty()).await;
    assert_eq!(scene.view().await.problems[0].what, FolderTrouble::Missing);
    assert_eq!(scene.saved("1").await, BASE);
    scene.engine.folder_write(&scene.app).await.expect("written");
    assert_eq!(scene.on_disk("config/conf/a.yml").as_deref(), Some(BASE));
    assert_eq!(scene.view().await.problems, []);
}

#[tokio::test]
async fn edits_while_slipway_does_not_run_are_seen_at_the_next_start() {
    let scene = Scene::opened().await;
    let Scene { data, parent, engine, app } = scene;
    engine.close().await;
    drop(engine);
    fs::write(parent.path().join("shop/config/conf/a.yml"), BASE.replace("a: 1", "a: 10")).expect("written");
    let engine = Engine::open(data.path()).await.expect("the same core");
    let scene = Scene { data, parent, engine, app };
    scene.eventually("the edit", async || scene.saved("1").await == BASE.replace("a: 1", "a: 10")).await;
    scene.edit("config/conf/a.yml", "again\n");
    scene.eventually("another", async || scene.saved("1").await == "again\n").await;
}

#[tokio::test]
async fn another_folder_is_not_taken_and_one_of_ours_is_but_not_overwritten() {
    let scene = Scene::start().await;
    fs::create_dir_all(scene.at("src")).expect("a repository");
    let refused = scene.engine.folder_open(&scene.app, scene.parent.path()).await.expect_err("somebody else's");
    assert!(matches!(&refused, Error::File { reason, .. } if reason.contains("src")), "{refused}");
    assert!(!scene.at("config").exists());
    assert_eq!(scene.engine.folder(&scene.app).await.expect("read"), None);

    fs::remove_dir(scene.at("src")).expect("gone");
    fs::create_dir_all(scene.at("config/conf")).expect("of an earlier time");
    fs::write(scene.at("config/conf/a.yml"), "of an earlier time\n").expect("written");
    let view = scene.engine.folder_open(&scene.app, scene.parent.path()).await.expect("ours");
    assert_eq!(view.conflicts.len(), 1);
    assert_eq!(scene.on_disk("config/conf/a.yml").as_deref(), Some("of an earlier time\n"));
    assert_eq!((scene.saved("1").await.as_str(), scene.on_disk("prod/conf/a.yml").as_deref()), (BASE, Some(BASE)));

    scene.engine.folder_close(&scene.app).await.expect("closed");
    assert_eq!(scene.engine.folder(&scene.app).await.expect("read"), None);
    assert!(scene.at("prod/conf/a.yml").exists());
}

#[tokio::test]
async fn an_edit_in_the_middle_of_an_export_is_kept() {
    let scene = Scene::start().await;
    // What Slipway had when the export began, and what both sides have when it ends.
    let sources = scene.engine.folder_sources(&scene.app).await.expect("read");
    make(&scene.at(""), &sources).expect("made");
    scene.save("1", &BASE.replace("a: 1", "a: 10")).await;
    scene.edit("prod/conf/a.yml", "edited at once\n");
    let view = scene.engine.folder_open(&scene.app, scene.parent.path()).await.expect("open");
    let conflicts: Vec<_> = view.conflicts.iter().map(|conflict| conflict.place.place.as_str()).collect();
    assert_eq!(conflicts, ["config/conf/a.yml", "prod/conf/a.yml"], "neither side is known to be the newer one");
    assert_eq!(scene.on_disk("prod/conf/a.yml").as_deref(), Some("edited at once\n"));
    assert_eq!(scene.saved("1").await, BASE.replace("a: 1", "a: 10"));
}

#[tokio::test]
async fn a_new_file_of_the_folder_is_named_and_taken_when_asked() {
    let scene = Scene::opened().await;
    fs::write(scene.at("prod/new.yml"), b"\xff\0").expect("written");
    scene.eventually("the stranger", async || scene.view().await.strangers == ["prod/new.yml"]).await;
    let add = |place: &str| FolderAdd { app: scene.app.clone(), place: place.to_owned() };
    let id = scene.engine.folder_add(&add("prod/new.yml")).await.expect("taken");
    let entry = scene.entry(id.as_str()).await;
    assert_eq!((entry.path.as_str(), entry.group), ("new.yml", Some("g".into())));
    assert_eq!(entry.content, Content::Binary("/wA=".to_owned()));
    assert_eq!((scene.view().await.strangers.len(), scene.view().await.files), (0, 4));
    for place in ["prod/none.yml", "other/new.yml", "../shop/prod/new.yml"] {
        assert!(scene.engine.folder_add(&add(place)).await.is_err(), "{place}");
    }
}

#[tokio::test]
async fn the_folder_is_held_to_what_the_window_is() {
    let scene = Scene::opened().await;
    let template = "a: {{a}}\n";
    scene.save("2", template).await;
    scene.engine.sync_folder(&scene.app).await.expect("synced");
    assert_eq!(scene.on_disk("config/_root/etc/b.yml").as_deref(), Some(template));
    // A template stays text, also where an editor saves it in another encoding.
    fs::write(scene.at("config/_root/etc/b.yml"), b"\xff\xfea\0").expect("written");
    scene
        .eventually("the trouble", async || {
            let problems = scene.view().await.problems;
            problems.iter().any(|problem| problem.what == FolderTrouble::Unsaved && problem.place.file == "2".into())
        })
        .await;
    assert_eq!(scene.saved("2").await, template);
    // A file where another one has a folder cannot be mounted beside it.
    fs::create_dir_all(scene.at("config/_root/etc/c")).expect("a folder");
    fs::write(scene.at("config/_root/etc/c/d.yml"), "d\n").expect("written");
    let add = FolderAdd { app: scene.app.clone(), place: "config/_root/etc/c/d.yml".to_owned() };
    scene.engine.folder_add(&add).await.expect("a free place");
    fs::write(scene.at("prod/e.yml"), "e\n").expect("written");
    let below = file("5", Some("g"), "/export/e.yml/f", Content::Text("f\n".to_owned()));
    scene.engine.store.write(move |w| w.insert_file(&below)).await.expect("stored");
    let add = FolderAdd { app: scene.app.clone(), place: "prod/e.yml".to_owned() };
    let refused = scene.engine.folder_add(&add).await.expect_err("a folder of another");
    assert!(matches!(&refused, Error::Invalid(fields) if fields[0].field == "path"), "{refused:?}");
}

#[cfg(target_os = "linux")]
mod disk_trouble {
    use super::*;
    use crate::mounted::mounted;
    use std::process::Command;

    #[tokio::test]
    async fn a_full_disk_leaves_no_half_folder_and_no_half_file() {
        let mount = "mount -t tmpfs -o size=64k tmpfs \"$PLACE\"";
        let Some(place) = mounted(module_path!(), "a_full_disk_leaves_no_half_folder_and_no_half_file", mount) else {
            return;
        };
        let scene = Scene::start().await;
        let large = "x".repeat(200 * 1024);
        scene.save("1", &large).await;
        let refused = scene.engine.folder_open(&scene.app, &place).await.expect_err("no room");
        assert!(matches!(refused, Error::File { operation: "write", .. }), "{refused}");
        assert_eq!(fs::read_dir(&place).expect("there").count(), 0, "nothing is left of it");
        assert_eq!(scene.engine.folder(&scene.app).await.expect("read"), None);

        scene.save("1", BASE).await;
        scene.engine.folder_open(&scene.app, &place).await.expect("room enough");
        scene.save("1", &large).await;
        scene.eventually("the trouble", async || !scene.view().await.problems.is_empty()).await;
        assert_eq!(scene.view().await.problems[0].what, FolderTrouble::Unwritable);
        let folder = place.join("shop/config/conf");
        assert_eq!(fs::read_to_string(folder.join("a.yml")).ok().as_deref(), Some(BASE), "the old one, whole");
        assert_eq!(fs::read_dir(&folder).expect("there").count(), 1, "and nothing beside it");
        scene.save("1", "small again\n").await;
        scene
            .eventually("the next one", async || {
                fs::read_to_string(folder.join("a.yml")).ok().as_deref() == Some("small again\n")
            })
            .await;
        scene.eventually("peace", async || scene.view().await.problems.is_empty()).await;
    }

    #[tokio::test]
    async fn a_folder_made_read_only_is_named_and_slipway_goes_on() {
        let mount = "mount -t tmpfs tmpfs \"$PLACE\"";
        let Some(place) = mounted(module_path!(), "a_folder_made_read_only_is_named_and_slipway_goes_on", mount) else {
            return;
        };
        let scene = Scene::start().await;
        scene.engine.folder_open(&scene.app, &place).await.expect("open");
        let remount = |how: &str| {
            let ran = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&place).status();
            assert!(ran.is_ok_and(|status| status.success()));
        };
        remount("ro");
        scene.save("1", "later\n").await;
        scene.eventually("the trouble", async || !scene.view().await.problems.is_empty()).await;
        let problem = scene.view().await.problems.remove(0);
        assert_eq!((problem.what, problem.reason.is_empty()), (FolderTrouble::Unwritable, false));
        assert_eq!(scene.saved("1").await, "later\n");
        let other = scene.engine.folder_open(&scene.app, &place.join("shop")).await.expect_err("read-only");
        assert!(matches!(other, Error::File { .. }), "{other}");
        remount("rw");
        scene.engine.folders.wake();
        let file = place.join("shop/config/conf/a.yml");
        scene.eventually("the file", async || fs::read_to_string(&file).ok().as_deref() == Some("later\n")).await;
    }
}
