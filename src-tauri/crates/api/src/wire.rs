//! Writes the contract as TypeScript: `ui/src/wire/types.ts` and `calls.ts`.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use crate::calls::*;
use crate::error::ApiError;
use crate::feed::{ChangeRow, FeedMessage, Topic};
use crate::file::{DragRow, TransferRow};
use crate::notification::NotificationRow;
use crate::pipe::{PipeInput, PipeMessage, PipeTopic};

use slipway_engine::balancer::BalancerLive;
use slipway_engine::cluster::ClusterLive;
use slipway_engine::forward::ForwardRow;
use slipway_engine::group::GroupLive;
use slipway_engine::instance::{InstanceLine, PodDetail};
use slipway_engine::log::LogRow;
use slipway_engine::release::ReleaseView;
use slipway_model::diagnosis::EventFact;
use slipway_model::instance::Instance;
use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use ts_rs::{Config, TS, TypeVisitor};

const HEADER: &str = "// Generated from the contract in Rust. Do not edit: `cargo xtask wire` writes it anew.\n\n";

/// The files of `ui/src/wire`, by name.
///
/// # Panics
/// When two types that differ have one name: the window would know one of them only.
pub fn files() -> BTreeMap<&'static str, String> {
    let mut types = Types { config: Config::new().with_large_int("number"), declarations: BTreeMap::new() };
    let mut calls = String::from("export interface Calls {\n");
    macro_rules! list {
        ($($name:ident($in:ty) -> $out:ty),+ $(,)?) => {$(
            types.visit::<$in>();
            types.visit::<$out>();
            let (input, output) = (<$in>::name(&types.config), <$out>::name(&types.config));
            writeln!(calls, "  {}: {{ in: {input}; out: {output} }};", stringify!($name)).expect("a String takes it");
        )+};
    }
    with_calls!(list);
    calls.push_str("}\n");

    types.visit::<ApiError>();
    types.visit::<Topic>();
    types.visit::<FeedMessage>();
    types.visit::<ChangeRow>();
    types.visit::<NotificationRow>();
    types.visit::<ClusterLive>();
    types.visit::<GroupLive>();
    types.visit::<BalancerLive>();
    types.visit::<Instance>();
    types.visit::<InstanceLine>();
    types.visit::<PodDetail>();
    types.visit::<EventFact>();
    types.visit::<LogRow>();
    types.visit::<TransferRow>();
    types.visit::<DragRow>();
    types.visit::<ForwardRow>();
    types.visit::<ReleaseView>();
    types.visit::<PipeTopic>();
    types.visit::<PipeInput>();
    types.visit::<PipeMessage>();

    let names: Vec<_> = types.declarations.keys().filter(|name| calls.contains(name.as_str())).cloned().collect();
    let names: Vec<_> = names.into_iter().filter(|name| mentions(&calls, name)).collect();
    let imports = format!("import type {{\n  {},\n}} from './types';\n\n", names.join(",\n  "));
    let rows = "/** Row types of the feeds, by the kind of their topic. */\nexport interface FeedRows {\n  \
                changes: ChangeRow;\n  notifications: NotificationRow;\n  clusters: ClusterLive;\n  groups: GroupLive;\n  balancers: BalancerLive;\n  instances: Instance;\n  instance_list: InstanceLine;\n  pod: PodDetail;\n  \
                events: EventFact;\n  log: LogRow;\n  transfers: TransferRow;\n  drag: DragRow;\n  forward_list: ForwardRow;\n  release: ReleaseView;\n}\n";
    let types: String = types.declarations.into_values().map(|one| one.text).collect::<Vec<_>>().join("\n");
    BTreeMap::from([
        ("types.ts", format!("{HEADER}{types}\n{rows}")),
        ("calls.ts", format!("{HEADER}{imports}{calls}")),
    ])
}

fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word == name)
}

/// Collects the declaration of every type that is reached.
struct Types {
    config: Config,
    declarations: BTreeMap<String, Declaration>,
}

struct Declaration {
    /// The type in Rust, with its module.
    rust: &'static str,
    text: String,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            let name = T::ident(&self.config);
            let docs = T::docs().unwrap_or_default();
            let (rust, text) = (type_name::<T>(), format!("{docs}export {}\n", T::decl(&self.config)));
            if let Some(known) = self.declarations.get(&name) {
                assert!(known.text == text, "{} and {rust} are both called {name} on the wire", known.rust);
                return;
            }
            self.declarations.insert(name, Declaration { rust, text });
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[cfg(test)]
mod tests {
    use super::Types;
    use std::collections::BTreeMap;
    use std::path::Path;
    use ts_rs::{Config, TypeVisitor};

    mod first {
        #[derive(ts_rs::TS)]
        pub(super) struct Row {
            #[allow(dead_code, reason = "only its declaration is looked at")]
            name: String,
        }
    }

    mod second {
        #[derive(ts_rs::TS)]
        pub(super) struct Row {
            #[allow(dead_code, reason = "only its declaration is looked at")]
            count: u32,
        }
    }

    #[test]
    #[should_panic(
        expected = "tests::first::Row and slipway_api::wire::tests::second::Row are both called Row on the wire"
    )]
    fn two_types_of_one_name_are_refused() {
        let mut types = Types { config: Config::new(), declarations: BTreeMap::new() };
        types.visit::<first::Row>();
        types.visit::<first::Row>();
        assert_eq!(types.declarations.len(), 1, "the same type is met many times");
        types.visit::<second::Row>();
    }

    /// With `SLIPWAY_WRITE_WIRE` set it writes the files instead.
    #[test]
    fn the_committed_files_are_current() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/wire");
        for (name, text) in super::files() {
            let path = folder.join(name);
            if std::env::var_os("SLIPWAY_WRITE_WIRE").is_some() {
                std::fs::create_dir_all(&folder).expect("make ui/src/wire");
                std::fs::write(&path, text).expect("write the wire file");
            } else {
                let committed = std::fs::read_to_string(&path).unwrap_or_default();
                assert!(committed == text, "{name} is stale: run `cargo xtask wire`");
            }
        }
    }
}
