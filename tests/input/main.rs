//! Bad input, one row of `table.json` each: what is put in is put in for real, and what is met is compared with the row.
//!
//! Everything goes through the contract that the window speaks, on a real cluster. The sentences of a row, in both
//! languages, are compared by the window's own tests (`ui/src/i18n/input.test.ts`), which read the same table.
//!
//! Each row is a test of its own. A row that nothing produces fails, and so does what is produced without a row.

mod balancer;
mod code;
mod config;
mod data;
mod fake;
mod file;
mod folder;
mod form;
mod group;
mod kubeconfig;
mod lie;
mod life;
mod oidc;
mod plugins;
mod release;
mod site;
mod state;
mod table;

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::process::ExitCode;
use table::{Case, Control, Row};

fn main() -> ExitCode {
    if let Some(wanted) = data::inside() {
        return data::run_inside(&wanted);
    }
    let arguments = Arguments::from_args();
    let rows = match table::read() {
        Ok(rows) => rows,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let groups = [
        balancer::cases(),
        code::cases(),
        config::cases(),
        data::cases(),
        file::cases(),
        folder::cases(),
        form::cases(),
        group::cases(),
        kubeconfig::cases(),
        lie::cases(),
        life::cases(),
        oidc::cases(),
        plugins::cases(),
        release::cases(),
    ];
    let controls = [oidc::controls(), plugins::controls()];
    let count = rows.len();
    let mut trials = trials(rows, groups.into_iter().flatten());
    trials.extend(controls.into_iter().flatten().map(|control: Control| {
        Trial::test(format!("input::control::{}", control.name), move || (control.run)().map_err(failed))
    }));
    let conclusion = libtest_mimic::run(&arguments, trials);
    oidc::end();
    println!("bad input: the table has {count} rows");
    conclusion.exit_code()
}

/// A test a row. What is left on either side is one that fails.
fn trials(rows: Vec<Row>, cases: impl Iterator<Item = Case>) -> Vec<Trial> {
    let mut produced = BTreeMap::new();
    let mut trials = Vec::new();
    for case in cases {
        let id = case.id;
        if produced.insert(id, case).is_some() {
            trials.push(broken(id, "it is produced twice"));
        }
    }
    for row in rows {
        let name = format!("input::{}", row.id);
        let Some(case) = produced.remove(row.id.as_str()) else {
            trials.push(broken(&row.id, "nothing produces this row"));
            continue;
        };
        trials.push(Trial::test(name, move || hold(&row, &case).map_err(failed)));
    }
    trials.extend(produced.into_keys().map(|id| broken(id, "it has no row in the table")));
    trials
}

fn hold(row: &Row, case: &Case) -> Result<()> {
    let met = (case.run)().with_context(|| format!("put in {}", row.input))?;
    if met != row.meets {
        let text = |value| serde_json::to_string_pretty(value).unwrap_or_default();
        bail!("met\n{}\nwhere the table says\n{}", text(&met), text(&row.meets));
    }
    ensure!(!row.en.is_null() && !row.zh.is_null(), "its sentences are missing");
    Ok(())
}

fn broken(id: &str, why: &'static str) -> Trial {
    Trial::test(format!("input::{id}"), move || Err(Failed::from(why)))
}

fn failed(error: anyhow::Error) -> Failed {
    Failed::from(format!("{error:#}"))
}
