//! What is sensitive now, and was readable when a release had it: no copy of its record that comes here says what it was.
//!
//! The record in the cluster is written once and says it for as long as it stands. A computer that reads it later keeps of it
//! that there was something, and no more: as of a sensitive value that only others know.

use crate::database::{Failure, Reader};
use serde_json::Value as Json;
use slipway_model::config::{Content, Value};
use slipway_model::id::{FileId, GroupId, SecretId};
use slipway_model::release::Release;
use slipway_model::variable::{Variable, VariableKind};
use std::collections::HashMap;

/// No vault has this.
const WITHHELD: &str = "withheld";

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
    pub fn withhold(&self, mut release: Release) -> Release {
        let group = release.group.clone();
        let variable = |of: Option<&GroupId>, name: &str| {
            self.variables.get(&(of.cloned(), name.trim().to_owned())).copied().unwrap_or_default()
        };
        let plan = &mut release.plan;
        for file in &mut plan.config.files {
            let open = !matches!(file.content, Content::Sealed(_));
            if open && self.files.get(&file.id).copied().unwrap_or_default() {
                file.content = Content::Sealed(WITHHELD.into());
                (file.sensitive, file.hash) = (true, file.content.hash());
            }
        }
        for value in &mut plan.config.values {
            if !value.sensitive && self.keys.get(&value.key).copied().unwrap_or_default() {
                value.sensitive = true;
                for said in [&mut value.value, &mut value.default].into_iter().flatten() {
                    *said = Value::Sealed(WITHHELD.into());
                }
            }
        }
        hide(&mut plan.config.variables, |name| variable(None, name));
        hide(&mut plan.group.variables, |name| variable(Some(&group), name));
        if release.state.ended()
            && let Some(base) = &mut plan.base
        {
            let either = |name: &str| variable(None, name) || variable(Some(&group), name);
            hide(&mut base.variables, either);
            hide_in(&mut base.stable, &either);
        }
        release
    }
}

fn hide(variables: &mut [Variable], sensitive: impl Fn(&str) -> bool) {
    for variable in variables {
        if variable.kind != VariableKind::Sensitive && sensitive(&variable.name) {
            variable.value.clear();
            variable.kind = VariableKind::Sensitive;
            variable.secret = Some(SecretId::from(WITHHELD));
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Taken;
    use crate::sample::{self, Size};
    use crate::table::testing::store;
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

    #[tokio::test]
    async fn a_record_that_is_read_again_does_not_bring_back_what_is_sensitive_here() {
        let (_folder, store, release) = readable().await;
        let (app, group) = (release.app.clone(), release.group.clone());
        let hide = store.write(move |w| {
            w.put_key(&app, "token", true)?;
            let variables = vec![Variable { kind: VariableKind::Sensitive, ..Variable::plain("OF_APP", "") }];
            w.put_app_variables(&app, &variables)?;
            let mut draft = w.group(&group)?.expect("it is there").draft;
            draft.variables = vec![Variable { kind: VariableKind::Sensitive, ..Variable::plain("OF_GROUP", "") }];
            w.update_group(&group, &draft)
        });
        hide.await.expect("written");
        for version in ["1", "2"] {
            let record = release.clone();
            let taken = store.write(move |w| w.take_release(&record, version, None)).await.expect("an answer");
            assert_eq!(taken, Taken::In);
            let stored = store.read(|r| r.release(&"theirs".into())).await.expect("read").expect("stored");
            assert_eq!(says(&stored), 1, "only the file, which is sensitive nowhere: {stored:#?}");
        }
    }
}
