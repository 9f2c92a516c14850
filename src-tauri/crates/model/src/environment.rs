//! Where a group stands on the way to people: development, test, staging, production, or the person's own.

use crate::id::EnvironmentId;
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
    Own(String),
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
