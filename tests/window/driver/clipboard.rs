//! The clipboard of a display: a text that some other program has copied.

use anyhow::{Context, Result};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt, CreateWindowAux, EventMask, PropMode, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent,
    SelectionRequestEvent, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// Offers a text to whoever pastes, until somebody else copies or the display ends.
pub(super) fn offer(display: &str, text: String) -> Result<()> {
    let (connection, screen) = x11rb::connect(Some(display)).with_context(|| format!("open display {display}"))?;
    let owner = connection.generate_id()?;
    let root = connection.setup().roots[screen].root;
    let aux = CreateWindowAux::new();
    connection.create_window(0, owner, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, x11rb::COPY_FROM_PARENT, &aux)?;
    let atom = |name: &str| -> Result<u32> { Ok(connection.intern_atom(false, name.as_bytes())?.reply()?.atom) };
    let (clipboard, targets, utf8) = (atom("CLIPBOARD")?, atom("TARGETS")?, atom("UTF8_STRING")?);
    connection.set_selection_owner(owner, clipboard, x11rb::CURRENT_TIME)?.check()?;
    std::thread::spawn(move || {
        // The display may end at any time, and this with it.
        while let Ok(event) = connection.wait_for_event() {
            let over = match event {
                Event::SelectionRequest(asked) => answer(&connection, &asked, targets, utf8, text.as_bytes()).is_err(),
                Event::SelectionClear(_) => true,
                _ => false,
            };
            if over {
                return;
            }
        }
    });
    Ok(())
}

/// Puts what was asked for where it was asked for, and says so; no property means that there is no such form.
pub(super) fn answer(
    connection: &RustConnection,
    asked: &SelectionRequestEvent,
    targets: u32,
    form: u32,
    bytes: &[u8],
) -> Result<()> {
    let mut property = asked.property;
    if asked.target == targets {
        let forms = [targets, form];
        connection.change_property32(PropMode::REPLACE, asked.requestor, property, AtomEnum::ATOM, &forms)?;
    } else if asked.target == form {
        connection.change_property8(PropMode::REPLACE, asked.requestor, property, form, bytes)?;
    } else {
        property = x11rb::NONE;
    }
    let done = SelectionNotifyEvent {
        response_type: SELECTION_NOTIFY_EVENT,
        sequence: 0,
        time: asked.time,
        requestor: asked.requestor,
        selection: asked.selection,
        target: asked.target,
        property,
    };
    connection.send_event(false, asked.requestor, EventMask::NO_EVENT, done)?;
    Ok(connection.flush()?)
}
