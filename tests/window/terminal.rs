//! A shell in the dock: typed into, in Chinese too, resized, ended and begun anew.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Desktop, Window, button, eventually, heading, role, textbox};

/// What stands on the screen, line by line.
const SCREEN: &str =
    "return [...document.querySelectorAll('.xterm-rows > div')].map((row) => row.textContent).join('\\n');";

/// What WebKitGTK tells the page when an input method (recorded: ibus with libpinyin) writes a word: it shows by itself what
/// is composed, so no beginning is told.
const COMPOSED: &str = "
    const field = document.activeElement;
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Unidentified', keyCode: 229, bubbles: true }));
    field.value += data;
    field.dispatchEvent(new InputEvent('input', { data, inputType: 'insertFromComposition', bubbles: true }));
    field.dispatchEvent(new CompositionEvent('compositionend', { data, bubbles: true }));
";

pub(crate) async fn shows(window: &Window, text: &str) -> Result<()> {
    eventually(format!("the screen to show {text:?}"), async || {
        let screen = window.evaluate(SCREEN).await?;
        // A screen wraps where it ends, in the middle of a word too.
        Ok(screen.as_str().unwrap_or_default().replace('\u{a0}', " ").contains(text).then_some(()))
    })
    .await
}

pub(crate) async fn run(window: &Window, command: &str) -> Result<()> {
    window.type_text(command).await?;
    window.press("Enter").await
}

async fn pod(ground: &Ground) -> Result<Value> {
    eventually("a pod that is ready", async || {
        let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/group=prod").await?;
        let ready = |pod: &Value| {
            pod["metadata"]["deletionTimestamp"].is_null() && pod["status"]["containerStatuses"][0]["ready"] == true
        };
        Ok(pods.into_iter().find(ready))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_outlives_pages_and_its_screen_outlives_the_shell() -> Result<()> {
    let ground = Ground::new("window-shell", |draft| draft.count = "1".into()).await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    let pod = pod(&ground).await?;
    let name = pod["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let uid = pod["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}?open={uid}", ground.app, ground.group)).await?;
    window.click(&button("Terminal")).await?;
    let input = textbox(&format!("Terminal of {name}"));
    window.find(&input).await?;
    eventually("the shell to have the keyboard", async || Ok(window.has_focus(&input).await?.then_some(()))).await?;

    // What is computed is no echo of what was typed.
    run(&window, "echo $((6*7))-all").await?;
    shows(&window, "42-all").await?;
    run(&window, "echo 部署完成 | sed s/完成/已好/").await?;
    shows(&window, "部署已好").await?;
    window.type_text("echo [").await?;
    for (word, line) in [("部署", "[部署"), ("完成", "[部署完成")] {
        window.evaluate(&format!("const data = '{word}';\n{COMPOSED}")).await?;
        shows(&window, line).await?;
    }
    run(&window, "]").await?;
    shows(&window, "[部署完成]").await?;
    run(&window, "printf '\\033]0;title\\007\\033[31mred\\033[0m-%s\\n' $((1+1))").await?;
    shows(&window, "red-2").await?;

    // The shell knows the size of the screen, also after the dock was made larger.
    run(&window, "stty size > /tmp/size; echo noted-$((1+2))").await?;
    shows(&window, "noted-3").await?;
    window.click(&button("Full screen")).await?;
    window.click(&input).await?;
    run(&window, "until [ \"$(stty size)\" != \"$(cat /tmp/size)\" ]; do :; done; echo larger-$((2+2))").await?;
    shows(&window, "larger-4").await?;
    window.click(&button("Leave full screen")).await?;

    // Ctrl-C is the shell's, and so are keys that mean something on every page.
    window.click(&input).await?;
    run(&window, "echo begun-$((1+0)); sleep 600").await?;
    shows(&window, "begun-1").await?;
    window.press("Control+c").await?;
    shows(&window, "^C").await?;
    run(&window, "echo on-$((2+3))").await?;
    shows(&window, "on-5").await?;
    window.type_text("echo gone").await?;
    window.press("Control+a").await?;
    window.press("Control+k").await?;
    run(&window, "echo kept-$((3+3))").await?;
    shows(&window, "kept-6").await?;

    // What stands on the screen is found; what does not is said.
    window.press("Control+Shift+F").await?;
    let find = textbox("Find on the screen");
    eventually("the field to have the keyboard", async || Ok(window.has_focus(&find).await?.then_some(()))).await?;
    window.type_text("red-2").await?;
    window.press("Enter").await?;
    eventually("it to be marked", async || {
        let marked =
            window.evaluate("return document.querySelector('.xterm-selection')?.childElementCount ?? 0;").await?;
        Ok((marked.as_u64() > Some(0)).then_some(()))
    })
    .await?;
    window.type_text("-never").await?;
    window.press("Enter").await?;
    window.sees("“red-2-never” is nowhere on the screen").await?;
    window.press("Escape").await?;
    eventually("the shell to have the keyboard", async || Ok(window.has_focus(&input).await?.then_some(()))).await?;
    // The notice that still stands there does not take the key.
    window.press("Shift+F6").await?;
    let tab = By::containing("tab", "Terminal");
    eventually("its tab to have the keyboard", async || Ok(window.has_focus(&tab).await?.then_some(()))).await?;

    // It lives while another page is in front.
    window.go("/settings").await?;
    window.find(&heading("Settings")).await?;
    window.click(&input).await?;
    run(&window, "head -c 20000000 /dev/zero | tr '\\0' x; echo; echo through-$((3+4))").await?;
    shows(&window, "through-7").await?;

    // Several lines are pasted only when the person says so.
    let paste = json!("echo one-$((4+4))\necho two-$((4+5))\n");
    window
        .evaluate(&format!(
            "const data = new DataTransfer(); data.setData('text', {paste});
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }}));"
        ))
        .await?;
    let dialog = role("dialog", "Paste 2 lines into the shell?");
    window.click(&button("Paste").within(dialog)).await?;
    shows(&window, "two-9").await?;

    run(&window, "exit").await?;
    window.sees("The shell has ended.").await?;
    shows(&window, "two-9").await?;
    window.click(&button("Reconnect")).await?;
    eventually("the new shell to have the keyboard", async || Ok(window.has_focus(&input).await?.then_some(())))
        .await?;
    run(&window, "echo again-$((5+5))").await?;
    shows(&window, "again-10").await?;

    // The pod goes, and what the shell showed stays.
    ground.owner.connection.delete(Kind::Pod, &name).await?;
    window.find(&button("Reconnect")).await?;
    shows(&window, "again-10").await?;
    window.quit().await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_without_a_shell_gets_one_beside_it() -> Result<()> {
    let ground = Ground::new("window-debug", |draft| draft.count = "1".into()).await?;
    ground.release("noshell").await?;
    ground.engine.close().await;
    let pod = pod(&ground).await?;
    let name = pod["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let uid = pod["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
    let image = pod["spec"]["containers"][0]["image"].as_str().unwrap_or_default().to_owned();
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}?open={uid}", ground.app, ground.group)).await?;
    window.click(&button("Terminal")).await?;
    window.click(&button("Debug container…")).await?;
    let dialog = By::containing("dialog", "Add a debug container beside");
    // The image itself has no shell: its sister has.
    let (repository, _) = image.split_once(":noshell").unwrap_or((&image, ""));
    window.fill(&textbox("Image").within(dialog.clone()), &format!("{repository}:v1")).await?;
    window.click(&button("Add and open").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    let input = textbox(&format!("Terminal of {name}"));
    eventually("the shell to have the keyboard", async || Ok(window.has_focus(&input).await?.then_some(()))).await?;
    run(&window, "ps | grep -c '/app/[s]erver'; echo beside-$((1+1))").await?;
    shows(&window, "beside-2").await?;
    window.quit().await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_on_the_screen_opens_in_the_browser_and_what_was_copied_is_pasted() -> Result<()> {
    let ground = Ground::new("window-link", |draft| draft.count = "1".into()).await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    let pod = pod(&ground).await?;
    let name = pod["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let uid = pod["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
    let desktop = Desktop::start().await?;
    let opener = desktop.opener()?;
    let window = desktop.open(&ground.data_dir(), &[("PATH", opener.path())]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}?open={uid}", ground.app, ground.group)).await?;
    window.click(&button("Terminal")).await?;
    let input = textbox(&format!("Terminal of {name}"));
    eventually("the shell to have the keyboard", async || Ok(window.has_focus(&input).await?.then_some(()))).await?;

    run(&window, "clear; echo http://127.0.0.1:$((40+2))/of/the/pod").await?;
    let link = "http://127.0.0.1:42/of/the/pod";
    shows(&window, link).await?;
    let place = format!(
        "const row = [...document.querySelectorAll('.xterm-rows > div')].find((row) => row.textContent.startsWith({link:?}));
        const box = row.firstElementChild.getBoundingClientRect();
        return [box.left + 30, box.top + box.height / 2];"
    );
    eventually("the pointer to find a link", async || {
        let place: (f64, f64) = serde_json::from_value(window.evaluate(&place).await?)?;
        window.point_at(place, false).await?;
        let found = window.evaluate("return document.querySelector('.xterm-cursor-pointer') !== null;").await?;
        ensure!(found == true, "there is none at {place:?}");
        window.point_at(place, true).await?;
        Ok(Some(()))
    })
    .await?;
    ensure!(opener.number(0).await? == link);

    window.click(&input).await?;
    desktop.copy("echo pasted-$((1+1))")?;
    window.press("Control+Shift+V").await?;
    window.press("Enter").await?;
    shows(&window, "pasted-2").await?;
    window.quit().await?;
    ground.close().await
}
