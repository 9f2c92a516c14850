//! `cargo xtask test`: all layers in order, up to the first broken one.

mod count;
mod ground;
mod layers;
mod runner;

use crate::arguments;
use crate::process;
use crate::root;
use crate::setup::{self, Purpose};
use anyhow::{Context, Result, bail};
use count::Counts;
use ground::Ground;
use runner::Runner;
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Instant;

/// In the order in which they run: the quickest to tell comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    Lint,
    Unit,
    House,
    Cluster,
    Window,
}

const LAYERS: [(Layer, &str); 5] = [
    (Layer::Lint, "lint"),
    (Layer::Unit, "unit"),
    (Layer::House, "house"),
    (Layer::Cluster, "cluster"),
    (Layer::Window, "window"),
];

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// Without doubles, in order, never empty.
    layers: Vec<Layer>,
    filter: Option<String>,
}

impl Options {
    pub(crate) fn parse(from: lexopt::Parser) -> Result<Self> {
        let (words, filter) = arguments::split(from)?;
        let mut layers = words.iter().map(layer).collect::<Result<Vec<_>>>()?;
        if layers.is_empty() {
            layers = LAYERS.map(|(layer, _)| layer).to_vec();
        }
        layers.sort_unstable();
        layers.dedup();
        let mut filter = filter.into_iter();
        let options = Self { layers, filter: filter.next().map(|word| word.to_string_lossy().into_owned()) };
        match filter.next() {
            Some(more) => bail!("test: one filter is all that fits, {} is one too many", more.display()),
            None => Ok(options),
        }
    }

    fn purposes(&self) -> Vec<Purpose> {
        let needs = |layer: &Layer| match layer {
            Layer::Lint => &[Purpose::Go][..],
            Layer::Unit => &[Purpose::Go, Purpose::Keyring],
            Layer::House => &[],
            Layer::Cluster => &[Purpose::Cluster, Purpose::Keyring],
            Layer::Window => &[Purpose::Cluster, Purpose::Keyring, Purpose::Headless],
        };
        let mut purposes = vec![Purpose::Build];
        purposes.extend(self.layers.iter().flat_map(needs));
        purposes
    }

    fn wants_cluster(&self) -> bool {
        self.layers.iter().any(|layer| matches!(layer, Layer::Cluster | Layer::Window))
    }
}

fn layer(word: &OsString) -> Result<Layer> {
    let found = LAYERS.iter().find(|(_, name)| word == name);
    found.map(|(layer, _)| *layer).with_context(|| {
        let all = LAYERS.map(|(_, name)| name).join(", ");
        format!("test: there is no layer `{}`, only {all}; a filter comes after `--`", word.display())
    })
}

pub(crate) fn test(options: &Options) -> Result<ExitCode> {
    setup::ensure(&options.purposes())?;
    if options.wants_cluster() && !ground::is_given() {
        // Said now, not after everything was compiled.
        root::command("true", "start a cluster for the tests")?;
    }
    let mut ground = Ground::default();
    let mut total = Counts::default();
    for (at, layer) in options.layers.iter().enumerate() {
        let began = Instant::now();
        let mut runner = Runner::new(options.filter.clone());
        layers::run(*layer, &mut runner, &mut ground, options)?;
        let name = LAYERS[*layer as usize].1;
        let verdict = if runner.counts.failed == 0 { "passed" } else { "BROKEN" };
        println!("\n=== {name}: {verdict} in {:.1} s\n", began.elapsed().as_secs_f64());
        total += runner.counts;
        if total.failed > 0 {
            // What ran last prints most: which tests failed is said once more, where nobody has to look for it.
            for line in runner.broken {
                println!("{line}");
            }
            let left: Vec<_> = options.layers[at + 1..].iter().map(|layer| LAYERS[*layer as usize].1).collect();
            if !left.is_empty() {
                println!("not run: {}", left.join(", "));
            }
            break;
        }
    }
    // Torn down before the last line, which is the verdict.
    drop(ground);
    if process::interrupted() {
        bail!("test: interrupted");
    }
    println!("{total}");
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::{LAYERS, Layer, Options};

    fn parse(words: &[&str]) -> anyhow::Result<Options> {
        Options::parse(lexopt::Parser::from_args(words))
    }

    #[test]
    fn layers_run_in_their_order_whatever_the_order_of_the_words() {
        assert_eq!(parse(&["window", "lint", "window"]).unwrap().layers, [Layer::Lint, Layer::Window]);
        assert_eq!(parse(&[]).unwrap().layers, LAYERS.map(|(layer, _)| layer));
        assert!(LAYERS.iter().enumerate().all(|(at, (layer, _))| *layer as usize == at));
    }

    #[test]
    fn a_filter_comes_after_the_dashes() {
        let options = parse(&["unit", "--", "quantity"]).unwrap();
        assert_eq!((options.layers, options.filter.as_deref()), (vec![Layer::Unit], Some("quantity")));
        assert!(parse(&["quantity"]).unwrap_err().to_string().contains("`quantity`"));
        assert!(parse(&["--", "a", "b"]).is_err());
    }
}
