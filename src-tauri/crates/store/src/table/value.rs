//! Values of placeholders, the keys they belong to, and the variables of apps.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::{OptionalExtension, params};
use slipway_model::config::Value;
use slipway_model::id::{AppId, GroupId};
use slipway_model::variable::Variable;

/// A `group_id` of '' is the app's default.
pub(crate) const V2: &str = "CREATE TABLE config_value (
    app TEXT NOT NULL,
    key TEXT NOT NULL,
    group_id TEXT NOT NULL,
    body BLOB NOT NULL,
    saved_ms INTEGER NOT NULL,
    PRIMARY KEY (app, key, group_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE config_key (
    app TEXT NOT NULL,
    key TEXT NOT NULL,
    sensitive INTEGER NOT NULL,
    PRIMARY KEY (app, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE app_variables (
    app TEXT PRIMARY KEY,
    body BLOB NOT NULL,
    saved_ms INTEGER NOT NULL
) STRICT;";

/// A value of a key: of a group, or the app's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueEntry {
    pub key: String,
    pub group: Option<GroupId>,
    pub value: Value,
}

impl Reader<'_> {
    /// All values of an app and its groups, by key.
    pub fn values_of_app(&self, app: &AppId) -> Result<Vec<ValueEntry>, Failure> {
        let sql = "SELECT key, group_id, body FROM config_value WHERE app = ?1 ORDER BY key, group_id";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map([app.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?))
        })?;
        rows.map(|row| {
            let (key, group, body) = row?;
            let group = Some(group).filter(|group| !group.is_empty()).map(GroupId::from);
            Ok(ValueEntry { key, group, value: super::from_json("value", &body)? })
        })
        .collect()
    }

    /// Keys that were made or marked, each with whether it is sensitive, by name.
    pub fn keys_of_app(&self, app: &AppId) -> Result<Vec<(String, bool)>, Failure> {
        let mut query =
            self.connection.prepare_cached("SELECT key, sensitive FROM config_key WHERE app = ?1 ORDER BY key")?;
        let rows = query.query_map([app.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a key was marked as one of sensitive values.
    pub fn is_sensitive(&self, app: &AppId, key: &str) -> Result<bool, Failure> {
        let sql = "SELECT EXISTS (SELECT 1 FROM config_key WHERE app = ?1 AND key = ?2 AND sensitive)";
        Ok(self.connection.prepare_cached(sql)?.query_row([app.as_str(), key], |row| row.get(0))?)
    }

    /// The app's own variables, as typed.
    pub fn app_variables(&self, app: &AppId) -> Result<Vec<Variable>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT body FROM app_variables WHERE app = ?1")?;
        let body: Option<Vec<u8>> = query.query_row([app.as_str()], |row| row.get(0)).optional()?;
        body.map_or_else(|| Ok(Vec::new()), |body| super::from_json("variables", &body))
    }
}

impl Writer<'_> {
    /// `None` takes it away.
    pub fn set_value(
        &mut self,
        app: &AppId,
        key: &str,
        group: Option<&GroupId>,
        value: Option<&Value>,
    ) -> Result<(), Failure> {
        let group = group.map_or("", GroupId::as_str);
        match value {
            Some(value) => self
                .connection
                .prepare_cached(
                    "INSERT INTO config_value (app, key, group_id, body, saved_ms) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (app, key, group_id) DO UPDATE SET body = ?4, saved_ms = ?5",
                )?
                .execute(params![app.as_str(), key, group, super::to_json("value", value)?, super::now()])?,
            None => self
                .connection
                .prepare_cached("DELETE FROM config_value WHERE app = ?1 AND key = ?2 AND group_id = ?3")?
                .execute(params![app.as_str(), key, group])?,
        };
        self.touch(tag::config(app));
        Ok(())
    }

    pub fn put_key(&mut self, app: &AppId, key: &str, sensitive: bool) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO config_key (app, key, sensitive) VALUES (?1, ?2, ?3)
             ON CONFLICT (app, key) DO UPDATE SET sensitive = ?3",
            params![app.as_str(), key, sensitive],
        )?;
        self.touch(tag::config(app));
        Ok(())
    }

    /// The key with all its values.
    pub fn delete_key(&mut self, app: &AppId, key: &str) -> Result<(), Failure> {
        for table in ["config_value", "config_key"] {
            let sql = format!("DELETE FROM {table} WHERE app = ?1 AND key = ?2");
            self.connection.execute(&sql, params![app.as_str(), key])?;
        }
        self.touch(tag::config(app));
        Ok(())
    }

    pub fn put_app_variables(&mut self, app: &AppId, variables: &[Variable]) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO app_variables (app, body, saved_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (app) DO UPDATE SET body = ?2, saved_ms = ?3",
            params![app.as_str(), super::to_json("variables", &variables)?, super::now()],
        )?;
        self.touch(tag::config(app));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::testing::{store, tags_of};

    #[tokio::test]
    async fn a_value_is_set_changed_and_taken_away() {
        let (_folder, store) = store().await;
        let (app, group) = (AppId::from("a"), GroupId::from("g"));
        let plain = |text: &str| Value::Plain(text.to_owned());
        for value in [plain("1"), plain("2")] {
            let tags = tags_of(&store, move |w| {
                w.set_value(&"a".into(), "db.host", Some(&"g".into()), Some(&value))?;
                w.set_value(&"a".into(), "db.host", None, Some(&Value::Sealed("s".into())))
            })
            .await;
            assert_eq!(tags, [tag::config(&app)]);
        }
        let of = app.clone();
        let read = store.read(move |r| r.values_of_app(&of)).await.expect("read");
        let entry = |group, value| ValueEntry { key: "db.host".to_owned(), group, value };
        assert_eq!(read, [entry(None, Value::Sealed("s".into())), entry(Some(group), plain("2"))]);
        store.write(|w| w.set_value(&"a".into(), "db.host", None, None)).await.expect("a write");
        store.write(|w| w.put_key(&"a".into(), "db.host", true)).await.expect("a write");
        assert_eq!(store.read(|r| r.keys_of_app(&"a".into())).await.expect("read"), [("db.host".to_owned(), true)]);
        store.write(|w| w.delete_key(&"a".into(), "db.host")).await.expect("a write");
        let (values, keys) =
            store.read(move |r| Ok((r.values_of_app(&app)?, r.keys_of_app(&app)?))).await.expect("read");
        assert!(values.is_empty() && keys.is_empty());
    }

    #[tokio::test]
    async fn an_app_has_one_list_of_variables() {
        let (_folder, store) = store().await;
        assert!(store.read(|r| r.app_variables(&"a".into())).await.expect("read").is_empty());
        for value in ["1", "2"] {
            let variables = [Variable::plain("A", value)];
            store.write(move |w| w.put_app_variables(&"a".into(), &variables)).await.expect("a write");
        }
        let read = store.read(|r| r.app_variables(&"a".into())).await.expect("read");
        assert_eq!(read, [Variable::plain("A", "2")]);
    }
}
