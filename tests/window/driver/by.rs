//! How a thing is found: by its role and accessible name, the words a screen reader would say.

use serde::Serialize;
use std::fmt;

/// A role, a name, and optionally the thing around it.
#[derive(Clone, Debug, Serialize)]
pub struct By {
    role: String,
    name: Option<Name>,
    within: Option<Box<By>>,
    nth: Option<usize>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Is(String),
    Contains(String),
}

/// A thing of this ARIA role whose accessible name is exactly `name`.
pub fn role(role: &str, name: &str) -> By {
    By { role: role.to_owned(), name: Some(Name::Is(name.to_owned())), within: None, nth: None }
}

pub fn button(name: &str) -> By {
    role("button", name)
}

pub fn link(name: &str) -> By {
    role("link", name)
}

pub fn heading(name: &str) -> By {
    role("heading", name)
}

pub fn textbox(name: &str) -> By {
    role("textbox", name)
}

impl By {
    /// Anything of this role.
    pub fn any(role: &str) -> Self {
        Self { role: role.to_owned(), name: None, within: None, nth: None }
    }

    /// A thing of this role with `part` in its name.
    pub fn containing(role: &str, part: &str) -> Self {
        Self { role: role.to_owned(), name: Some(Name::Contains(part.to_owned())), within: None, nth: None }
    }

    /// The same, inside of another thing.
    #[must_use]
    pub fn within(mut self, outer: Self) -> Self {
        self.within = Some(Box::new(match self.within {
            Some(inner) => inner.within(outer),
            None => outer,
        }));
        self
    }

    /// The one of several with this number, from 0, in the order of the page.
    #[must_use]
    pub fn nth(mut self, number: usize) -> Self {
        self.nth = Some(number);
        self
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.role)?;
        match &self.name {
            Some(Name::Is(name)) => write!(f, " {name:?}")?,
            Some(Name::Contains(part)) => write!(f, " with {part:?}")?,
            None => {}
        }
        if let Some(number) = self.nth {
            write!(f, " number {number}")?;
        }
        self.within.as_ref().map_or(Ok(()), |outer| write!(f, " in {outer}"))
    }
}
