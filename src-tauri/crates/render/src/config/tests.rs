use super::*;
use proptest::prelude::*;
use secrecy::SecretString;
use slipway_model::app::{App, AppDraft};
use slipway_model::config::ConfigValue;
use slipway_model::group::{Group, GroupDraft, first_draft};
use slipway_model::id::SecretId;
use slipway_model::image::ImageRef;

struct Nouns {
    app: App,
    group: Group,
    image: ImageRef,
    config: Config,
    secrets: Secrets,
}

impl Nouns {
    fn new(files: Vec<ConfigSource>, values: Vec<ConfigValue>) -> Self {
        let app = AppDraft {
            slug: "api".into(),
            repository: "registry.example.com/api".into(),
            deploy_path: "/export/".into(),
            ..AppDraft::default()
        };
        let app = app.validate("app-uid".into()).expect("app");
        let draft = GroupDraft {
            name: "prod".into(),
            environment: "prod".into(),
            link: "link".into(),
            image: "1".into(),
            ..first_draft()
        };
        let group = draft.validate("group-uid".into(), &app).expect("group");
        let image = group.image.clone().expect("image");
        let config = Config { files, values, variables: Vec::new() };
        Self { app, group, image, config, secrets: Secrets::default() }
    }

    fn know(mut self, id: &str, value: &str) -> Self {
        self.secrets.put(id.into(), SecretString::from(value));
        self
    }

    fn workload(&self) -> Workload<'_> {
        Workload {
            app: &self.app,
            group: &self.group,
            config: &self.config,
            secrets: Some(&self.secrets),
            image: &self.image,
            namespace: "shop",
            name: "api-prod",
            live_count: None,
            balancers: &[],
            hold: None,
        }
    }

    fn objects(&self) -> Vec<ConfigObject> {
        objects(self.workload())
    }

    fn only(&self) -> ConfigObject {
        let mut objects = self.objects();
        assert_eq!(objects.len(), 1, "{objects:?}");
        objects.remove(0)
    }
}

fn file(path: &str, text: &str) -> ConfigSource {
    ConfigSource::new(path, Content::Text(text.to_owned()))
}

fn value(key: &str, value: KeyValue) -> ConfigValue {
    let sensitive = matches!(value, KeyValue::Sealed(_));
    ConfigValue { key: key.to_owned(), sensitive, value: Some(value), default: None }
}

fn plain(key: &str, text: &str) -> ConfigValue {
    value(key, KeyValue::Plain(text.to_owned()))
}

fn sealed(key: &str, id: &str) -> ConfigValue {
    value(key, KeyValue::Sealed(SecretId::from(id)))
}

#[test]
fn a_file_is_mounted_where_it_says() {
    let nouns = Nouns::new(vec![file("conf/App 配置.yml", "a: {{x}}\r\n"), file("/etc/b", "b")], vec![plain("x", "1")]);
    let rendered = crate::render(nouns.workload(), "r1");
    let pod = &rendered.deployment["spec"]["template"]["spec"];
    let mounts = pod["containers"][0]["volumeMounts"].as_array().expect("mounts");
    let paths: Vec<_> = mounts.iter().map(|mount| mount["mountPath"].as_str().expect("a path")).collect();
    assert_eq!(paths, ["/etc/b", "/export/conf/App 配置.yml"]);
    for (mount, (volume, object)) in
        mounts.iter().zip(pod["volumes"].as_array().expect("volumes").iter().zip(&rendered.objects))
    {
        assert_eq!(mount["name"], volume["name"]);
        assert_eq!(volume["configMap"]["name"], object.name.as_str());
        assert_eq!(mount["subPath"], FILE_KEY);
    }
    let object = rendered.objects[1].body.as_ref().expect("nothing is sensitive");
    assert_eq!(object["data"][FILE_KEY], "a: 1\r\n");
    assert_eq!((&object["kind"], &object["immutable"]), (&json!("ConfigMap"), &json!(true)));
    assert!(rendered.objects[1].name.starts_with("api-prod-app-yml-"), "{}", rendered.objects[1].name);
}

#[test]
fn names_follow_path_kind_and_bytes() {
    let name = |files, values| Nouns::new(files, values).only().name;
    let first = name(vec![file("a", "x: {{x}}")], vec![plain("x", "1")]);
    assert_eq!(first, name(vec![file("a", "x: {{x}}")], vec![plain("x", "1")]));
    // Another source that gives the same bytes is the same object.
    assert_eq!(first, name(vec![file("a", "x: 1")], vec![]));
    assert_ne!(first, name(vec![file("a", "x: {{x}}")], vec![plain("x", "2")]));
    assert_ne!(first, name(vec![file("c/a", "x: 1")], vec![]));
    assert_ne!(
        name(vec![ConfigSource::new("a", Content::Text("AAAA".into()))], vec![]),
        name(vec![ConfigSource::new("a", Content::Binary("AAAA".into()))], vec![])
    );
}

#[test]
fn binary_files_stay_what_they_are() {
    let object = Nouns::new(vec![ConfigSource::new("a.jks", Content::Binary("AAECew==".into()))], vec![]).only();
    let body = object.body.expect("nothing is sensitive");
    assert_eq!(body["binaryData"][FILE_KEY], "AAECew==");
    assert!(body.get("data").is_none());
}

#[test]
fn one_sensitive_value_makes_the_file_a_secret_that_others_name_alike() {
    let of = |id: &str, text: &str| {
        Nouns::new(vec![file("a", text)], vec![sealed("password", id), plain("x", "1")]).know(id, "hunter2")
    };
    let nouns = of("id-1", "{{x}} {{password}}");
    let object = nouns.only();
    assert_eq!(object.kind, ObjectKind::Secret);
    let body = object.body.as_ref().expect("known");
    assert_eq!(body["data"][FILE_KEY], STANDARD.encode("1 hunter2"));
    // Nothing that may be shown or logged has it, nor its base64.
    for text in [format!("{object:?}"), object.shown().to_string(), format!("{:?}", nouns.secrets)] {
        assert!(!text.contains("hunter2") && !text.contains(&STANDARD.encode("1 hunter2")), "{text}");
    }
    let elsewhere = Nouns { secrets: Secrets::default(), ..of("id-1", "{{x}} {{password}}") };
    let unknown = elsewhere.only();
    assert_eq!(unknown.name, object.name);
    assert_eq!((unknown.body, unknown.missing), (None, vec!["password".to_owned()]));
    // A new version of the value is a new object, also where the value is the same: a name tells nothing about it.
    assert_ne!(of("id-2", "{{x}} {{password}}").only().name, object.name);
    assert_ne!(of("id-1", "{{password}}").only().name, object.name);
}

#[test]
fn a_sensitive_file_is_named_alike_by_who_cannot_read_it() {
    let sealed_file =
        ConfigSource { keys: vec!["x".to_owned()], ..ConfigSource::new("a", Content::Sealed("file-1".into())) };
    let nouns = Nouns::new(vec![sealed_file.clone()], vec![plain("x", "1")]).know("file-1", "key {{x}}");
    let object = nouns.only();
    assert_eq!(object.body.as_ref().expect("known")["data"][FILE_KEY], STANDARD.encode("key 1"));
    let unknown = Nouns::new(vec![sealed_file], vec![plain("x", "1")]).only();
    assert_eq!(unknown.name, object.name);
    assert_eq!((unknown.body, unknown.missing), (None, vec!["a".to_owned()]));
}

#[test]
fn variables_go_over_those_of_the_app_and_are_apart_where_sensitive() {
    let mut nouns =
        Nouns::new(vec![], vec![plain("heap", "256m"), sealed("token", "t")]).know("t", "hunter2").know("k", "key");
    let template = |name: &str, value: &str| Variable { kind: VariableKind::Template, ..Variable::plain(name, value) };
    let key = Variable { kind: VariableKind::Sensitive, secret: Some("k".into()), ..Variable::plain("KEY", "") };
    nouns.config.variables =
        vec![Variable::plain("TZ", "UTC"), template("OPTS", "-Xmx{{heap}}"), template("AUTH", "Bearer {{token}}")];
    nouns.group.variables = vec![Variable::plain("TZ", "Asia/Shanghai"), key];
    let rendered = crate::render(nouns.workload(), "r1");
    let [plain, secret] = rendered.objects.as_slice() else { panic!("{:?}", rendered.objects) };
    let data = &plain.body.as_ref().expect("plain")["data"];
    assert_eq!(data, &json!({ "TZ": "Asia/Shanghai", "OPTS": "-Xmx256m" }));
    let data = &secret.body.as_ref().expect("known")["data"];
    assert_eq!(data, &json!({ "AUTH": STANDARD.encode("Bearer hunter2"), "KEY": STANDARD.encode("key") }));
    let sources = &rendered.deployment["spec"]["template"]["spec"]["containers"][0]["envFrom"];
    assert_eq!(sources[0]["configMapRef"]["name"], plain.name.as_str());
    assert_eq!(sources[1]["secretRef"]["name"], secret.name.as_str());
    nouns.secrets = Secrets::default();
    let unknown = nouns.objects().remove(1);
    assert_eq!(unknown.name, secret.name);
    assert_eq!(unknown.missing, ["token", "KEY"]);
}

#[test]
fn what_keeps_it_from_a_release_is_named() {
    let nouns = Nouns::new(
        vec![
            file("a", "one\n{{missing}}"),
            file("/export/a", ""),
            file("b", "{{unclosed"),
            file("../c", ""),
            file("d", "{{known|}}{{default}}"),
            ConfigSource { literal: true, ..file("e", "{{ .Values.x }}") },
            file("f", &"{{long}}".repeat(100)),
        ],
        vec![
            ConfigValue { default: Some(KeyValue::Plain(String::new())), value: None, ..plain("default", "") },
            plain("long", &"x".repeat(32 * 1024)),
        ],
    );
    let told: Vec<_> = problems(nouns.workload())
        .into_iter()
        .map(|problem| {
            let what = match problem.what {
                ProblemKind::Path(refusal) => format!("{:?}", refusal.code),
                ProblemKind::Template(error) => format!("{:?} {}:{}", error.code, error.line, error.column),
                ProblemKind::Unset(unset) => format!("unset {} {}", unset.key, unset.line),
                ProblemKind::TooLarge(size) => format!("too large {size}"),
                ProblemKind::VariablesTooLarge(size) => format!("too large together {size}"),
            };
            format!("{} {what}", problem.at)
        })
        .collect();
    assert_eq!(
        told,
        [
            "a unset missing 2",
            "/export/a PathTaken",
            "b Unclosed 1:1",
            "../c NotAFilePath",
            &format!("f too large {}", 100 * 32 * 1024),
        ]
    );
}

#[test]
fn what_is_only_unknown_here_is_no_problem() {
    let nouns = Nouns::new(vec![file("a", "{{password}}")], vec![sealed("password", "id")]);
    assert_eq!(problems(nouns.workload()), []);
}

proptest! {
    #[test]
    fn rendering_is_deterministic_and_every_name_is_valid(
        path in "/[a-zA-Z0-9._ 支-]{1,40}", text in "([a-z\n]|\\{\\{[ab]\\}\\}){0,8}", a in "\\PC{0,4}", b in "\\PC{0,4}",
    ) {
        prop_assume!(resolve("", &path).is_ok());
        let made = || Nouns::new(vec![file(&path, &text)], vec![plain("a", &a), plain("b", &b)]).only();
        prop_assert_eq!(made(), made());
        let object = made();
        prop_assert!(object.name.len() <= 63 && slipway_model::name::Slug::parse(&object.name).is_ok(), "{}", object.name);
    }
}

#[test]
fn a_diff_shows_that_a_sensitive_value_changed_and_not_what_it_is() {
    let sealed = |id: &str| ConfigValue {
        key: "password".into(),
        sensitive: true,
        value: Some(KeyValue::Sealed(id.into())),
        default: None,
    };
    let of = |id: &str| {
        let nouns = Nouns::new(vec![file("a.yaml", "user: app\npassword: {{password}}\n")], vec![sealed(id)]);
        nouns.know(id, "hunter2")
    };
    let (before, same, after) = (of("aaaa-1"), of("aaaa-1"), of("bbbb-2"));
    let path = "/export/a.yaml";
    let dots = effective::MASK;
    let masked = |one: &Nouns, other: &Nouns| masked(one.workload(), Some(other.workload()), path);
    assert_eq!(masked(&before, &same), Some(format!("user: app\npassword: {dots}\n")));
    assert_eq!(masked(&before, &after), Some(format!("user: app\npassword: {dots} aaaa\n")));
    assert_eq!(masked(&after, &before), Some(format!("user: app\npassword: {dots} bbbb\n")));
    assert_eq!(super::masked(before.workload(), None, "/export/b.yaml"), None, "no such file");
    let mut whole = of("aaaa-1");
    whole.config.files[0].sensitive = true;
    assert_eq!(masked(&whole, &before), None, "sensitive as a whole");
}
