//! What pages cost as the store grows, in steps of the database: a missing index shows in them, and no clock is asked.

use crate::database::{Failure, Reader};
use crate::opening::connect;
use crate::sample::{self, Size};
use crate::table::testing::store;
use rusqlite::OpenFlags;
use slipway_model::id::{AppId, FileId, GroupId, LinkId};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The larger store holds so many times what the smaller holds, an app of it as much as an app of the other.
const TIMES: u32 = 8;

/// What is asked about.
#[derive(Clone)]
struct Place {
    app: AppId,
    group: GroupId,
    file: FileId,
    link: LinkId,
}

type Ask = fn(&Reader<'_>, &Place) -> Result<(), Failure>;

const OF_ONE: &[(&str, Ask)] = &[
    ("app", |r, p| r.app(&p.app).map(drop)),
    ("groups", |r, p| r.groups_of_app(&p.app).map(drop)),
    ("group", |r, p| r.group(&p.group).map(drop)),
    ("deleted groups", |r, p| r.deleted_groups(&p.app).map(drop)),
    ("deletions", |r, _| r.open_deletions().map(drop)),
    ("last releases", |r, p| r.last_releases(&p.app).map(drop)),
    ("releases", |r, p| r.releases_of_app(&p.app, None, 50).map(drop)),
    ("releases of a group", |r, p| r.releases_of_group(&p.group, None, 50).map(drop)),
    ("released", |r, p| r.released_of_app(&p.app).map(drop)),
    ("open releases", |r, _| r.open_releases().map(drop)),
    ("files", |r, p| r.files_of_app(&p.app).map(drop)),
    ("file", |r, p| r.file(&p.file).map(drop)),
    ("deleted files", |r, p| r.deleted_files(&p.app).map(drop)),
    ("versions", |r, p| r.file_versions(&p.file).map(drop)),
    ("values", |r, p| r.values_of_app(&p.app).map(drop)),
    ("keys", |r, p| r.keys_of_app(&p.app).map(drop)),
    ("variables", |r, p| r.app_variables(&p.app).map(drop)),
    ("load balancers", |r, p| r.balancers_of_app(&p.app).map(drop)),
];

const OF_ALL: &[(&str, Ask)] = &[
    ("apps", |r, _| r.apps().map(drop)),
    ("states", |r, _| r.last_states().map(drop)),
    ("groups of a link", |r, p| r.groups_of_link(&p.link).map(drop)),
];

/// Steps of each, by its word.
async fn steps(times: u32) -> Vec<(&'static str, u64)> {
    let (folder, store) = store().await;
    sample::fill(&store, Size { apps: 4 * times, groups: 12 * times, releases: 120 * times }).await.expect("fill");
    sample::fill_files(&store, 80 * times).await.expect("fill");
    counted(&folder.path().join("slipway.db")).expect("read")
}

fn counted(database: &Path) -> Result<Vec<(&'static str, u64)>, Failure> {
    let mut connection = connect(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let taken = Arc::new(AtomicU64::new(0));
    let counter = taken.clone();
    let count = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        false
    };
    connection.progress_handler(1, Some(count))?;
    let r = Reader { connection: &connection };
    let app = r.apps()?.swap_remove(1).0.id;
    let group = r.groups_of_app(&app)?.swap_remove(0);
    let link = LinkId::from(group.draft.link);
    let place = Place { file: r.files_of_app(&app)?.swap_remove(0).id, group: group.id, app, link };
    let cost = |(word, ask): &(&'static str, Ask)| {
        taken.store(0, Ordering::Relaxed);
        ask(&r, &place)?;
        Ok((*word, taken.load(Ordering::Relaxed)))
    };
    OF_ONE.iter().chain(OF_ALL).map(cost).collect()
}

#[tokio::test]
async fn what_is_asked_of_one_app_costs_the_same_among_many() {
    let (few, many) = (steps(1).await, steps(TIMES).await);
    for ((word, before), (_, after)) in few.into_iter().zip(many) {
        assert!(before > 0, "{word} was counted");
        let lists_all = OF_ALL.iter().any(|(of_all, _)| *of_all == word);
        let times = if lists_all { u64::from(TIMES) } else { 1 };
        assert!(after <= before * times + before / 10, "{word}: {before} steps, then {after}");
    }
}
