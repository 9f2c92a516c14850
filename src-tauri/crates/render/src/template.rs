//! Placeholders in text: `{{key}}`, `{{key|default}}`, and `\{{` for a brace pair that is meant.
//!
//! A placeholder closes on the line on which it opens. Its key is of letters and digits of any script, `_`, `-` and `.`;
//! spaces around the key and around the default are not part of them. A default ends at the first `}}`; `{{key|}}` is
//! the empty string. Of more than two braces in a row the last two open, so that JSON may write `{"a":{{{b}}}}`. Values
//! are never expanded again. No logic, no loops.

use serde::{Deserialize, Serialize};
use slipway_model::config::{KEY_MAX, in_key};
use std::{collections::HashSet, fmt, ops::Range};
use ts_rs::TS;

/// So many errors of one text are told: who has more has another kind of file.
const ERRORS_MAX: usize = 100;

/// What `Part::Braces` stands for.
const BRACES: &str = "{{";

/// A text taken apart. The pieces follow each other without a gap, from its first byte to its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template<'t> {
    text: &'t str,
    pieces: Vec<Piece<'t>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The line on which it begins, from 1.
    pub line: u32,
    pub part: Part<'t>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    Text(&'t str),
    /// `\{{`, which stands for `{{`.
    Braces,
    Placeholder {
        key: &'t str,
        default: Option<&'t str>,
    },
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateError {
    /// From 1. A line ends with `\n`, `\r\n` or `\r`.
    pub line: u32,
    /// UTF-16 code units from the start of the line, from 1.
    pub column: u32,
    pub code: TemplateCode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TemplateCode {
    /// No `}}` before the end of the line, or before the next `{{`. The column is that of the `{{`.
    Unclosed,
    /// A character that no key may have, at this column; or a key of more than 128, which begins there.
    BadKey,
    /// Nothing between the braces, or before the `|`. The column is that of the `{{`.
    EmptyKey,
}

/// A key that has neither a value nor a default, and the first line that asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unset {
    pub key: String,
    pub line: u32,
}

/// Takes a text apart, in a time proportional to its length.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text, at most a hundred.
pub fn parse(text: &str) -> Result<Template<'_>, Vec<TemplateError>> {
    let mut reader = Reader { text, at: 0, place: Place::default(), pieces: Vec::new(), errors: Vec::new() };
    while reader.at < text.len() && reader.errors.len() < ERRORS_MAX {
        reader.next();
    }
    if reader.errors.is_empty() { Ok(Template { text, pieces: reader.pieces }) } else { Err(reader.errors) }
}

impl<'t> Template<'t> {
    pub fn pieces(&self) -> &[Piece<'t>] {
        &self.pieces
    }

    /// Its keys, each once, in the order in which the text first names them.
    pub fn keys(&self) -> Vec<&'t str> {
        let mut seen = HashSet::new();
        self.placeholders().map(|(key, ..)| key).filter(|key| seen.insert(*key)).collect()
    }

    /// Every placeholder: key, default, line.
    pub fn placeholders(&self) -> impl Iterator<Item = (&'t str, Option<&'t str>, u32)> + '_ {
        self.pieces.iter().filter_map(|piece| match piece.part {
            Part::Placeholder { key, default } => Some((key, default, piece.line)),
            Part::Text(_) | Part::Braces => None,
        })
    }

    /// Keys that `value` does not know and that have no default, each once.
    pub fn unset<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Vec<Unset> {
        let mut seen = HashSet::new();
        self.placeholders()
            .filter(|(key, default, _)| default.is_none() && value(key).is_none() && seen.insert(*key))
            .map(|(key, _, line)| Unset { key: key.to_owned(), line })
            .collect()
    }

    /// Bytes of the text with these in the places of its placeholders; one that has none counts nothing.
    pub(crate) fn size<'v>(&self, texts: impl Iterator<Item = Option<&'v str>>) -> usize {
        let fixed = self.pieces.iter().map(|piece| match piece.part {
            Part::Text(text) => text.len(),
            Part::Braces => BRACES.len(),
            Part::Placeholder { .. } => 0,
        });
        fixed.sum::<usize>() + texts.flatten().map(str::len).sum::<usize>()
    }

    /// The text, of `size` bytes, with these in the places of its placeholders.
    pub(crate) fn join<'v>(&self, mut texts: impl Iterator<Item = Option<&'v str>>, size: usize) -> String {
        let mut joined = String::with_capacity(size);
        for piece in &self.pieces {
            joined.push_str(match piece.part {
                Part::Text(text) => text,
                Part::Braces => BRACES,
                Part::Placeholder { .. } => texts.next().flatten().unwrap_or_default(),
            });
        }
        joined
    }

    /// The text with every placeholder replaced by its value, else by its default.
    ///
    /// # Errors
    /// The keys that have neither.
    pub fn render<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, Vec<Unset>>
    where
        't: 'v,
    {
        let texts: Vec<_> = self.placeholders().map(|(key, default, _)| value(key).or(default)).collect();
        if texts.iter().any(Option::is_none) {
            return Err(self.unset(value));
        }
        Ok(self.join(texts.iter().copied(), self.size(texts.iter().copied())))
    }
}

/// As it was written, to the byte.
impl fmt::Display for Template<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| f.write_str(&self.text[piece.range.clone()]))
    }
}

/// In its shortest form.
impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Text(text) => f.write_str(text),
            Part::Braces => f.write_str("\\{{"),
            Part::Placeholder { key, default: None } => write!(f, "{{{{{key}}}}}"),
            Part::Placeholder { key, default: Some(default) } => write!(f, "{{{{{key}|{default}}}}}"),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    place: Place,
    pieces: Vec<Piece<'t>>,
    errors: Vec<TemplateError>,
}

impl<'t> Reader<'t> {
    /// Takes the text before the next pair of braces, and what these open.
    fn next(&mut self) {
        let Some(open) = self.text[self.at..].find("{{").map(|found| self.at + found) else {
            return self.take(self.text.len(), Part::Text(&self.text[self.at..]));
        };
        if open > self.at && self.text.as_bytes()[open - 1] == b'\\' {
            self.take_text(open - 1);
            return self.take(open + 2, Part::Braces);
        }
        let more = self.text[open + 2..].bytes().take_while(|byte| *byte == b'{').count();
        self.take_text(open + more);
        self.placeholder();
    }

    /// Reads a placeholder whose braces stand at `at`.
    fn placeholder(&mut self) {
        let open = self.at;
        let rest = &self.text[open + 2..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let key = &rest[blank..];
        let key = &key[..key.find(|c| !in_key(c)).unwrap_or(key.len())];
        let spaced = &rest[blank + key.len()..];
        let after = spaced.trim_start_matches([' ', '\t']);
        let at = self.text.len() - after.len();
        if key.len() > KEY_MAX {
            self.wrong(open + 2 + blank, TemplateCode::BadKey, at);
        } else if let Some(default) = after.strip_prefix('|') {
            match until(default, &["}}"]) {
                Ok(length) if key.is_empty() => self.wrong(open, TemplateCode::EmptyKey, at + 1 + length + 2),
                Ok(length) => {
                    let default = Some(default[..length].trim_matches([' ', '\t']));
                    self.take(at + 1 + length + 2, Part::Placeholder { key, default });
                }
                Err(end) => self.wrong(open, TemplateCode::Unclosed, at + 1 + end),
            }
        } else if after.starts_with("}}") {
            if key.is_empty() {
                self.wrong(open, TemplateCode::EmptyKey, at + 2);
            } else {
                self.take(at + 2, Part::Placeholder { key, default: None });
            }
        } else {
            match until(after, &["}}", "{{"]) {
                Ok(length) if after[length..].starts_with("}}") => {
                    self.wrong(at, TemplateCode::BadKey, at + length + 2);
                }
                Ok(end) | Err(end) => self.wrong(open, TemplateCode::Unclosed, at + end),
            }
        }
    }

    fn take_text(&mut self, end: usize) {
        if end > self.at {
            self.take(end, Part::Text(&self.text[self.at..end]));
        }
    }

    fn take(&mut self, end: usize, part: Part<'t>) {
        self.place.move_to(self.text, self.at);
        self.pieces.push(Piece { range: self.at..end, line: self.place.line, part });
        self.at = end;
    }

    /// Notes an error and goes on at `next`, which is never behind what was looked at: the time stays linear.
    fn wrong(&mut self, at: usize, code: TemplateCode, next: usize) {
        self.place.move_to(self.text, at);
        let column = self.text[self.place.start..at].encode_utf16().count();
        let column = u32::try_from(column + 1).unwrap_or(u32::MAX);
        self.errors.push(TemplateError { line: self.place.line, column, code });
        self.at = next;
    }
}

/// Where the first of `signs` stands in the first line of `text`, or where this line ends.
fn until(text: &str, signs: &[&str]) -> Result<usize, usize> {
    let ends = |at: usize| signs.iter().any(|sign| text[at..].starts_with(sign));
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' | b'\r' => return Err(at),
            b'{' | b'}' if ends(at) => return Ok(at),
            _ => {}
        }
    }
    Err(text.len())
}

/// A place in a text that only moves on: counting lines costs one pass over the text.
struct Place {
    at: usize,
    line: u32,
    /// Where the line begins.
    start: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self { at: 0, line: 1, start: 0 }
    }
}

impl Place {
    fn move_to(&mut self, text: &str, to: usize) {
        let bytes = text.as_bytes();
        for at in self.at..to {
            let ends = bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                self.line += 1;
                self.start = at + 1;
            }
        }
        self.at = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> Vec<Part<'_>> {
        parse(text).expect("a template").pieces.into_iter().map(|piece| piece.part).collect()
    }

    fn placeholder<'t>(key: &'t str, default: impl Into<Option<&'t str>>) -> Part<'t> {
        Part::Placeholder { key, default: default.into() }
    }

    fn errors(text: &str) -> Vec<(u32, u32, TemplateCode)> {
        parse(text).expect_err("no template").iter().map(|error| (error.line, error.column, error.code)).collect()
    }

    #[test]
    fn the_grammar() {
        use Part::{Braces, Text};
        assert_eq!(parts(""), []);
        assert_eq!(parts("{ } }} {a}"), [Text("{ } }} {a}")]);
        assert_eq!(parts("{{a}}{{ b.c-d_9 }}"), [placeholder("a", None), placeholder("b.c-d_9", None)]);
        assert_eq!(parts("{{数据库}}"), [placeholder("数据库", None)]);
        assert_eq!(parts("{{a|}}{{a|1}}"), [placeholder("a", ""), placeholder("a", "1")]);
        assert_eq!(parts("{{\ta | x y\t}}"), [placeholder("a", "x y")]);
        assert_eq!(parts("{{a|x}y}}"), [placeholder("a", "x}y")]);
        assert_eq!(parts("{{a|{b}}}"), [placeholder("a", "{b"), Text("}")]);
        assert_eq!(parts("{{a|b|{{c}}"), [placeholder("a", "b|{{c")]);
        assert_eq!(parts("x\\{{a}}"), [Text("x"), Braces, Text("a}}")]);
        assert_eq!(parts("\\\\{{"), [Text("\\"), Braces]);
        assert_eq!(parts("{\"a\":{{{b}}}}"), [Text("{\"a\":{"), placeholder("b", None), Text("}}")]);
    }

    #[test]
    fn errors_say_where_and_what() {
        use TemplateCode::{BadKey, EmptyKey, Unclosed};
        assert_eq!(errors("a\nb {{c\nd }}"), [(2, 3, Unclosed)]);
        assert_eq!(errors("{{a|b\n}}"), [(1, 1, Unclosed)]);
        assert_eq!(errors("{{a {{b}}"), [(1, 1, Unclosed)]);
        assert_eq!(errors("{{"), [(1, 1, Unclosed)]);
        assert_eq!(errors("🚢 {{ a/b }} {{}}"), [(1, 8, BadKey), (1, 14, EmptyKey)]);
        assert_eq!(errors("{{ |x}}"), [(1, 1, EmptyKey)]);
        assert_eq!(errors("{{a b}}"), [(1, 5, BadKey)]);
        assert_eq!(errors("{{数据库/主}}"), [(1, 6, BadKey)]);
        assert_eq!(errors("{{a\u{202e}b}}"), [(1, 4, BadKey)]);
        assert_eq!(errors(&format!("{{{{{}}}}}", "k".repeat(129))), [(1, 3, BadKey)]);
        assert_eq!(errors("a\r\nb\rc\n{{"), [(4, 1, Unclosed)]);
        assert_eq!(errors("{{ if .Values.x }}\n").len(), 1);
    }

    #[test]
    fn values_fill_and_are_never_expanded_again() {
        let value = |key: &str| match key {
            "a" => Some("{{b}} \\{{"),
            "empty" => Some(""),
            _ => None,
        };
        let fill = |text| parse(text).expect("a template").render(value);
        assert_eq!(fill("{{a}}|{{empty|x}}|{{c|d}}|{{c|}}|\\{{e}}"), Ok("{{b}} \\{{||d||{{e}}".to_owned()));
        let unset = |key: &str, line| Unset { key: key.to_owned(), line };
        assert_eq!(fill("{{a}}\n{{x}} {{c|d}}\n{{x}}{{y}}"), Err(vec![unset("x", 2), unset("y", 3)]));
    }

    #[test]
    fn keys_in_the_order_of_the_text() {
        let template = parse("{{b}} {{a|1}} {{b}}\n{{c}}").expect("a template");
        assert_eq!(template.keys(), ["b", "a", "c"]);
        assert_eq!(template.placeholders().last(), Some(("c", None, 2)));
    }

    #[test]
    fn ten_thousand_placeholders_and_as_many_errors() {
        let lines: Vec<_> = (0..10_000).map(|n| format!("key_{n}: {{{{key_{n}}}}}")).collect();
        let text = lines.join("\n");
        let template = parse(&text).expect("a template");
        assert_eq!(template.keys().len(), 10_000);
        assert_eq!(template.unset(|_| None).len(), 10_000);
        assert_eq!(template.placeholders().last().map(|last| last.2), Some(10_000));
        let asked = std::cell::Cell::new(0);
        let filled = template.render(|_| {
            asked.set(asked.get() + 1);
            Some("x")
        });
        assert_eq!(filled.expect("every key has a value").lines().last(), Some("key_9999: x"));
        assert_eq!(asked.get(), 10_000, "each placeholder asks once");
        assert_eq!(parse(&"{{ {{|".repeat(10_000)).expect_err("no template").len(), 2);
        assert_eq!(parse(&"{{ / }}".repeat(10_000)).expect_err("no template").len(), ERRORS_MAX);
    }

    /// A text that may be empty, then a placeholder with its default, or a pair of braces.
    type Written = (String, Option<(String, Option<String>)>);

    /// What `Part::Text` can hold next to the other parts: see the head of this file.
    fn written(parts: &[Written]) -> Vec<Part<'_>> {
        let mut written = Vec::new();
        for (text, placeholder) in parts {
            if !text.is_empty() {
                written.push(Part::Text(text));
            }
            written.push(match placeholder {
                Some((key, default)) => Part::Placeholder { key, default: default.as_deref() },
                None => Part::Braces,
            });
        }
        written
    }

    fn part() -> impl Strategy<Value = Written> {
        let text = "([a|} \n\\\\{]{0,6}|\\PC{0,6})"
            .prop_filter("braces open", |text| !text.contains("{{") && !text.ends_with(['\\', '{']));
        let default = "([a|{}\\\\]{0,6}|\\PC{0,6})"
            .prop_filter("it ends", |text| !text.contains("}}") && !text.ends_with('}') && text.trim() == text);
        (text, proptest::option::of(("[a-z0-9_.-]{1,6}", proptest::option::of(default))))
    }

    proptest! {
        #[test]
        fn what_is_parsed_prints_as_it_was(text in "([{}|a \\\\\n\r]{0,40}|\\PC{0,40})") {
            if let Ok(template) = parse(&text) {
                prop_assert_eq!(template.to_string(), text.as_str());
                let mut at = 0;
                for piece in template.pieces() {
                    prop_assert_eq!(piece.range.start, at);
                    prop_assert!(piece.range.end > at);
                    at = piece.range.end;
                }
                prop_assert_eq!(at, text.len());
            }
        }

        #[test]
        fn what_is_printed_parses_as_it_was(list in proptest::collection::vec(part(), 0..6)) {
            let written = written(&list);
            let text: String = written.iter().map(Part::to_string).collect();
            prop_assert_eq!(parts(&text), written);
        }

        #[test]
        fn any_text_is_a_template_or_says_why(text in "([{}|a \\\\\n\r]{0,40}|\\PC{0,40})") {
            if let Err(errors) = parse(&text) {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.windows(2).all(|pair| (pair[0].line, pair[0].column) <= (pair[1].line, pair[1].column)));
            }
        }

        #[test]
        fn text_without_braces_renders_as_it_is(text in "[^{]{0,40}") {
            prop_assert_eq!(parse(&text).expect("a template").render(|_| None), Ok(text.clone()));
        }
    }
}
