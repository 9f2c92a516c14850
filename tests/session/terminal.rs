//! Shells in running containers.

use crate::access::code;
use crate::place::{Place, deployment, registry, rows_until};
use serde_json::json;
use slipway_cluster::{ClusterError, Credential, Session, Shell, ShellEnd, Size};
use slipway_model::cluster::Role;

const SIZE: Size = Size { columns: 100, rows: 30 };

/// What it wrote until a text was among it.
async fn until(shell: &mut Shell, text: &str) -> String {
    let mut seen = String::new();
    while !seen.contains(text) {
        let piece = shell.output.next().await.unwrap_or_else(|| panic!("it ended before {text:?}: {seen:?}"));
        seen.push_str(&String::from_utf8_lossy(&piece));
    }
    seen
}

async fn types(shell: &mut Shell, text: &str) {
    shell.input.write(text.as_bytes()).await.expect("somebody reads it");
}

#[tokio::test]
async fn a_shell_is_typed_into_resized_and_ended() {
    let place = Place::new("shell").await;
    place.apply(slipway_cluster::Kind::Deployment, &deployment(&place.admin.server, "api", "v1", 1, "r1")).await;
    let mut pods = place.session.pods("slipway.dev/app=api");
    let rows = rows_until(&mut pods, "a pod ready", |rows, _| rows.iter().any(|pod| pod.ready)).await;
    let pod = rows[0].name.clone();

    let mut shell = place.session.shell(&pod, "app", SIZE).await.expect("a shell");
    // What is computed is no echo of what was typed.
    types(&mut shell, "echo $((6*7))-$TERM; stty size\n").await;
    let seen = until(&mut shell, "30 100").await;
    assert!(seen.contains("42-xterm-256color"), "{seen}");
    shell.input.resize(Size { columns: 61, rows: 17 }).await.expect("it is open");
    types(&mut shell, "until [ \"$(stty size)\" = '17 61' ]; do :; done; echo as-$((8+9))\n").await;
    until(&mut shell, "as-17").await;
    types(&mut shell, "printf '部署 %s\\n' ok\n").await;
    until(&mut shell, "部署 ok").await;
    // Ctrl-C ends what runs, and not the shell. What runs says so itself: then it has the keys.
    types(&mut shell, "sh -c 'echo begun-$((1+0)); exec sleep 600'\n").await;
    until(&mut shell, "begun-1").await;
    types(&mut shell, "\u{3}").await;
    // A prompt throws away what was typed before it.
    until(&mut shell, "# ").await;
    types(&mut shell, "echo on-$((1+1))\n").await;
    until(&mut shell, "on-2").await;
    // All of a large output comes, in order.
    types(&mut shell, "stty -onlcr; awk 'BEGIN { for (n = 1; n <= 200000; n++) print n }'; echo all-$((3+3))\n").await;
    let seen = until(&mut shell, "all-6").await;
    let numbers: Vec<u32> = seen.lines().filter_map(|line| line.trim().parse().ok()).collect();
    assert!(numbers.iter().copied().eq(1..=200_000), "{} numbers of 200,000", numbers.len());
    types(&mut shell, "exit 3\n").await;
    while shell.output.next().await.is_some() {}
    assert_eq!(shell.output.end().await.expect("an end"), ShellEnd::Exited(3));

    // A pod that goes takes its shell along.
    let mut shell = place.session.shell(&pod, "app", SIZE).await.expect("a shell");
    types(&mut shell, "echo in-$((2+2))\n").await;
    until(&mut shell, "in-4").await;
    place.admin.delete(slipway_cluster::Kind::Pod, &pod).await.expect("deleted");
    while shell.output.next().await.is_some() {}
    let end = shell.output.end().await;
    assert!(!matches!(end, Ok(ShellEnd::Exited(0) | ShellEnd::NoShell)), "{end:?}");

    let error = place.session.shell("none", "app", SIZE).await.expect_err("no such pod");
    assert!(matches!(error, ClusterError::NotFound { .. }), "{error:?}");
    let viewer = Session::start("viewer".into(), Credential::Code(code(&place, Role::Viewer, "vic").await));
    let error = viewer.shell(&pod, "app", SIZE).await.expect_err("may not");
    assert!(matches!(&error, ClusterError::Forbidden { resource, .. } if resource == "pods/exec"), "{error:?}");
    place.done().await;
}

#[tokio::test]
async fn an_image_without_a_shell_is_no_error_of_the_cluster() {
    let place = Place::new("no-shell").await;
    let mut bare = deployment(&place.admin.server, "api", "v1", 1, "r1");
    let pod = &mut bare["spec"]["template"]["spec"];
    pod["volumes"] = json!([{ "name": "nothing", "emptyDir": {} }]);
    pod["containers"][0]["volumeMounts"] = json!([{ "name": "nothing", "mountPath": "/bin" }]);
    place.apply(slipway_cluster::Kind::Deployment, &bare).await;
    let mut pods = place.session.pods("slipway.dev/app=api");
    let rows = rows_until(&mut pods, "a pod ready", |rows, _| rows.iter().any(|pod| pod.ready)).await;
    let mut shell = place.session.shell(&rows[0].name, "app", SIZE).await.expect("asked");
    while shell.output.next().await.is_some() {}
    assert_eq!(shell.output.end().await.expect("an end"), ShellEnd::NoShell);

    // A container with tools sees what it runs beside.
    let pod = &rows[0].name;
    let image = format!("{}/demo/checkout-api:v1", registry(&place.admin.server));
    let name = place.session.debug_container(pod, "app", &image).await.expect("added");
    let mut shell = place.session.shell(pod, &name, SIZE).await.expect("a shell");
    types(&mut shell, "ps | grep -q /app/[s]erver && echo beside-$((1+1))\n").await;
    until(&mut shell, "beside-2").await;
    let missing = format!("{}/demo/none:v1", registry(&place.admin.server));
    let error = place.session.debug_container(pod, "app", &missing).await.expect_err("no such image");
    assert!(matches!(&error, ClusterError::Other { message, .. } if message.contains("ErrImagePull")), "{error:?}");
    place.done().await;
}
