//! Where a group stands on the way to people: development, test, staging, production, or the person's own.

use crate::field::{FieldCode, FieldError, Fields};
use crate::id::EnvironmentId;
use crate::name;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Environment {
    pub id: EnvironmentId,
    pub name: EnvironmentName,
    /// Position on the board, from the safest to the most dangerous.
    pub order: u32,
    pub colour: EnvironmentColour,
    /// Dangerous actions in it ask for more than a click.
    pub protected: bool,
}

/// The four that exist from the beginning are named by the window in the person's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentName {
    Development,
    Test,
    Staging,
    Production,
    /// In both languages; the one that is empty is shown as the other.
    Own {
        en: String,
        zh: String,
    },
}

/// Longest own name in characters: it stands in a tag.
pub const ENVIRONMENT_NAME_MAX: usize = 24;
/// Most environments: they are the columns of a board.
pub const ENVIRONMENTS_MAX: usize = 12;

impl EnvironmentName {
    /// The name as it is kept.
    ///
    /// # Errors
    /// `en` or `zh`: too long, control characters, or both empty.
    pub fn validate(&self) -> Result<Self, Vec<FieldError>> {
        let Self::Own { en, zh } = self else { return Ok(self.clone()) };
        let mut fields = Fields::new();
        let en = fields.take("en", name::text(en, ENVIRONMENT_NAME_MAX, false));
        let zh = fields.take("zh", name::text(zh, ENVIRONMENT_NAME_MAX, false));
        match (en, zh) {
            (Some(en), Some(zh)) => {
                if en.is_empty() && zh.is_empty() {
                    fields.refuse("en", FieldCode::Required);
                }
                fields.finish().map(|()| Self::Own { en, zh })
            }
            _ => Err(fields.into_errors()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentColour {
    Dev,
    Test,
    Staging,
    Prod,
}

/// The environments a new data folder begins with. Their ids are the same on every computer, because they travel in
/// records and a colleague's *production* is meant to be the same one.
pub fn first_environments() -> Vec<Environment> {
    use EnvironmentColour as Colour;
    use EnvironmentName as Name;
    [
        ("dev", Name::Development, Colour::Dev, false),
        ("test", Name::Test, Colour::Test, false),
        ("staging", Name::Staging, Colour::Staging, false),
        ("prod", Name::Production, Colour::Prod, true),
    ]
    .into_iter()
    .zip(0..)
    .map(|((id, name, colour, protected), order)| Environment { id: id.into(), name, order, colour, protected })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_one_language_is_enough() {
        let own = |en: &str, zh: &str| EnvironmentName::Own { en: en.into(), zh: zh.into() };
        assert_eq!(own(" Canary ", "").validate(), Ok(own("Canary", "")));
        assert_eq!(own("", "灰度").validate(), Ok(own("", "灰度")));
        assert_eq!(EnvironmentName::Test.validate(), Ok(EnvironmentName::Test));
        for (name, field, code) in [
            (own(" ", ""), "en", FieldCode::Required),
            (own(&"x".repeat(ENVIRONMENT_NAME_MAX + 1), ""), "en", FieldCode::TooLong),
            (own("a", "a\u{7}"), "zh", FieldCode::ControlCharacters),
        ] {
            let errors = name.validate().expect_err("refused");
            assert_eq!((errors[0].field.as_str(), errors[0].code), (field, code));
        }
    }
}
