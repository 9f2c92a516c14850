//! The display as its window manager sees it: where windows are, which lies above, and their close buttons.

use super::eventually;
use anyhow::{Context, Result};
use std::collections::HashSet;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask, ImageFormat, InputFocus,
    KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// What the keys are called that type no letter (`keysymdef.h` of the X protocol).
const ENTER: u32 = 0xff0d;
const SHIFT: u32 = 0xffe1;
/// About a second.
const LOOKS_BEFORE_ENTER: u32 = 40;

/// Position and size of a window, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub x: i16,
    pub y: i16,
    pub width: u16,
    pub height: u16,
}

#[derive(Debug)]
pub(super) struct Screen {
    connection: RustConnection,
    root: Window,
}

impl Screen {
    pub(super) fn connect(display: &str) -> Result<Self> {
        let (connection, screen) = x11rb::connect(Some(display)).with_context(|| format!("open display {display}"))?;
        let root = connection.setup().roots[screen].root;
        Ok(Self { connection, root })
    }

    /// Where the window of a process is.
    pub(super) async fn place(&self, pid: u32) -> Result<Place> {
        let window = self.window(pid).await?;
        let geometry = self.connection.get_geometry(window)?.reply()?;
        Ok(Place { x: geometry.x, y: geometry.y, width: geometry.width, height: geometry.height })
    }

    pub(super) fn put(&self, pid: u32, place: Place) -> Result<()> {
        let window = self.shown(pid)?.with_context(|| format!("process {pid} shows no window"))?;
        let change = ConfigureWindowAux::new().x(i32::from(place.x)).y(i32::from(place.y));
        let change = change.width(u32::from(place.width)).height(u32::from(place.height));
        self.connection.configure_window(window, &change)?.check()?;
        Ok(())
    }

    /// How many colours the pixels of the window of a process have.
    pub(super) async fn colours(&self, pid: u32) -> Result<usize> {
        let window = self.window(pid).await?;
        let size = self.connection.get_geometry(window)?.reply()?;
        let image =
            self.connection.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, size.width, size.height, !0)?.reply()?;
        // Each pixel of 24 bits stands in four bytes.
        Ok(image.data.chunks_exact(4).collect::<HashSet<_>>().len())
    }

    pub(super) async fn is_in_front(&self, pid: u32) -> Result<bool> {
        let window = self.window(pid).await?;
        Ok(self.shown_windows()?.last() == Some(&window))
    }

    /// Gives the keyboard to the window of a process.
    pub(super) async fn focus(&self, pid: u32) -> Result<()> {
        let window = self.window(pid).await?;
        self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()?;
        Ok(())
    }

    /// Takes the keyboard from every window.
    pub(super) fn focus_none(&self) -> Result<()> {
        self.connection.set_input_focus(InputFocus::NONE, x11rb::NONE, x11rb::CURRENT_TIME)?.check()?;
        Ok(())
    }

    pub(super) async fn has_focus(&self, pid: u32) -> Result<bool> {
        let window = self.window(pid).await?;
        Ok(self.connection.get_input_focus()?.reply()?.focus == window)
    }

    /// Asks the window of a process to close, as its close button does.
    pub(super) fn close(&self, pid: u32) -> Result<()> {
        let window = self.shown(pid)?.with_context(|| format!("process {pid} shows no window"))?;
        let (protocols, delete) = (self.atom("WM_PROTOCOLS")?, self.atom("WM_DELETE_WINDOW")?);
        let event = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        self.connection.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
        self.connection.sync()?;
        Ok(())
    }

    /// Types into the dialog that a process shows beside its window, presses Enter and waits until it is gone. Only what
    /// a keyboard has; no driver of the page sees a dialog of the system.
    pub(super) async fn answer(&self, pid: u32, text: &str) -> Result<()> {
        let keys = self.keys(text.chars().map(u32::from).chain([ENTER]))?;
        let dialog = eventually(format!("process {pid} to show a dialog"), async || {
            let Some(dialog) = self.of(pid)?.get(1).copied() else { return Ok(None) };
            self.connection.set_input_focus(InputFocus::PARENT, dialog, x11rb::CURRENT_TIME)?.check()?;
            Ok((self.connection.get_input_focus()?.reply()?.focus == dialog).then_some(dialog))
        })
        .await?;
        let enter = self.keys([ENTER].into_iter())?;
        self.press(&keys)?;
        // What a dialog proposes meanwhile may swallow an Enter: a person sees that, and presses it again.
        let mut looks = 0_u32;
        eventually("the dialog to take what was typed", async || {
            if !self.shown_windows()?.contains(&dialog) {
                return Ok(Some(()));
            }
            looks += 1;
            if looks.is_multiple_of(LOOKS_BEFORE_ENTER) {
                self.press(&enter)?;
            }
            Ok(None)
        })
        .await
    }

    fn press(&self, keys: &[(u8, u8)]) -> Result<()> {
        for (kind, key) in keys {
            self.connection.xtest_fake_input(*kind, *key, x11rb::CURRENT_TIME, x11rb::NONE, 0, 0, 0)?;
        }
        Ok(self.connection.sync()?)
    }

    /// How these are typed: the keys that go down and up.
    fn keys(&self, symbols: impl Iterator<Item = u32>) -> Result<Vec<(u8, u8)>> {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = self.connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let width = usize::from(mapping.keysyms_per_keycode);
        // By itself, and with Shift.
        let find = |symbol: u32| {
            let at = |level: usize| mapping.keysyms.chunks(width).position(|key| key.get(level) == Some(&symbol));
            let code = |at: usize| u8::try_from(at).ok().and_then(|at| first.checked_add(at));
            let found = at(0).map(|at| (at, false)).or_else(|| at(1).map(|at| (at, true)));
            found.and_then(|(at, shift)| Some((code(at)?, shift))).with_context(|| format!("no key types {symbol:#x}"))
        };
        let (shift, _) = find(SHIFT)?;
        let mut keys = Vec::new();
        for symbol in symbols {
            let (key, shifted) = find(symbol)?;
            let stroke = [(KEY_PRESS_EVENT, key), (KEY_RELEASE_EVENT, key)];
            let held = |kind| shifted.then_some((kind, shift));
            keys.extend(held(KEY_PRESS_EVENT).into_iter().chain(stroke).chain(held(KEY_RELEASE_EVENT)));
        }
        Ok(keys)
    }

    /// The window of a process, once it is shown.
    pub(super) async fn window(&self, pid: u32) -> Result<Window> {
        eventually(format!("process {pid} to show a window"), async || self.shown(pid)).await
    }

    fn shown(&self, pid: u32) -> Result<Option<Window>> {
        Ok(self.of(pid)?.first().copied())
    }

    /// The windows of a process: its own, and above it its dialogs.
    fn of(&self, pid: u32) -> Result<Vec<Window>> {
        let property = self.atom("_NET_WM_PID")?;
        let mut own = Vec::new();
        for window in self.shown_windows()? {
            let owner = self.connection.get_property(false, window, property, AtomEnum::CARDINAL, 0, 1)?.reply()?;
            if owner.value32().and_then(|mut values| values.next()) == Some(pid) {
                own.push(window);
            }
        }
        Ok(own)
    }

    /// Windows that are drawn, from the lowest to the one in front.
    fn shown_windows(&self) -> Result<Vec<Window>> {
        let all = self.connection.query_tree(self.root)?.reply()?.children;
        let mut shown = Vec::new();
        for window in all {
            // A window may be gone between the two questions.
            let attributes = self.connection.get_window_attributes(window)?.reply();
            if attributes.is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE) {
                shown.push(window);
            }
        }
        Ok(shown)
    }

    fn atom(&self, name: &str) -> Result<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }
}
