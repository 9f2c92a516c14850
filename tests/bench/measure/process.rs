//! What the kernel knows of a process: memory, CPU, when it was started.

use anyhow::{Context, Result};
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// `USER_HZ`, the unit of times in `/proc/PID/stat`: the same on every Linux that Rust has.
const TICKS_A_SECOND: f64 = 100.0;
const BYTES_A_KIB: f64 = 1024.0;
const BYTES_A_MB: f64 = 1e6;

/// Memory of a window in MB, as PSS: pages that processes share are split between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// Of the first process, which is the core.
    pub(crate) core: f64,
    pub(crate) all: f64,
}

/// Of the process at the front of the list, and of all of them.
pub(crate) fn memory(processes: &[u32]) -> Result<Memory> {
    let each = processes.iter().map(|id| pss(*id)).collect::<Result<Vec<_>>>()?;
    Ok(Memory { core: *each.first().context("a window has a process")?, all: each.iter().sum() })
}

/// Of one process in MB, also what others share with it: it stays the same whoever else is started meanwhile.
pub(crate) fn resident(id: u32) -> Result<f64> {
    rollup(id, "Rss:")
}

fn pss(id: u32) -> Result<f64> {
    rollup(id, "Pss:")
}

fn rollup(id: u32, key: &str) -> Result<f64> {
    let path = format!("/proc/{id}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| format!("read {path}"))?;
    let kib = read_kib(&text, key).with_context(|| format!("find {key} in {path}"))?;
    Ok(kib * BYTES_A_KIB / BYTES_A_MB)
}

fn read_kib(rollup: &str, key: &str) -> Option<f64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Seconds of CPU that processes have used so far.
pub(crate) fn cpu(processes: &[u32]) -> Result<f64> {
    processes.iter().map(|id| Ok(stat(*id)?.cpu)).sum()
}

/// Seconds of 1970 at which a process was started, to a hundredth.
pub(crate) fn started(id: u32) -> Result<f64> {
    let up = fs::read_to_string("/proc/uptime").context("read /proc/uptime")?;
    let up: f64 = up.split(' ').next().and_then(|word| word.parse().ok()).context("read /proc/uptime")?;
    Ok(now().as_secs_f64() - (up - stat(id)?.started))
}

/// Since 1970, as the clock of the page has it.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Load of the machine over the last minute.
pub(crate) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// In seconds; `started` since the machine was.
#[derive(Debug, PartialEq)]
struct Stat {
    cpu: f64,
    started: f64,
}

fn stat(id: u32) -> Result<Stat> {
    let path = format!("/proc/{id}/stat");
    let text = fs::read_to_string(&path).with_context(|| format!("read {path}"))?;
    read_stat(&text).with_context(|| format!("understand {path}"))
}

fn read_stat(text: &str) -> Option<Stat> {
    // The name before it stands in brackets and may contain anything. What follows begins with field 3, see proc(5).
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
    Some(Stat { cpu: (field(14)? + field(15)?) / TICKS_A_SECOND, started: field(22)? / TICKS_A_SECOND })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stat_is_read_behind_a_name_with_brackets() {
        let text = "42 (a) b) S 1 42 42 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 1 0 12345 1 1";
        assert_eq!(read_stat(text), Some(Stat { cpu: 3.0, started: 123.45 }));
        assert_eq!(read_stat("42 (a) S 1"), None);
    }

    #[test]
    fn pss_is_read_and_not_its_parts() {
        let text = "55d0-7ffd ---p 00000000 00:00 0 [rollup]\nRss:    9000 kB\nPss:    1234 kB\nPss_Anon:  1000 kB\n";
        assert_eq!(read_kib(text, "Pss:").map(f64::to_bits), Some(1234.0_f64.to_bits()));
        assert_eq!(read_kib("Rss: 1 kB", "Pss:"), None);
    }

    #[test]
    fn this_process_was_started_a_moment_ago_and_uses_memory() {
        let id = std::process::id();
        let age = now().as_secs_f64() - started(id).unwrap();
        assert!((-0.1..3600.0).contains(&age), "{age}");
        assert!(memory(&[id]).unwrap().core > 0.1);
        assert!(cpu(&[id]).unwrap() >= 0.0);
    }
}
