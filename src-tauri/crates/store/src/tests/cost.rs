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

/// The larger store holds so many times what the smaller holds: as many apps, or as long a history of each.
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

/// What shows a part of a history, and not how long all of it is.
const OF_A_HISTORY: &[&str] =
    &["last releases", "releases", "releases of a group", "released", "open releases", "states"];

const FEW: Size = Size { apps: 4, groups: 12, releases: 120 };

/// Steps of each, by its word.
async fn steps(size: Size) -> Vec<(&'static str, u64)> {
    let (folder, store) = store().await;
    sample::fill(&store, size).await.expect("fill");
    sample::fill_files(&store, 20 * size.apps).await.expect("fill");
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
    let larger = Size { apps: FEW.apps * TIMES, groups: FEW.groups * TIMES, releases: FEW.releases * TIMES };
    let (few, many) = (steps(FEW).await, steps(larger).await);
    for ((word, before), (_, after)) in few.into_iter().zip(many) {
        let lists_all = OF_ALL.iter().any(|(of_all, _)| *of_all == word);
        assert_cost(word, before * if lists_all { u64::from(TIMES) } else { 1 }, after);
    }
}

#[tokio::test]
async fn a_page_of_a_history_costs_the_same_however_long_it_is() {
    // Both fill the pages that are asked for.
    let long = |times| Size { releases: FEW.groups * 60 * times, ..FEW };
    let (short, long) = (steps(long(1)).await, steps(long(TIMES)).await);
    for ((word, before), (_, after)) in short.into_iter().zip(long) {
        if OF_A_HISTORY.contains(&word) {
            assert_cost(word, before, after);
        }
    }
}

fn assert_cost(word: &str, most: u64, steps: u64) {
    assert!(most > 0, "{word} was counted");
    assert!(steps <= most + most / 10, "{word}: {steps} steps, {most} are its due");
}
