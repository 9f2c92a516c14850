//! The shell of Slipway: one window on the core. It opens the data folder, the core and the window, and carries messages
//! between the last two; it decides nothing about deployments.

// A release build on Windows opens no console beside the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod bridge;
mod desktop;
mod drag;
mod folder;
mod instance;
mod log;
mod notification;
mod window;

use bridge::{Core, Streams};
use clap::Parser;
use drag::Dragged;
use instance::Claim;
use slipway_api::{Api, ApiError, Code};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, RunEvent, async_runtime};

/// How long the core may take to close before the process ends anyway. What it stores is safe at any moment.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Deploy applications to Kubernetes, group by group.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Folder that holds everything Slipway keeps on this computer.
    #[arg(long, value_name = "DIR", env = "SLIPWAY_DATA_DIR")]
    data_dir: Option<PathBuf>,
}

fn main() -> ExitCode {
    // Reads and writes the environment, so it comes before any thread.
    desktop::settle_environment();
    let args = Args::parse();
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        eprintln!("slipway: another TLS provider was installed first");
    }

    let opened = folder::open(args.data_dir)
        .and_then(|data_dir| async_runtime::block_on(instance::claim(&data_dir)).map(|claim| (data_dir, claim)));
    let (data_dir, running, refused) = match opened {
        Ok((data_dir, Claim::First(running))) => (Some(data_dir), Some(running), None),
        Ok((data_dir, Claim::Second)) => {
            println!("Slipway is already open on {}; its window is in front now.", data_dir.display());
            return ExitCode::SUCCESS;
        }
        // A window can still say what is wrong.
        Err(error) => (None, None, Some(error)),
    };
    if let Some(data_dir) = &data_dir
        && let Err(error) = log::start(data_dir)
    {
        eprintln!("slipway: no log is kept: {error}");
    }
    if let Err(reason) = desktop::check_display() {
        eprintln!("slipway: no window can be opened: {reason}");
        return ExitCode::FAILURE;
    }

    let core = Core::default();
    let mut builder =
        tauri::Builder::default().plugin(tauri_plugin_clipboard_manager::init()).plugin(tauri_plugin_dialog::init());
    if let Some(data_dir) = &data_dir {
        builder = builder.plugin(window::place(data_dir));
    }
    let app = builder
        .manage(core.clone())
        .manage(Streams::default())
        .manage(Dragged::default())
        .invoke_handler(tauri::generate_handler![
            bridge::call,
            bridge::feed_open,
            bridge::feed_close,
            bridge::pipe_open,
            bridge::pipe_ack,
            bridge::pipe_send,
            bridge::pipe_close,
        ])
        .setup({
            let core = core.clone();
            move |app| {
                let app = app.handle();
                async_runtime::spawn(start_core(core, app.clone(), data_dir.clone(), refused));
                window::open(app, data_dir.as_deref())?;
                if let Some(running) = running {
                    let app = app.clone();
                    async_runtime::spawn(running.serve(move || window::focus(&app)));
                }
                desktop::quit_on_signal(app.clone());
                Ok(())
            }
        })
        .build(tauri::generate_context!());
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            eprintln!("slipway: no window can be opened: {error}");
            return ExitCode::FAILURE;
        }
    };
    let exit = app.run_return(move |_, event| {
        if let RunEvent::Exit = event {
            close_core(&core);
        }
    });
    tracing::info!("ended");
    if exit == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Opens the core beside the window, so that both start at once. What fails is the answer to every call from then on.
async fn start_core(core: Core, app: AppHandle, data_dir: Option<PathBuf>, refused: Option<ApiError>) {
    let opened = match (data_dir, refused) {
        (Some(data_dir), None) => open_core(app, &data_dir).await,
        (_, Some(error)) => Err(error),
        (None, None) => unreachable!("without a data folder there is an error that says why"),
    };
    match &opened {
        Ok(_) => tracing::info!(version = env!("CARGO_PKG_VERSION"), "started"),
        Err(error) => {
            tracing::error!(code = ?error.code, "{}", error.detail);
            eprintln!("slipway: {}", error.detail);
        }
    }
    core.opened(opened);
}

async fn open_core(app: AppHandle, data_dir: &Path) -> Result<Api, ApiError> {
    let folder = data_dir.to_owned();
    let desktop = Arc::new(desktop::System::new(app));
    // A task of its own, so that a panic becomes an answer too.
    match async_runtime::spawn(async move { Api::open(&folder, desktop).await }).await {
        Ok(opened) => opened,
        Err(error) => {
            Err(ApiError::new(Code::Internal, format!("open the data folder {}: {error}", data_dir.display())))
        }
    }
}

fn close_core(core: &Core) {
    let Some(api) = core.now() else { return };
    let closed = async_runtime::block_on(async { tokio::time::timeout(CLOSE_WITHIN, api.close()).await });
    if closed.is_err() {
        tracing::warn!(within = ?CLOSE_WITHIN, "the core did not close in time");
    }
}
