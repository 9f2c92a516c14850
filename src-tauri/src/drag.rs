//! Files that are dragged over the window. The page learns where; which they are stays here until the core takes them.

use slipway_api::host::Drag;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tauri::{DragDropEvent, PhysicalPosition, WebviewWindow};
use tokio::sync::watch;

#[derive(Debug, Default)]
pub(crate) struct Dragged {
    now: watch::Sender<Drag>,
    dropped: Mutex<Vec<PathBuf>>,
}

impl Dragged {
    pub(crate) fn follow(&self) -> watch::Receiver<Drag> {
        self.now.subscribe()
    }

    /// What was dropped last, once.
    pub(crate) fn take(&self) -> Vec<PathBuf> {
        std::mem::take(&mut self.dropped.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn on_event(&self, window: &WebviewWindow, event: &DragDropEvent) {
        match event {
            DragDropEvent::Enter { position, .. } | DragDropEvent::Over { position } => {
                self.now.send_modify(|drag| drag.over = Some(place(window, *position)));
            }
            DragDropEvent::Drop { paths, position } => {
                self.dropped.lock().unwrap_or_else(PoisonError::into_inner).clone_from(paths);
                self.now.send_modify(|drag| {
                    drag.over = None;
                    drag.drops += 1;
                    drag.dropped = Some(place(window, *position));
                });
            }
            _ => self.now.send_modify(|drag| drag.over = None),
        }
    }
}

/// In pixels of the page. Only Windows tells those of the screen, whatever the type says.
fn place(window: &WebviewWindow, at: PhysicalPosition<f64>) -> (f64, f64) {
    let scale = if cfg!(windows) { window.scale_factor().unwrap_or(1.0) } else { 1.0 };
    (at.x / scale, at.y / scale)
}
