//! Generates what tauri needs, and a permission for each command of the bridge: none is allowed unless a capability says so.

/// The commands of `src/bridge.rs`.
const COMMANDS: &[&str] = &["call", "feed_open", "feed_close", "pipe_open", "pipe_ack", "pipe_send", "pipe_close"];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).expect("tauri.conf.json is valid");
}
