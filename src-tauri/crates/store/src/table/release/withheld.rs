//! What is sensitive now, and was readable when a release had it: no release that is kept here says what it was.
//!
//! The record in the cluster is written once and says it for as long as it stands. A computer that reads it later keeps of it
//! that there was something, and no more: as of a sensitive value that only others know. Where a person makes it sensitive,
//! what the history of this computer said of it goes into the vault.

use crate::database::{Failure, Reader, Writer};
use serde_json::Value as Json;
use slipway_model::config::{Config, Content, Value};
use slipway_model::id::{AppId, FileId, GroupId, ReleaseId, SecretId};
use slipway_model::release::Release;
use slipway_model::variable::{Variable, VariableKind};
use std::collections::{HashMap, HashSet};

/// A text in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: SecretId,
    /// Keys that it uses, where it is a template.
    pub keys: Vec<String>,
}

impl Kept {
    /// What only others know.
    fn nowhere() -> Self {
        Self { id: SecretId::nowhere(), keys: Vec::new() }
    }
}

/// Whether a file, a key or a variable is sensitive; one that nobody says anything of is not.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    files: HashMap<FileId, bool>,
    keys: HashMap<String, bool>,
    /// Of the app (`None`), or of a group.
    variables: HashMap<(Option<GroupId>, String), bool>,
}

impl Hidden {
    /// As the releases of one app tell it, the oldest first: the last word on each counts.
    pub fn of<'r>(releases: impl IntoIterator<Item = &'r Release>) -> Self {
        let mut hidden = Self::default();
        for release in releases {
            let config = &release.plan.config;
            hidden.files.extend(config.files.iter().map(|file| (file.id.clone(), file.sensitive)));
            hidden.keys.extend(config.values.iter().map(|value| (value.key.clone(), value.sensitive)));
            hidden.take_variables(None, &config.variables);
            hidden.take_variables(Some(&release.group), &release.plan.group.variables);
        }
        hidden
    }

    fn take_variables(&mut self, group: Option<&GroupId>, variables: &[Variable]) {
        let of = |variable: &Variable| (group.cloned(), variable.name.trim().to_owned());
        let sensitive = |variable: &Variable| variable.kind == VariableKind::Sensitive;
        self.variables.extend(variables.iter().map(|variable| (of(variable), sensitive(variable))));
    }

    /// The release without what is sensitive. What one that has not ended goes back to stays: it is written to the cluster
    /// as it was.
    #[must_use]
    pub fn withhold(&self, release: Release) -> Release {
        self.seal(release, &mut |_| Kept::nowhere())
    }

    /// The same, with what is kept of each text that is taken out of it.
    fn seal(&self, mut release: Release, kept: &mut impl FnMut(&str) -> Kept) -> Release {
        let group = release.group.clone();
        let variable = |of: Option<&GroupId>, name: &str| {
            self.variables.get(&(of.cloned(), name.trim().to_owned())).copied().unwrap_or_default()
        };
        let plan = &mut release.plan;
        for file in &mut plan.config.files {
            if !self.files.get(&file.id).copied().unwrap_or_default() {
                continue;
            }
            let Kept { id, keys } = match &file.content {
                Content::Text(text) => kept(text),
                // A sensitive file is a text.
                Content::Binary(_) => Kept::nowhere(),
                Content::Sealed(_) => continue,
            };
            file.content = Content::Sealed(id);
            file.keys = if file.literal { Vec::new() } else { keys };
            (file.sensitive, file.hash) = (true, file.content.hash());
        }
        for value in &mut plan.config.values {
            if !value.sensitive && self.keys.get(&value.key).copied().unwrap_or_default() {
                value.sensitive = true;
                for said in [&mut value.value, &mut value.default].into_iter().flatten() {
                    if let Value::Plain(text) = said {
                        *said = Value::Sealed(kept(text).id);
                    }
                }
            }
        }
        hide(&mut plan.config.variables, |name| variable(None, name), kept);
        hide(&mut plan.group.variables, |name| variable(Some(&group), name), kept);
        if release.state.ended()
            && let Some(base) = &mut plan.base
        {
            let either = |name: &str| variable(None, name) || variable(Some(&group), name);
            hide(&mut base.variables, either, kept);
            hide_in(&mut base.stable, &either);
        }
        release
    }
}

fn hide(variables: &mut [Variable], sensitive: impl Fn(&str) -> bool, kept: &mut impl FnMut(&str) -> Kept) {
    for variable in variables {
        if variable.kind != VariableKind::Sensitive && sensitive(&variable.name) {
            variable.secret = Some(kept(&std::mem::take(&mut variable.value)).id);
            variable.kind = VariableKind::Sensitive;
        }
    }
}

/// Variables that stand in a pod template itself.
fn hide_in(json: &mut Json, sensitive: &impl Fn(&str) -> bool) {
    match json {
        Json::Array(all) => all.iter_mut().for_each(|one| hide_in(one, sensitive)),
        Json::Object(fields) => {
            let named = fields.get("name").and_then(Json::as_str).is_some_and(sensitive);
            if named && let Some(value) = fields.get_mut("value") {
                *value = Json::String(String::new());
            }
            fields.values_mut().for_each(|one| hide_in(one, sensitive));
        }
        _ => {}
    }
}

impl Reader<'_> {
    /// What of a release is sensitive on this computer.
    pub(super) fn hidden_of(&self, release: &Release) -> Result<Hidden, Failure> {
        let mut hidden = Hidden::default();
        for file in &release.plan.config.files {
            hidden.files.insert(file.id.clone(), self.is_file_sensitive(&file.id)?);
        }
        hidden.keys.extend(self.keys_of_app(&release.app)?);
        hidden.take_variables(None, &self.app_variables(&release.app)?);
        if let Some(entry) = self.group(&release.group)? {
            hidden.take_variables(Some(&release.group), &entry.draft.variables);
        }
        Ok(hidden)
    }

    /// Releases of an app that have ended: others go on as they began.
    pub fn past_of_app(&self, app: &AppId) -> Result<Vec<ReleaseId>, Failure> {
        let past = "SELECT id FROM release WHERE app = ?1 AND NOT open
                    AND state IN ('succeeded', 'aborted', 'superseded', 'failed')";
        let mut query = self.connection.prepare_cached(past)?;
        let ids = query.query_map([app.as_str()], |row| row.get::<_, String>(0))?;
        Ok(ids.map(|id| id.map(ReleaseId::from)).collect::<Result<_, _>>()?)
    }

    /// Ids of all texts that were taken out of releases of an app and are in the vault.
    pub fn withheld_of_app(&self, app: &AppId) -> Result<HashSet<SecretId>, Failure> {
        let mut withheld = HashSet::new();
        for id in self.past_of_app(app)? {
            let Some(release) = self.release(&id)? else { continue };
            let Config { files, values, variables } = &release.plan.config;
            let files = files.iter().filter_map(|file| file.content.sealed());
            let values = values.iter().flat_map(|value| [&value.value, &value.default]);
            let values = values.filter_map(|value| value.as_ref()?.sealed());
            let variables = variables.iter().chain(&release.plan.group.variables);
            let variables = variables.filter_map(|variable| variable.secret.as_ref());
            let all = files.chain(values).chain(variables);
            withheld.extend(all.filter(|id| id.is_withheld() && **id != SecretId::nowhere()).cloned());
        }
        Ok(withheld)
    }
}

impl Writer<'_> {
    /// Takes out of releases what is sensitive by now, as far as all texts of it are kept. Those that are not: with any, it is
    /// to be done again.
    pub fn hide_in(
        &mut self,
        releases: &[ReleaseId],
        kept: &HashMap<String, Kept>,
    ) -> Result<HashSet<String>, Failure> {
        let mut said = HashSet::new();
        for id in releases {
            let Some(release) = self.release(id)? else { continue };
            let of = &mut |text: &str| {
                kept.get(text).cloned().unwrap_or_else(|| {
                    said.insert(text.to_owned());
                    Kept::nowhere()
                })
            };
            let sealed = self.hidden_of(&release)?.seal(release.clone(), of);
            if said.is_empty() && sealed != release {
                self.forget_release_files(id)?;
                self.update_release(&sealed)?;
            }
        }
        Ok(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, Size};
    use crate::table::testing::store;
    use crate::{FileEntry, Taken};
    use serde_json::json;
    use slipway_model::config::{ConfigSource, ConfigValue};
    use slipway_model::release::{Base, ReleaseState, Seq};

    const WORD: &str = "readable-word";

    /// A store, and a release that stands in none: a file, a key and variables that anybody can read.
    async fn readable() -> (tempfile::TempDir, crate::Store, Release) {
        let (folder, store) = store().await;
        sample::fill(&store, Size { apps: 1, groups: 1, releases: 1 }).await.expect("an empty store");
        let app = store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("an app");
        let group = store.read(move |r| Ok(r.groups_of_app(&app)?.remove(0).id)).await.expect("a group");
        let releases = store.read(move |r| r.whole_releases_of_group(&group, 1)).await.expect("a page");
        let mut release = releases.into_iter().next().expect("it has one");
        (release.id, release.seq, release.state) = ("theirs".into(), Some(Seq(90)), ReleaseState::Succeeded);
        let plain = || Some(Value::Plain(WORD.to_owned()));
        release.plan.config.files = vec![ConfigSource::new("conf/whole.conf", Content::Text(WORD.to_owned()))];
        release.plan.config.values =
            vec![ConfigValue { key: "token".to_owned(), sensitive: false, value: plain(), default: plain() }];
        release.plan.config.variables = vec![Variable::plain("OF_APP", WORD)];
        release.plan.group.variables = vec![Variable::plain("OF_GROUP", WORD)];
        release.plan.base = Some(Base {
            uid: "u".to_owned(),
            generation: 1,
            spec_hash: String::new(),
            replicas: 1,
            stable: json!({ "template": { "spec": { "containers": [{ "env": [
                { "name": "OF_APP", "value": WORD }, { "name": "OTHER", "value": "stays" },
            ] }] } } }),
            variables: vec![Variable::plain("OF_GROUP", WORD)],
        });
        (folder, store, release)
    }

    fn says(release: &Release) -> usize {
        json!(release).to_string().matches(WORD).count()
    }

    /// The same, with all of it sensitive.
    fn hidden(release: &Release) -> Release {
        let mut later = release.clone();
        later.plan.config.files[0].content = Content::Sealed("a".into());
        later.plan.config.files[0].sensitive = true;
        later.plan.config.values[0].sensitive = true;
        for variable in later.plan.config.variables.iter_mut().chain(&mut later.plan.group.variables) {
            variable.kind = VariableKind::Sensitive;
        }
        later
    }

    #[tokio::test]
    async fn what_the_last_release_has_out_of_sight_no_earlier_one_says() {
        let (_folder, _store, release) = readable().await;
        let later = hidden(&release);
        let withheld = Hidden::of([&release, &later]).withhold(release.clone());
        assert_eq!(says(&withheld), 0, "{withheld:#?}");
        assert!(json!(withheld).to_string().contains("stays"));
        assert_eq!(Hidden::of([&release, &later]).withhold(withheld.clone()), withheld, "twice is once");
        assert_eq!(says(&Hidden::of([&later, &release]).withhold(release.clone())), says(&release), "back in sight");
        // What it would be taken back to is written as it was.
        let moves = Release { state: ReleaseState::Moving, ..release.clone() };
        let base = Hidden::of([&release, &later]).withhold(moves).plan.base.expect("it has one");
        assert_eq!(json!(base.stable).to_string().matches(WORD).count(), 1);
    }

    /// Makes sensitive here what a release has in the clear.
    fn hide_here(w: &mut Writer<'_>, release: &Release) -> Result<(), Failure> {
        w.put_key(&release.app, "token", true)?;
        let sensitive = |name| Variable { kind: VariableKind::Sensitive, ..Variable::plain(name, "") };
        w.put_app_variables(&release.app, &[sensitive("OF_APP")])?;
        let mut draft = w.group(&release.group)?.expect("it is there").draft;
        draft.variables = vec![sensitive("OF_GROUP")];
        w.update_group(&release.group, &draft)
    }

    #[tokio::test]
    async fn history_keeps_an_id_for_what_becomes_sensitive_and_a_record_does_not_bring_it_back() {
        let (folder, store, mut release) = readable().await;
        let file = FileEntry::new("f".into(), release.app.clone(), None, "f".into(), Content::Sealed("now".into()));
        let (id, text) = (release.id.clone(), Content::Text(WORD.to_owned()));
        release.plan.config.files = vec![ConfigSource { id: file.id.clone(), ..ConfigSource::new("f", text) }];
        let begun = release.clone();
        let hide = store.write(move |w| {
            w.insert_release(&begun)?;
            w.insert_file(&FileEntry { sensitive: true, ..file })?;
            hide_here(w, &begun)?;
            let past = w.past_of_app(&begun.app)?;
            let said = w.hide_in(&past, &HashMap::new())?;
            let kept = Kept { id: "in-the-vault".into(), keys: vec!["key".to_owned()] };
            let left = w.hide_in(&past, &HashMap::from([(WORD.to_owned(), kept)]))?;
            Ok((said, left, w.hide_in(&past, &HashMap::new())?, w.take_release(&begun, "1", None)?))
        });
        let (said, left, again, taken) = hide.await.expect("written");
        assert_eq!((said, left.len(), again.len(), taken), (HashSet::from([WORD.to_owned()]), 0, 0, Taken::In));
        let stored = store.read(move |r| r.release(&id)).await.expect("read").expect("stored");
        assert_eq!(says(&stored), 0, "{stored:#?}");
        let (plan, kept) = (&stored.plan, SecretId::from("in-the-vault"));
        assert!(plan.config.files[0].content == Content::Sealed(kept.clone()) && plan.config.files[0].sensitive);
        assert_eq!(plan.config.files[0].keys, ["key"]);
        assert_eq!(plan.config.values[0].value, Some(Value::Sealed(kept.clone())));
        for variable in plan.config.variables.iter().chain(&plan.group.variables) {
            assert_eq!(variable.secret.as_ref(), Some(&kept));
        }
        store.close().await;
        for entry in std::fs::read_dir(folder.path()).expect("a folder") {
            let file = std::fs::read(entry.expect("an entry").path()).unwrap_or_default();
            assert!(!file.windows(WORD.len()).any(|piece| piece == WORD.as_bytes()), "it is left in a file");
        }
    }

    #[tokio::test]
    async fn a_record_that_is_read_again_does_not_bring_back_what_is_sensitive_here() {
        let (_folder, store, release) = readable().await;
        let of = release.clone();
        store.write(move |w| hide_here(w, &of)).await.expect("written");
        for version in ["1", "2"] {
            let record = release.clone();
            let taken = store.write(move |w| w.take_release(&record, version, None)).await.expect("an answer");
            assert_eq!(taken, Taken::In);
            let stored = store.read(|r| r.release(&"theirs".into())).await.expect("read").expect("stored");
            assert_eq!(says(&stored), 1, "only the file, which is sensitive nowhere: {stored:#?}");
        }
    }
}
