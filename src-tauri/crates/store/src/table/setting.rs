//! Settings: one row.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::OptionalExtension;
use slipway_model::setting::Settings;

pub(crate) const V1: &str = "CREATE TABLE setting (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    body BLOB NOT NULL
) STRICT;";

impl Reader<'_> {
    pub fn settings(&self) -> Result<Settings, Failure> {
        let mut query = self.connection.prepare_cached("SELECT body FROM setting WHERE id = 1")?;
        let body = query.query_row([], |row| row.get::<_, Vec<u8>>(0)).optional()?;
        body.map_or_else(|| Ok(Settings::default()), |body| super::from_json("setting", &body))
    }
}

impl Writer<'_> {
    pub fn set_settings(&mut self, settings: &Settings) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO setting (id, body) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET body = ?1",
            [super::to_json("setting", settings)?],
        )?;
        self.touch(tag::settings());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::testing::{store, tags_of};
    use slipway_model::setting::Language;

    #[tokio::test]
    async fn settings_are_the_defaults_until_set() {
        let (_folder, store) = store().await;
        assert_eq!(store.read(|r| r.settings()).await.expect("read"), Settings::default());
        let chosen = Settings { language: Language::Zh, last_route: "/apps/1".to_owned(), ..Settings::default() };
        let written = chosen.clone();
        assert_eq!(tags_of(&store, move |w| w.set_settings(&written)).await, [tag::settings()]);
        assert_eq!(store.read(|r| r.settings()).await.expect("read"), chosen);
    }
}
