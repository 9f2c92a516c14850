//! Values of placeholders, their keys, variables, and what must not be read again.

use super::answer::{
    AppVariables, AppVariablesSet, CellState, CellValue, GroupVariable, KeyDelete, KeySet, KeyUse, MatrixCell,
    MatrixGroup, MatrixKey, SecretPut, ValueMatrix, ValueSet,
};
use super::known::{Known, KnownVariable, Read, Use, template_errors};
use crate::Engine;
use crate::app::refuse;
use crate::error::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use slipway_model::FieldError;
use slipway_model::config::{self, KEYS_MAX, Owner, Value};
use slipway_model::field::{FieldCode, Fields, Refusal};
use slipway_model::id::{AppId, GroupId, SecretId};
use slipway_model::variable::{self, VALUE_MAX, Variable, VariableKind};
use slipway_render::Secrets;
use slipway_render::config::Values;
use slipway_render::effective::{self, MASK, Source};
use slipway_store::Writer;
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl Engine {
    /// All keys of an app, those that something uses and those that have a value, by group.
    pub async fn config_matrix(&self, app: &AppId) -> Result<ValueMatrix> {
        let known = self.configured(app).await?;
        let uses: Vec<_> = known.groups.iter().map(|group| known.uses_in(group)).collect();
        let released = Box::pin(self.released_keys(&known, &uses)).await?;
        let places = places(&known);
        let keys: BTreeSet<&String> = known.keys.keys().chain(places.keys()).collect();
        let row = |key: &String| {
            let said = known.keys.get(key);
            let cells = known.groups.iter().zip(&uses).map(|(group, uses)| {
                let of = uses.get(key);
                let state = known.state(key, &group.id, of);
                let value = match state {
                    CellState::Set => said.and_then(|said| said.groups.get(&group.id)).map(|value| known.cell(value)),
                    CellState::Inline => of.and_then(|of| of.inline.clone()).map(|text| CellValue::Plain { text }),
                    CellState::Default | CellState::None | CellState::Empty => None,
                };
                let now = known.effective(key, &group.id);
                let pending = released.get(&group.id).is_some_and(|before| before.differs(key, of.is_some(), now));
                MatrixCell { state, value, pending }
            });
            MatrixKey {
                sensitive: said.is_some_and(|said| said.sensitive),
                default: said.and_then(|said| said.default.as_ref()).map(|value| known.cell(value)),
                cells: cells.collect(),
                uses: places.get(key).cloned().unwrap_or_default(),
                key: key.clone(),
            }
        };
        let column = |group: &slipway_store::GroupEntry| MatrixGroup {
            id: group.id.clone(),
            name: group.draft.name.clone(),
            environment: known.environments.iter().find(|e| e.id.as_str() == group.draft.environment).cloned(),
        };
        Ok(ValueMatrix {
            app: app.clone(),
            groups: known.groups.iter().map(column).collect(),
            keys: keys.into_iter().map(row).collect(),
        })
    }

    /// What the last release of each group gave to keys. Its files are read, once, only where something that it gave and
    /// nothing uses now is another value: whether they used that.
    async fn released_keys(&self, known: &Known, uses: &[BTreeMap<String, Use>]) -> Result<HashMap<GroupId, Released>> {
        let app = known.app.id.clone();
        let released = self.store.read(move |r| r.released_values_of_app(&app)).await?;
        let mut all: HashMap<GroupId, Released> = HashMap::new();
        for release in released {
            let values = release.values().iter();
            let values = values.filter_map(|value| Some((value.key.clone(), value.effective()?.0.clone())));
            let mut before = Released { values: values.collect(), used: BTreeSet::new() };
            let uses = known.groups.iter().zip(uses).find(|(group, _)| group.id == release.group).map(|(_, uses)| uses);
            let used_now = |key: &String| uses.is_some_and(|uses| uses.contains_key(key));
            let mut keys = known.keys.keys().chain(before.values.keys()).filter(|key| !used_now(key));
            if keys.any(|key| before.values.get(key) != known.effective(key, &release.group)) {
                let release = self.release(&release.id).await?;
                before.used = slipway_render::config::used_keys((&release.plan).into());
            }
            all.insert(release.group, before);
        }
        Ok(all)
    }

    /// # Errors
    /// `Invalid` with `key` or `value`.
    pub async fn value_set(&self, set: &ValueSet) -> Result<()> {
        loop {
            let known = self.configured(&set.app).await?;
            let mut fields = Fields::new();
            let key = fields.take("key", config::key(&set.key));
            if let Some(group) = &set.group {
                known.groups.iter().find(|entry| entry.id == *group).ok_or(Error::GroupGone)?;
            }
            if let Some(Value::Plain(text)) = &set.value {
                fields.take("value", value(text));
            }
            if let Some(key) = &key
                && set.value.is_some()
            {
                fields.take("key", room(&known, key));
            }
            fields.finish().map_err(Error::Invalid)?;
            let Some(key) = key else { return Ok(()) };
            let sensitive = known.keys.get(&key).is_some_and(|known| known.sensitive);
            let value = match &set.value {
                // Sensitivity belongs to the key, so its values are never stored as text.
                Some(Value::Plain(text)) if sensitive => Some(Value::Sealed(self.put_value(text.clone()).await?)),
                Some(Value::Sealed(_)) if !sensitive => {
                    fields = Fields::new();
                    fields.refuse("value", FieldCode::Unknown);
                    return Err(Error::Invalid(fields.into_errors()));
                }
                other => other.clone(),
            };
            let set = set.clone();
            let set = self.store.write(move |w| {
                if w.is_sensitive(&set.app, &key)? != sensitive {
                    return Ok(false);
                }
                w.set_value(&set.app, &key, set.group.as_ref(), value.as_ref()).map(|()| true)
            });
            // Where somebody just said otherwise of the key, the value goes where that says.
            if set.await? {
                return Ok(());
            }
        }
    }

    /// Makes a key, or says whether it is sensitive: its values move into the vault, or out of it.
    ///
    /// # Errors
    /// `Invalid` with `key`, `Elsewhere` where a value to be shown is not known here.
    pub async fn key_set(&self, set: &KeySet) -> Result<()> {
        loop {
            let known = self.configured(&set.app).await?;
            let mut fields = Fields::new();
            let key = fields.take("key", config::key(&set.key));
            if let Some(key) = &key {
                fields.take("key", room(&known, key));
            }
            fields.finish().map_err(Error::Invalid)?;
            let Some(key) = key else { return Ok(()) };
            let said = known.keys.get(&key).cloned().unwrap_or_default();
            let groups = said.groups.into_iter().map(|(group, value)| (Some(group), value));
            let before: Vec<_> = said.default.into_iter().map(|value| (None, value)).chain(groups).collect();
            let mut moved: Vec<(Option<GroupId>, Value)> = Vec::new();
            for (group, value) in &before {
                match value {
                    Value::Plain(text) if set.sensitive => {
                        moved.push((group.clone(), Value::Sealed(self.put_value(text.clone()).await?)));
                    }
                    Value::Sealed(id) if !set.sensitive => match self.vault.get(&id.in_vault()).await? {
                        Some(text) => moved.push((group.clone(), Value::Plain(text.expose_secret().to_owned()))),
                        None => return Err(Error::Elsewhere { keys: vec![key] }),
                    },
                    _ => {}
                }
            }
            let (app, set) = (set.app.clone(), set.clone());
            let set = self.write_and_hide(&app, move |w| {
                let mut now = w.values_of_app(&set.app)?.into_iter().filter(|entry| entry.key == key);
                if !now.all(|entry| before.contains(&(entry.group, entry.value))) {
                    return Ok((false, false));
                }
                w.put_key(&set.app, &key, set.sensitive)?;
                moved.iter().try_for_each(|(group, value)| w.set_value(&set.app, &key, group.as_ref(), Some(value)))?;
                Ok((true, set.sensitive))
            });
            // Where another value was set meanwhile, it would stay where it must not be.
            if set.await? {
                return Ok(());
            }
        }
    }

    /// A key with all its values. What uses it is empty then.
    pub async fn key_delete(&self, delete: &KeyDelete) -> Result<()> {
        let delete = delete.clone();
        Ok(self.store.write(move |w| w.delete_key(&delete.app, &delete.key)).await?)
    }

    pub async fn app_variables(&self, app: &AppId) -> Result<AppVariables> {
        let app = app.clone();
        let variables = self.store.read(move |r| r.app_variables(&app)).await?;
        Ok(AppVariables { errors: wrong(&variables), variables })
    }

    /// # Errors
    /// `Invalid` with `variables.N.name` or `variables.N.value`.
    pub async fn app_variables_set(&self, set: &AppVariablesSet) -> Result<()> {
        self.app(&set.app).await?;
        refuse(wrong(&set.variables))?;
        let valid = variable::variables(&mut Fields::new(), &set.variables);
        let app = set.app.clone();
        let write = move |w: &mut Writer<'_>| {
            let hides = sensitive_since(&w.app_variables(&app)?, &valid);
            Ok((w.put_app_variables(&app, &valid)?, hides))
        };
        self.write_and_hide(&set.app, write).await
    }

    /// The variables of a group as its pods get them, by name.
    pub async fn config_variables(&self, group: &GroupId) -> Result<Vec<GroupVariable>> {
        let entry = self.group_entry(group).await?;
        let known = self.configured(&entry.app).await?;
        let config = known.config(group);
        let none = Secrets::default();
        let values = Values::new(&config, Some(&none));
        let shown = |(of, owner, overrides): (KnownVariable, Owner, bool)| {
            let variable = of.variable;
            let (mut sensitive, mut elsewhere) = (variable.kind == VariableKind::Sensitive, false);
            for id in variable
                .secret
                .iter()
                .chain(of.read.uses.iter().filter_map(|of| config.value(&of.key)?.effective()?.0.sealed()))
            {
                sensitive = true;
                elsewhere |= !known.is_here(id);
            }
            let value = match variable.kind {
                VariableKind::Plain => Some(variable.value.clone()),
                VariableKind::Sensitive => variable.secret.as_ref().map(|_| MASK.to_owned()),
                VariableKind::Template => {
                    let source = Source { owner, literal: false, text: &variable.value };
                    effective::show(source, |key| values.given(key))
                        .ok()
                        .filter(|shown| shown.unset.is_empty())
                        .map(|shown| shown.text)
                }
            };
            let (name, kind) = (variable.name, variable.kind);
            GroupVariable { name, owner, kind, written: variable.value, value, sensitive, elsewhere, overrides }
        };
        Ok(known.variables_of(&entry).into_iter().map(shown).collect())
    }

    /// Keeps what was typed in the vault; only its id goes on from here.
    ///
    /// # Errors
    /// `Invalid` with `value`, and what the vault says.
    pub async fn secret_put(&self, put: SecretPut) -> Result<SecretId> {
        let mut fields = Fields::new();
        fields.take("value", value(&put.value));
        fields.finish().map_err(Error::Invalid)?;
        self.put_value(put.value).await
    }

    pub(crate) async fn put_value(&self, text: String) -> Result<SecretId> {
        let id = SecretId::random();
        self.vault.put(&id.in_vault(), SecretString::from(text)).await?;
        Ok(id)
    }
}

/// Whether any variable is sensitive that was not so before.
pub(crate) fn sensitive_since(before: &[Variable], now: &[Variable]) -> bool {
    let sensitive = |variable: &Variable| variable.kind == VariableKind::Sensitive;
    let was = |name: &str| before.iter().any(|variable| variable.name.trim() == name.trim() && sensitive(variable));
    now.iter().any(|variable| sensitive(variable) && !was(&variable.name))
}

fn wrong(variables: &[Variable]) -> Vec<FieldError> {
    let mut fields = Fields::new();
    variable::variables(&mut fields, variables);
    let mut errors = fields.into_errors();
    errors.extend(template_errors(variables));
    errors
}

fn value(text: &str) -> std::result::Result<(), Refusal> {
    if text.len() > VALUE_MAX {
        return Err(Refusal::new(FieldCode::TooLarge).with("max", VALUE_MAX));
    }
    if text.contains('\0') { Err(Refusal::new(FieldCode::ControlCharacters)) } else { Ok(()) }
}

/// A key that is there, or that there is room for.
fn room(known: &Known, key: &str) -> std::result::Result<(), Refusal> {
    if known.keys.len() >= KEYS_MAX && !known.keys.contains_key(key) {
        return Err(Refusal::new(FieldCode::TooMany).with("max", KEYS_MAX));
    }
    Ok(())
}

/// What a release gave to keys.
struct Released {
    values: HashMap<String, Value>,
    /// Those that its files and variables used, as far as that is asked.
    used: BTreeSet<String>,
}

impl Released {
    /// Whether a key that is used, now or then, has another value `now`.
    fn differs(&self, key: &str, used: bool, now: Option<&Value>) -> bool {
        self.values.get(key) != now && (used || self.used.contains(key))
    }
}

/// Where each key is used, the app's files first.
fn places(known: &Known) -> BTreeMap<String, Vec<KeyUse>> {
    let mut places: BTreeMap<String, Vec<KeyUse>> = BTreeMap::new();
    let mut add = |read: &Read, place: KeyUse| {
        for of in &read.uses {
            let inline = of.inline.clone();
            places.entry(of.key.clone()).or_default().push(KeyUse { line: of.line, inline, ..place.clone() });
        }
    };
    let place = |group: Option<&GroupId>, file, name: &str| {
        let (group, name) = (group.cloned(), name.to_owned());
        KeyUse { group, file, name, line: 1, inline: None }
    };
    for file in &known.files {
        let entry = &file.entry;
        add(&file.read, place(entry.group.as_ref(), Some(entry.id.clone()), &entry.path));
    }
    for of in &known.variables {
        add(&of.read, place(None, None, &of.variable.name));
    }
    for group in &known.groups {
        for (of, ..) in known.variables_of(group).into_iter().filter(|(_, owner, _)| *owner == Owner::Group) {
            add(&of.read, place(Some(&group.id), None, &of.variable.name));
        }
    }
    places
}
