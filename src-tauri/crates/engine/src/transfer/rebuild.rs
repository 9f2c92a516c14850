//! An app as its records tell it. Pure.

use super::format::{Contents, ExportedBalancer, ExportedCluster, ExportedFile, ExportedGroup, ExportedValue};
use super::format::{ExportedValues, Parcel};
use slipway_cluster::record::Record;
use slipway_model::app::App;
use slipway_model::balancer::BalancerDraft;
use slipway_model::cluster::ClusterLink;
use slipway_model::config::{ConfigSource, Content, Owner};
use slipway_model::group::GroupDraft;
use slipway_model::id::{BalancerId, FileId, GroupId, ReleaseId};
use slipway_model::release::Release;
use slipway_render::merge::texts;
use slipway_store::{Failure, FileEntry, Writer};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is taken in, in one go.
pub(super) struct Rebuilt {
    pub parcel: Parcel,
    /// Of each file in the parcel, which has its first version there.
    pub lineages: Vec<Lineage>,
    /// Paths of files that groups have in versions which do not come together.
    pub forked: Vec<String>,
}

/// The versions of a file, the oldest first.
pub(super) struct Lineage {
    pub file: FileId,
    group: Option<GroupId>,
    path: String,
    steps: Vec<Step>,
    /// Made of two heads, and of no release yet.
    merged: Option<Content>,
}

#[derive(Clone)]
struct Step {
    source: ConfigSource,
    release: ReleaseId,
    by: String,
    at: jiff::Timestamp,
}

/// `known` is the app as it is here already. `None` where there is no record.
pub(super) fn rebuild(link: &ClusterLink, records: &[Record], known: Option<&App>) -> Option<Rebuilt> {
    let mut releases: Vec<Release> = records.iter().map(|record| record.release.clone()).collect();
    // Clocks of computers differ: the server's orders them.
    for (release, record) in releases.iter_mut().zip(records) {
        release.created = record.created.unwrap_or(release.created);
    }
    releases.sort_by_key(|release| (release.created, release.seq));
    let ids: BTreeSet<&GroupId> = releases.iter().map(|release| &release.group).collect();
    let of_group = |group: &GroupId| {
        let own = || releases.iter().filter(|release| release.group == *group);
        let effective = own().filter(|release| release.state.took_effect()).max_by_key(|release| release.seq);
        effective.or_else(|| own().max_by_key(|release| release.seq))
    };
    // By the server's order, the newest last.
    let mut heads: Vec<&Release> = ids.into_iter().filter_map(of_group).collect();
    heads.sort_by_key(|release| (release.created, release.seq));
    let last = *heads.last()?;
    let (mut files, mut lineages, mut forked) = (Vec::new(), Vec::new(), Vec::new());
    for (owner, path) in places(&heads) {
        let file = Lineages::of(&releases, owner.as_ref(), &path).head(&heads);
        let Some((lineage, is_forked)) = file else { continue };
        if is_forked {
            forked.push(path.clone());
        }
        let first = &lineage.steps.first()?.source;
        let exported = ExportedFile {
            id: lineage.file.clone(),
            group: owner,
            path,
            literal: first.literal,
            sensitive: first.sensitive,
        };
        files.push((exported, first.content.clone()));
        lineages.push(lineage);
    }
    let mut environments: Vec<_> = Vec::new();
    for release in &heads {
        if environments
            .iter()
            .all(|one: &slipway_model::environment::Environment| one.id != release.plan.environment.id)
        {
            environments.push(release.plan.environment.clone());
        }
    }
    let group = |release: &&Release| ExportedGroup {
        id: release.group.clone(),
        draft: GroupDraft { link: link.id.to_string(), ..GroupDraft::from(&release.plan.group) },
        workload: Some(release.plan.workload.clone()),
    };
    let parcel = Parcel {
        contents: if known.is_some() { Contents::Group } else { Contents::App },
        app: known.cloned().unwrap_or_else(|| last.plan.app.clone()),
        environments,
        clusters: vec![ExportedCluster {
            id: link.id.clone(),
            name: link.name.clone(),
            namespace: link.namespace.clone(),
            namespace_uid: link.namespace_uid.clone(),
        }],
        groups: heads.iter().map(group).collect(),
        balancers: balancers(&heads),
        files,
        values: values(&heads),
    };
    Some(Rebuilt { parcel, lineages, forked })
}

/// Where files of the newest releases are.
fn places(heads: &[&Release]) -> BTreeSet<(Option<GroupId>, String)> {
    let of = |release: &&Release| {
        let group = release.group.clone();
        let files = release.plan.config.files.clone().into_iter();
        files.map(move |file| ((file.owner == Owner::Group).then(|| group.clone()), file.path.trim().to_owned()))
    };
    heads.iter().flat_map(of).collect()
}

/// What the groups say; where several say something of the app, the newest.
fn values(heads: &[&Release]) -> ExportedValues {
    let mut keys: BTreeMap<String, bool> = BTreeMap::new();
    let (mut values, mut defaults) = (Vec::new(), BTreeMap::new());
    for release in heads {
        for value in &release.plan.config.values {
            *keys.entry(value.key.clone()).or_default() |= value.sensitive;
            if let Some(own) = &value.value {
                let group = Some(release.group.clone());
                values.push(ExportedValue { key: value.key.clone(), group, value: own.clone() });
            }
            if let Some(default) = &value.default {
                defaults.insert(value.key.clone(), default.clone());
            }
        }
    }
    values.extend(defaults.into_iter().map(|(key, value)| ExportedValue { key, group: None, value }));
    let variables = heads.last().map(|release| release.plan.config.variables.clone()).unwrap_or_default();
    ExportedValues { keys: keys.into_iter().collect(), values, variables }
}

/// Each as the newest release behind it tells it, before all groups that say they are.
fn balancers(heads: &[&Release]) -> Vec<ExportedBalancer> {
    let mut all: BTreeMap<BalancerId, BalancerDraft> = BTreeMap::new();
    for release in heads {
        for snapshot in &release.plan.balancers {
            let mut draft = BalancerDraft::from(&snapshot.balancer);
            let before = all.remove(&snapshot.balancer.id).map(|before| before.groups).unwrap_or_default();
            draft.groups = before;
            draft.groups.push(release.group.clone());
            all.insert(snapshot.balancer.id.clone(), draft);
        }
    }
    all.into_iter().map(|(id, draft)| ExportedBalancer { id, draft }).collect()
}

/// Everything that releases say of one file.
struct Lineages {
    group: Option<GroupId>,
    path: String,
    /// In the server's order.
    steps: Vec<Step>,
    /// Which versions one was made from, by hash.
    parents: HashMap<String, BTreeSet<String>>,
}

impl Lineages {
    fn of(releases: &[Release], owner: Option<&GroupId>, path: &str) -> Self {
        let (group, own_path) = (owner.cloned(), path.to_owned());
        let mut all = Self { group, path: own_path, steps: Vec::new(), parents: HashMap::new() };
        let mut before: HashMap<&GroupId, String> = HashMap::new();
        for release in releases.iter().filter(|release| owner.is_none_or(|owner| *owner == release.group)) {
            let is = |file: &&ConfigSource| (file.owner == Owner::Group) == owner.is_some() && file.path.trim() == path;
            let Some(source) = release.plan.config.files.iter().find(is) else { continue };
            // What a group is released with was made knowing what it was released with before.
            let earlier = before.insert(&release.group, source.hash.clone());
            let parents = all.parents.entry(source.hash.clone()).or_default();
            parents.extend(source.parent.clone().into_iter().chain(earlier).filter(|parent| *parent != source.hash));
            let author = &release.author;
            let by = if author.display.is_empty() { author.identity.clone() } else { author.display.clone() };
            all.steps.push(Step { source: source.clone(), release: release.id.clone(), by, at: release.created });
        }
        all
    }

    /// A version with all that it came from, the nearest first.
    fn line(&self, hash: &str) -> Vec<String> {
        let (mut line, mut at) = (vec![hash.to_owned()], 0);
        while let Some(next) = line.get(at).cloned() {
            for parent in self.parents.get(&next).into_iter().flatten() {
                if !line.contains(parent) {
                    line.push(parent.clone());
                }
            }
            at += 1;
        }
        line
    }

    fn content(&self, hash: &str) -> Option<&Content> {
        self.steps.iter().find(|step| step.source.hash == hash).map(|step| &step.source.content)
    }

    /// The one version that all come to, and whether some do not come together.
    fn head(&self, heads: &[&Release]) -> Option<(Lineage, bool)> {
        let candidates: Vec<&Step> =
            heads.iter().filter_map(|head| self.steps.iter().find(|step| step.release == head.id)).collect();
        let mut open: Vec<&Step> = Vec::new();
        for step in &candidates {
            let hash = &step.source.hash;
            let grew = candidates
                .iter()
                .any(|other| other.source.hash != *hash && self.line(&other.source.hash).contains(hash));
            if !grew && open.iter().all(|other| other.source.hash != *hash) {
                open.push(step);
            }
        }
        // Where each came from the other, it went back and forth: the newest is where it is.
        let newest = *open.last().or(candidates.last())?;
        let (mut merged, mut forked) = (None, false);
        let mut lines: HashSet<String> = self.line(&newest.source.hash).into_iter().collect();
        for other in open.iter().rev().skip(1) {
            let now = merged.as_ref().unwrap_or(&newest.source.content);
            match self.together(now, &lines, &other.source) {
                Some(content) => {
                    merged = Some(content);
                    lines.extend(self.line(&other.source.hash));
                }
                None => forked = true,
            }
        }
        let mut steps: Vec<Step> = Vec::new();
        for step in self.steps.iter().filter(|step| lines.contains(&step.source.hash)) {
            if steps.iter().all(|known| known.source.hash != step.source.hash) {
                steps.push(step.clone());
            }
        }
        // The head last: a version that it went back to stands where it is.
        steps.retain(|step| step.source.hash != newest.source.hash);
        // It became sensitive later: what it was in clear text does not come back as a version, as on no computer that took
        // it out of sight.
        if newest.source.sensitive {
            steps.retain(|step| step.source.sensitive);
        }
        steps.push(newest.clone());
        let (group, path) = (self.group.clone(), self.path.clone());
        Some((Lineage { file: newest.source.id.clone(), group, path, steps, merged }, forked))
    }

    /// Merged with what both came from, never by time.
    fn together(&self, now: &Content, line: &HashSet<String>, other: &ConfigSource) -> Option<Content> {
        let common = self.line(&other.hash).into_iter().find(|hash| line.contains(hash))?;
        match (self.content(&common)?, now, &other.content) {
            (Content::Text(base), Content::Text(now), Content::Text(other)) => {
                texts(base, now, other).text().map(Content::Text)
            }
            _ => None,
        }
    }
}

impl Lineage {
    /// Cuts the versions of a file that was just taken in, and was not here before. One that stands elsewhere is left alone.
    pub(super) fn write(&self, w: &mut Writer<'_>, app: &slipway_model::id::AppId) -> Result<(), Failure> {
        let Some(mut file) = w.file(&self.file)? else { return Ok(()) };
        if (&file.app, &file.group, file.path.trim()) != (app, &self.group, self.path.as_str()) {
            return Ok(());
        }
        for step in &self.steps {
            let ConfigSource { content, literal, sensitive, .. } = step.source.clone();
            file = FileEntry { content, literal, sensitive, saved: step.at, saved_by: step.by.clone(), ..file };
            w.save_file(&file)?;
            let Some(saved) = w.file(&self.file)? else { return Ok(()) };
            w.cut_version(&saved, crate::config::VersionWhy::Release.word(), Some(&step.release))?;
            let Some(cut) = w.file(&self.file)? else { return Ok(()) };
            file = cut;
        }
        match &self.merged {
            Some(content) => w.save_file(&FileEntry { content: content.clone(), ..file }),
            None => Ok(()),
        }
    }
}
