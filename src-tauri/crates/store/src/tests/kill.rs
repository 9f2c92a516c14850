//! A writer that is killed in the middle of its writes.

use super::{again, inside};
use crate::Store;
use slipway_model::app::{App, AppDraft};
use slipway_model::group::GroupDraft;
use slipway_model::id::AppId;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

/// Groups that one transaction writes with their app.
const GROUPS: u32 = 20;

fn app(n: u32) -> App {
    let draft = AppDraft { slug: format!("app-{n}"), ..AppDraft::default() };
    draft.validate(AppId::from(format!("app-{n}"))).expect("a valid app")
}

/// Writes apps with their groups, one transaction each, for ever; prints the number of each that is done.
async fn write_for_ever(folder: &Path) {
    let store = Store::open(folder).await.expect("open").store;
    for n in store.read(|r| Ok(r.apps()?.len())).await.expect("read").. {
        let n = u32::try_from(n).expect("killed long before");
        let done = store.write(move |w| {
            let app = app(n);
            w.insert_app(&app)?;
            for group in 0..GROUPS {
                let draft =
                    GroupDraft { name: format!("group-{group}"), note: "x".repeat(500), ..GroupDraft::default() };
                w.insert_group(&format!("{n}-{group}").into(), &app.id, &draft)?;
            }
            Ok(())
        });
        done.await.expect("write");
        println!("\ndone {n}");
    }
}

#[tokio::test]
async fn a_killed_writer_leaves_whole_transactions() {
    if let Some(folder) = inside() {
        return write_for_ever(Path::new(&folder)).await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("a plain path");
    let mut earlier = 0;
    for round in 1..=4 {
        let mut child = again("tests::kill::a_killed_writer_leaves_whole_transactions", place)
            .stdout(Stdio::piped())
            .spawn()
            .expect("start the writer");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        // A different moment each round; the next transaction is under way while this line is read.
        let told: u32 = output
            .lines()
            .map(|line| line.expect("a line"))
            .filter_map(|line| line.strip_prefix("done ")?.parse().ok())
            .nth(7 * round)
            .expect("the writer writes until it is killed");
        child.kill().expect("it runs");
        child.wait().expect("it ends");

        let opened = Store::open(folder.path()).await.expect("open after the kill");
        assert_eq!(opened.set_aside, None);
        let apps = opened.store.read(|r| r.apps()).await.expect("read");
        assert!(apps.len() > told as usize, "{} apps, though {told} was said to be written", apps.len());
        assert!(apps.len() > earlier, "each round goes on");
        for (app, groups) in &apps {
            assert_eq!(*groups, GROUPS, "half a transaction: {}", app.slug);
        }
        earlier = apps.len();
        opened.store.close().await;
    }
}
