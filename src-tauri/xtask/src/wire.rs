//! The contract with the window, written to `ui/src/wire`. Its test compares; told so, it writes.

use crate::build;
use crate::process;
use anyhow::Result;

pub(crate) fn write() -> Result<()> {
    let mut command = build::cargo()?;
    command.args(["test", "--quiet", "--package", "slipway-api", "wire"]).env("SLIPWAY_WRITE_WIRE", "1");
    process::run(&mut command, "write ui/src/wire")
}
