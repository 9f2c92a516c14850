// Generated from the contract in Rust. Do not edit: `cargo xtask wire` writes it anew.

export type About = { version: string, data_dir: string, keyring: KeyringState, 
/**
 * A corrupt database was set aside under this name when Slipway started.
 */
set_aside: string | null, 
/**
 * Name of this computer as it stands in records.
 */
device: string, };

/**
 * What became of adopted fields.
 */
export type Adopted = { 
/**
 * Some are in the patch, because the form has no field for them.
 */
patched: boolean, };

/**
 * What stays that of the Deployment which became a group: others made it, and it cannot be changed.
 */
export type AdoptedFrom = { 
/**
 * Name of the app's container.
 */
container: string, 
/**
 * `spec.selector`, as it is.
 */
selector: unknown, };

export type AmountsDraft = { request: string, limit: string, };

/**
 * `code` and `params` are translated by the window; `detail` is English, for copying; a hint is something a person can do.
 */
export type ApiError = { code: Code, params: { [key in string]: string }, 
/**
 * What was being done and what it met. English, never a secret.
 */
detail: string, hints: Array<Hint>, retryable: boolean, 
/**
 * For `invalid`: the fields.
 */
fields: Array<FieldError>, };

export type App = { id: AppId, slug: Slug, title: string, 
/**
 * Image repository with its registry host; empty until the person knows it.
 */
repository: string, 
/**
 * Folder in the container that relative paths of config files are joined to. Begins and ends with `/`; may be empty.
 */
deploy_path: string, };

export type AppCheck = { 
/**
 * The app being changed; `None` while it is being created.
 */
id: AppId | null, draft: AppDraft, };

/**
 * An app as typed.
 */
export type AppDraft = { slug: string, title: string, repository: string, deploy_path: string, };

/**
 * Stands in every record and object of an app, and in the immutable selectors of its workloads.
 */
export type AppId = string;

/**
 * What the last releases of an app's groups say about it, worst first.
 */
export type AppMark = "stopped" | "moving" | "resting" | "ok" | "idle";

/**
 * Changes that wait, of all groups of an app.
 */
export type AppPending = { 
/**
 * Only groups that have any.
 */
groups: Array<GroupPending>, 
/**
 * They are being counted: what stands here is of before.
 */
counting: boolean, };

/**
 * An app in the sidebar.
 */
export type AppRow = { id: AppId, slug: string, title: string, groups: number, pinned: boolean, mark: AppMark, };

export type AppUpdate = { id: AppId, draft: AppDraft, };

/**
 * Variables that every group of an app inherits.
 */
export type AppVariables = { variables: Array<Variable>, 
/**
 * `variables.N.name`, `variables.N.value`
 */
errors: Array<FieldError>, };

export type AppVariablesSet = { app: AppId, variables: Array<Variable>, };

export type ArtifactFilter = { "kind": "all" } | { "kind": "used" } | { "kind": "tags", tags: Array<string>, };

/**
 * Tags that somebody sees.
 */
export type ArtifactLook = { app: AppId, 
/**
 * At most 60.
 */
tags: Array<string>, };

/**
 * A part of the list, and what is known of the whole.
 */
export type ArtifactPage = { 
/**
 * Of the app, as images name it; empty where it has none.
 */
repository: string, 
/**
 * Of the registry.
 */
host: string, rows: Array<ArtifactRow>, 
/**
 * How many there are with this filter.
 */
matching: number, 
/**
 * In the registry, when the list was read.
 */
total: number, 
/**
 * Tags that releases used, also those that are gone.
 */
used: number, 
/**
 * Of how many it is known when they were built.
 */
looked: number, 
/**
 * When the list was read; `None` before the first time.
 */
read: string | null, 
/**
 * The registry has more than are listed.
 */
more: boolean, };

/**
 * Which part of the list is looked at.
 */
export type ArtifactQuery = { app: AppId, 
/**
 * Part of a tag or digest; empty for all.
 */
text: string, sort: ArtifactSort, only: ArtifactFilter, offset: number, 
/**
 * At most 200.
 */
limit: number, };

export type ArtifactRef = { app: AppId, tag: string, };

export type ArtifactRelease = { release: ReleaseRow, 
/**
 * What the tag led to then, where it was known.
 */
digest: string | null, };

export type ArtifactRow = { tag: string, 
/**
 * A release used it, and the registry has it no longer.
 */
gone: boolean, 
/**
 * What it led to when it was looked at.
 */
digest: string | null, 
/**
 * When that was.
 */
looked: string | null, 
/**
 * What that stands for.
 */
image: ImageFacts | null, 
/**
 * How many releases used it.
 */
releases: number, };

export type ArtifactSort = "version" | "time";

/**
 * One tag with its releases.
 */
export type ArtifactView = { row: ArtifactRow, 
/**
 * The last ones, newest first.
 */
releases: Array<ArtifactRelease>, };

/**
 * Who did something, from where.
 */
export type Author = { 
/**
 * Authenticated name in the cluster.
 */
identity: string, 
/**
 * Self-chosen, not proven.
 */
display: string, device: string, };

/**
 * A field from how it is now to how it was.
 */
export type BackChange = { change: FieldChange, 
/**
 * It is the value of a key, and `change.field` that key.
 */
key: boolean, 
/**
 * The release that changed it last; `None` where that is further back than was looked.
 */
last: ChangedBy | null, };

/**
 * What goes back.
 */
export type BackScope = "image" | "configuration" | "balancers";

export type BalancerApply = { id: BalancerId, 
/**
 * Over fields of other managers, and over what another computer applied since.
 */
take_over: boolean, };

/**
 * What came of one cluster of a load balancer.
 */
export type BalancerAttempt = { link: LinkId, 
/**
 * Name of the link; empty when it is linked no more.
 */
cluster: string, 
/**
 * Why it waits, or what the cluster refused.
 */
error: ApiError | null, };

export type BalancerCheck = { app: AppId, 
/**
 * The load balancer being changed; `None` while it is being created.
 */
id: BalancerId | null, draft: BalancerDraft, };

export type BalancerCreate = { app: AppId, draft: BalancerDraft, };

/**
 * A load balancer as typed: may be wrong, is stored, survives a quit.
 */
export type BalancerDraft = { name: string, kind: BalancerKind, ports: Array<BalancerPortDraft>, groups: Array<GroupId>, };

export type BalancerGroup = { id: GroupId, name: string, environment: EnvironmentId, link: LinkId, };

/**
 * Stands in the annotations of a load balancer's Services.
 */
export type BalancerId = string;

/**
 * Who can reach it. The words of Kubernetes' `spec.type`.
 */
export type BalancerKind = "LoadBalancer" | "NodePort" | "ClusterIP";

/**
 * Pods whose label was changed at once.
 */
export type BalancerLabelled = { added: number, removed: number, };

/**
 * A row of the feed `balancers`.
 */
export type BalancerLive = { id: BalancerId, 
/**
 * One for each cluster where it has, or is to have, a Service.
 */
places: Array<PlaceLive>, };

export type BalancerNew = { app: AppId, 
/**
 * Chosen already.
 */
groups: Array<GroupId>, };

export type BalancerPlace = { link: LinkId, 
/**
 * `None`: linked no more.
 */
link_name: string | null, namespace: string | null, state: PlaceState, 
/**
 * Selects by a label of its own, which pods carry from their next release on.
 */
labelled: boolean, applied: string | null, };

export type BalancerPort = { 
/**
 * May be empty where it is the only port.
 */
name: string, 
/**
 * 1…65535
 */
port: number, target: Target, 
/**
 * `None`: the cluster chooses one where the type has them.
 */
node_port: number | null, protocol: Protocol, };

export type BalancerPortDraft = { name: string, port: string, 
/**
 * A number or a name; empty means the same number as `port`.
 */
target: string, 
/**
 * Empty: the cluster chooses.
 */
node_port: string, protocol: Protocol, };

export type BalancerRow = { id: BalancerId, app: AppId, draft: BalancerDraft, saved: string, 
/**
 * Those that are known here, in the order in which they were chosen.
 */
groups: Array<BalancerGroup>, 
/**
 * Groups of the definition that are not known on this computer.
 */
unknown_groups: number, 
/**
 * One for each cluster where it has, or is to have, a Service.
 */
places: Array<BalancerPlace>, };

/**
 * Kept on this computer; the attempts say where it stands in a cluster by now.
 */
export type BalancerSaved = { id: BalancerId, attempts: Array<BalancerAttempt>, };

export type BalancerSince = { name: string, what: SinceThen, };

export type BalancerUpdate = { id: BalancerId, draft: BalancerDraft, };

/**
 * One batch, for the count that the group has or will have.
 */
export type BatchView = { pods: number, 
/**
 * What follows it; `None` after the last.
 */
pace: Pace | null, };

export type BeforeStartDraft = { kind: BeforeStartKind, command: CommandDraft, url: string, 
/**
 * Empty: the image that Slipway proposes.
 */
image: string, seconds: string, };

export type BeforeStartKind = "none" | "command" | "wait";

/**
 * A way back that a quota lets no pod come on top for: it goes on with a pod less, once somebody agrees, and with one
 * more if others take the room of that.
 */
export type Below = { "kind": "asked", message: string, } | { "kind": "allowed", 
/**
 * The cluster refuses a pod all the same, in these words. It goes on once there is room.
 */
message: string | null, 
/**
 * So many pods may be missing.
 */
less: number, };

/**
 * What a pod asks for and may take at most.
 */
export type Bounds = { cpu_request: number | null, cpu_limit: number | null, memory_request: number | null, memory_limit: number | null, };

/**
 * A Deployment that no Slipway made.
 */
export type Candidate = { name: string, 
/**
 * Name and image of each container, in their order.
 */
containers: Array<CandidateContainer>, count: number, ready: number, 
/**
 * Who wrote its definition first, and last.
 */
made_by: string, made: string | null, changed_by: string, changed: string | null, };

export type CandidateContainer = { name: string, image: string, };

export type CarState = "waiting" | "skipped" | "begun";

/**
 * A group of a train.
 */
export type CarView = { group: GroupId, name: string, environment: Environment, 
/**
 * Name of its link; `None` where the group or its cluster is not known on this computer.
 */
cluster: string | null, state: CarState, 
/**
 * Its release in this train.
 */
release: ReleaseRow | null, 
/**
 * What ran before it, or runs now.
 */
version: string | null, 
/**
 * What lies between the end of the one before it and its beginning; `None` before the first.
 */
soak: Soak | null, 
/**
 * The train can go on without it.
 */
skippable: boolean, };

/**
 * What kept the new version from starting, or the release from going on. One sentence each in the catalogues.
 */
export type Cause = { "kind": "image", pod: string, image: string, reason: string, message: string, } | { "kind": "config", pod: string, container: string, message: string, } | { "kind": "crash", pod: string, container: string, code: number, restarts: number, } | { "kind": "out_of_memory", pod: string, container: string, limit: string | null, restarts: number, } | { "kind": "probe", pod: string, container: string, probe: ProbeKind, message: string, } | { "kind": "unschedulable", pod: string, message: string, } | { "kind": "quota", message: string, } | { "kind": "admission", message: string, } | { "kind": "node_lost", pod: string, node: string, } | { "kind": "deadline", seconds: number, } | { "kind": "foreign", manager: string, what: ForeignChange, } | { "kind": "gone", what: string, } | { "kind": "refused", operation: string, message: string, };

/**
 * One pod as the pod cell draws it.
 */
export type Cell = { new: boolean, ready: boolean, health: Health, };

export type CellState = "set" | "default" | "inline" | "none" | "empty";

export type CellValue = { "kind": "plain", text: string, } | { "kind": "sealed", id: SecretId, 
/**
 * Whether this computer has it; else it is set in the cluster only.
 */
known: boolean, };

/**
 * One tag that changed.
 */
export type ChangeRow = { 
/**
 * Number of the change.
 */
id: string, tag: string, };

export type ChangedBy = { seq: number | null, by: string, at: string, };

export type Check = "permissions" | "dry_run" | "ownership" | "alone" | "meanwhile" | "replica_owner" | "deployment" | "quota" | "room" | "budget" | "ports" | "config" | "image" | "platform" | "pull_secret" | "balancers" | "gpu" | "helper";

export type CheckKind = "none" | "http" | "command" | "tcp";

export type CloneRequest = { group: GroupId, name: string, 
/**
 * Id of an environment.
 */
environment: string, 
/**
 * Id of a cluster link.
 */
link: string, };

export type ClusterGroup = { app: string, app_id: AppId, group: string, group_id: GroupId, };

export type ClusterLink = { id: LinkId, 
/**
 * Free text, unique on this computer.
 */
name: string, 
/**
 * `https://host:port` of the API server that answered.
 */
server: string, 
/**
 * SHA-256 of the CA certificate (DER), upper-case hex in pairs with colons; empty when the system's roots are used.
 */
fingerprint: string, namespace: string, 
/**
 * What the link *is*: survives new codes, addresses and certificates.
 */
namespace_uid: string, 
/**
 * Authenticated name (`SelfSubjectReview`).
 */
identity: string, role: Role | null, expires: string | null, source: LinkSource, 
/**
 * Where its Prometheus is, where a person has said so.
 */
prometheus: ServicePlace | null, };

export type ClusterLinkRequest = { 
/**
 * Of the preview.
 */
token: string, name: string, };

/**
 * A row of the feed `clusters`.
 */
export type ClusterLive = { id: LinkId, name: string, session: SessionState, server_version: string | null, };

export type ClusterRename = { id: LinkId, name: string, };

export type ClusterRow = { link: ClusterLink, 
/**
 * Groups that run there, by name, across apps.
 */
groups: Array<ClusterGroup>, };

/**
 * A code exists only where the window says or does something different.
 */
export type Code = "internal" | "invalid" | "not_found" | "taken" | "in_use" | "bad_call" | "kubeconfig_not_yaml" | "kubeconfig_no_contexts" | "kubeconfig_missing" | "kubeconfig_dangling" | "kubeconfig_unsupported" | "certificate_expired" | "exec_not_installed" | "exec_failed" | "exec_timeout" | "oidc_failed" | "code_empty" | "code_unknown" | "code_cut_off" | "code_typo" | "code_newer" | "code_expired" | "unreachable" | "wrong_ca" | "nonsense" | "unauthorized" | "forbidden" | "timeout" | "dismissed" | "link_forgotten" | "unlinked" | "no_shell" | "no_tool" | "remote" | "sign_in" | "namespace_gone" | "conflict" | "changed_elsewhere" | "quota" | "rejected" | "group_gone" | "release_running" | "elsewhere" | "file_moved" | "field_moved" | "merge_moved" | "plan_moved" | "made_sensitive" | "plan_forgotten" | "plan_blocked" | "not_now" | "held" | "budget" | "busy" | "file" | "deleting" | "import_unknown" | "import_broken" | "import_newer" | "import_too_large" | "import_name" | "registry_missing" | "registry_refused" | "registry_limited" | "registry_unreachable" | "registry_plain" | "registry_broken" | "credential_helper" | "docker_config" | "tag_moved" | "not_writable" | "disk_full" | "database_newer" | "database" | "keyring_missing" | "keyring_locked" | "key_lost";

/**
 * How the start command was typed.
 */
export type CommandDraft = { "kind": "image" } | { "kind": "shell", "value": string } | { "kind": "list", "value": Array<string> };

/**
 * By what both sides were found to be the same.
 */
export type Compared = "digest" | "size";

export type ConfigChoose = { 
/**
 * An app's file.
 */
id: FileId, group: GroupId, choice: FileChoice, };

export type ConfigCreate = { app: AppId, 
/**
 * The group's own; else the app's.
 */
group: GroupId | null, path: string, content: FileContent, literal: boolean, sensitive: boolean, };

export type ConfigDiffAsk = { from: VersionRef, to: VersionRef, 
/**
 * All lines of long files, too: somebody opens what is folded.
 */
whole: boolean, };

export type ConfigFileAsk = { id: FileId, 
/**
 * How it looks in this group; else as its owner saved it.
 */
group: GroupId | null, };

export type ConfigImport = { app: AppId, 
/**
 * They become the group's own; else the app's.
 */
group: GroupId | null, files: Array<ImportFile>, 
/**
 * Only look at what would become of them.
 */
look: boolean, };

export type ConfigSave = { id: FileId, 
/**
 * The revision that the content was made from.
 */
base: number, 
/**
 * One editor, chosen at random when it opens: its own saves never refuse each other, the last one stays.
 */
editor: string, content: FileContent, };

export type ConfigSaved = { revision: number, saved: string, };

/**
 * Switches of a file; the path stays.
 */
export type ConfigSwitch = { id: FileId, literal: boolean, sensitive: boolean, };

/**
 * The files of an app, and what each of its groups makes of them.
 */
export type ConfigTree = { app: AppId, deploy_path: string, 
/**
 * The app's own, by path.
 */
files: Array<FileRow>, 
/**
 * By environment, then by name.
 */
groups: Array<GroupFiles>, };

export type ContainerDetail = { name: string, kind: ContainerKind, image: string, 
/**
 * `sha256:…` of what runs.
 */
digest: string | null, state: ContainerNow, ready: boolean, restarts: number, 
/**
 * `http 8080/TCP`
 */
ports: Array<string>, 
/**
 * How it ended the last time.
 */
last: Exit | null, };

export type ContainerKind = "init" | "sidecar" | "app" | "ephemeral";

export type ContainerNow = { "state": "unknown" } | { "state": "waiting", reason: string, message: string, } | { "state": "running", since: string | null, } | { "state": "ended" } & Exit;

export type ContextRow = { name: string, file: string, cluster: string, user: string, server: string, namespace: string, current: boolean, sign_in: SignInView, 
/**
 * What linking it would meet, where that is plain already.
 */
problem: ApiError | null, };

/**
 * Where kubeconfig contexts are read from: the default place (`KUBECONFIG`, else `~/.kube/config`) when all are empty.
 */
export type ContextsFrom = { "kind": "default" } | { "kind": "choose_file" } | { "kind": "file", file: string, } | { "kind": "text", text: string, };

/**
 * How many pods a group is meant to have, and who else has a say in that.
 */
export type CountView = { count: number, scaler: Scaler | null, left: PodsLeft | null, most: number, 
/**
 * How many more and fewer there may be while pods are replaced, as written; both empty where all end first.
 */
surge: string, unavailable: string, };

/**
 * A container with tools that is added to a running pod.
 */
export type DebugContainer = { group: GroupId, pod: string, 
/**
 * Whose processes it sees.
 */
container: string, 
/**
 * As typed; empty for the one that helpers of a group have.
 */
image: string, };

/**
 * One thing that was decided on the way.
 */
export type Decided = { 
/**
 * Later than whatever its author knew of, whatever the clocks of two computers say.
 */
at: string, 
/**
 * `None` for what the train did by itself.
 */
by: string | null, what: Decision, };

export type Decision = { "kind": "pause" } | { "kind": "resume" } | { "kind": "skip", group: GroupId, } | { "kind": "end" } | { "kind": "soak", group: GroupId, soak: Soak, } | { "kind": "rules", rules: StopRules, } | { "kind": "order", groups: Array<GroupId>, } | { "kind": "begin", group: GroupId, } | { "kind": "take_over", author: Author, computer: string, } | { "kind": "stop", why: Why, } | { "kind": "unknown" };

/**
 * A file deleted within the last thirty days.
 */
export type DeletedFile = { id: FileId, group: GroupId | null, path: string, deleted: string, };

/**
 * A deleted group that can be had back.
 */
export type DeletedGroup = { id: GroupId, name: string, environment: EnvironmentId, deleted: string, 
/**
 * Until then it can be had back.
 */
until: string, 
/**
 * Where its export is; `None` for one that had nothing in a cluster.
 */
export: string | null, };

/**
 * A deletion that was confirmed. It is written down before anything goes, so that it can be gone on with.
 */
export type Deletion = { group: GroupId, app: AppId, link: LinkId, namespace: string, app_slug: string, group_slug: string, 
/**
 * Name of its Deployment.
 */
workload: string, author: Author, begun: string, 
/**
 * Everything is gone.
 */
ended: string | null, objects: Array<Doomed>, 
/**
 * Load balancers that went with it, or lost it.
 */
balancers: Array<BalancerId>, 
/**
 * Where the export is that was written before.
 */
export: string, 
/**
 * Why it does not go on by itself; English.
 */
stuck: string | null, };

export type DeletionOrder = { group: GroupId, 
/**
 * Of the plan that was shown.
 */
plan: string, 
/**
 * The name, where it has to be typed.
 */
typed: string, };

/**
 * What a deletion would do.
 */
export type DeletionPlan = { 
/**
 * What `group_delete` is told to do: it refuses when something else would go by then.
 */
hash: string, group: GroupId, name: string, environment: Environment | null, 
/**
 * `None` for a group that has nothing in a cluster.
 */
cluster: string | null, namespace: string | null, pods: number, goes: Array<Doomed>, stays: Array<Staying>, 
/**
 * Kinds of objects of others that this identity may not look at.
 */
unseen: Array<string>, 
/**
 * Highest number of its releases.
 */
last_seq: number, 
/**
 * Pods run or the environment is protected: the name has to be typed.
 */
named: boolean, 
/**
 * Where the export will be.
 */
export: string, as_of: string, };

export type Diagnosis = { cause: Cause, at: string, evidence: Evidence, };

/**
 * Nothing is said of what a line does not have: a long difference has a thousand of them.
 */
export type DiffLine = { kind: DiffLineKind, 
/**
 * Line number in the old text, from 1.
 */
old?: number, 
/**
 * Line number in the new text, from 1.
 */
new?: number, text: string, 
/**
 * Ranges of UTF-16 code units that changed within the line.
 */
words?: Array<[number, number]>, 
/**
 * For `fold`: how many unchanged lines are left out.
 */
folded?: number, };

export type DiffLineKind = "same" | "add" | "del" | "fold";

/**
 * Two definitions and what differs.
 */
export type DiffOfGroups = { from: DiffSideHead, to: DiffSideHead, 
/**
 * By section, by the names of the form.
 */
changes: Array<FieldChange>, 
/**
 * Only those that differ.
 */
objects: Array<ObjectDiff>, 
/**
 * Values of the live objects that the server filled in, and that are no difference therefore.
 */
defaulted: number, 
/**
 * What the server said when it would not take what is compared with the live objects: they are compared as they are
 * then.
 */
refused: string | null, };

export type DiffRequest = { from: DiffSideOf, to: DiffSideOf, };

/**
 * Which definition of a group.
 */
export type DiffSide = { "kind": "saved" } | { "kind": "released" } | { "kind": "live" } | { "kind": "release", id: ReleaseId, };

/**
 * What a side is, in words.
 */
export type DiffSideHead = { group: GroupId, group_name: string, side: DiffSide, 
/**
 * Of a release.
 */
seq: number | null, version: string | null, by: string | null, 
/**
 * When it was saved, released or read.
 */
at: string, workload: string, };

export type DiffSideOf = { group: GroupId, side: DiffSide, };

/**
 * Two texts on the same lines. `added` and `removed` count lines.
 */
export type DiffView = { lines: Array<DiffLine>, added: number, removed: number, };

/**
 * A row of what the draft changes.
 */
export type Discard = { group: GroupId, section: GroupSection, field: string, };

/**
 * What became of a discarded change.
 */
export type Discarded = { 
/**
 * Something of it was changed for all groups of the app. That stays: it is not this group's to take back.
 */
left_to_app: boolean, };

/**
 * An object that goes.
 */
export type Doomed = { kind: DoomedKind, name: string, 
/**
 * Another object of the same name stays. Empty where it may not be read.
 */
uid: string, 
/**
 * What is worth knowing of it: `pods` and `replica_sets`; `type` and `address`; `bytes`, `keys`.
 */
facts: { [key in string]: string }, state: DoomedState, };

/**
 * The kinds of objects that go with a group, in the order in which they do: what runs goes before what it needs, and
 * the Lease, which keeps others away meanwhile, goes last.
 */
export type DoomedKind = "Deployment" | "Service" | "ConfigMap" | "Secret" | "Lease";

export type DoomedState = { "state": "waiting" } | { "state": "gone" } | { "state": "failed", message: string, };

/**
 * Files over the window, or dropped on it.
 */
export type DragRow = { id: string, 
/**
 * Where the pointer is, in the page; `None` while nothing is dragged over it.
 */
over: [number, number] | null, 
/**
 * Rises with each drop.
 */
drops: number, 
/**
 * Where the last one came down.
 */
dropped: [number, number] | null, };

/**
 * The file that pods of a group will see, and where each line of it comes from.
 */
export type Effective = { 
/**
 * Sensitive values are dots, keys without a value are as written.
 */
text: string, 
/**
 * One for each line, from the first.
 */
lines: Array<LineFrom>, marks: Array<EffectiveMark>, 
/**
 * Over the limit of a mounted file.
 */
too_large: boolean, };

/**
 * A part of the shown text that a placeholder made: [from, to) in UTF-16 units of the whole text.
 */
export type EffectiveMark = { from: number, to: number, kind: MarkKind, key: string, 
/**
 * The text is dots.
 */
sensitive: boolean, };

export type Endpoint = { 
/**
 * Empty for an address that is no pod's.
 */
pod: string, address: string, 
/**
 * Name of the pod's group.
 */
group: string, version: string, release: string | null, 
/**
 * Of the newer of two releases.
 */
new: boolean, 
/**
 * Gets traffic.
 */
ready: boolean, terminating: boolean, health: Health, 
/**
 * In rotation since.
 */
since: string | null, };

export type Environment = { id: EnvironmentId, name: EnvironmentName, 
/**
 * Position on the board, from the safest to the most dangerous.
 */
order: number, colour: EnvironmentColour, 
/**
 * Dangerous actions in it ask for more than a click.
 */
protected: boolean, };

export type EnvironmentColour = "dev" | "test" | "staging" | "prod";

/**
 * An environment as it is to be.
 */
export type EnvironmentDraft = { name: EnvironmentName, colour: EnvironmentColour, protected: boolean, };

export type EnvironmentId = string;

/**
 * The four that exist from the beginning are named by the window in the person's language.
 */
export type EnvironmentName = "development" | "test" | "staging" | "production" | { "own": { en: string, zh: string, } };

export type EnvironmentSave = { 
/**
 * The environment being changed; `None` for a new one.
 */
id: EnvironmentId | null, draft: EnvironmentDraft, };

/**
 * How many groups stand in an environment.
 */
export type EnvironmentUse = { environment: EnvironmentId, groups: number, };

/**
 * An event of the cluster, as text.
 */
export type EventFact = { 
/**
 * Event uid, or a made-up one for facts that are no event.
 */
id: string, at: string | null, 
/**
 * `Normal` or `Warning`.
 */
kind: string, reason: string, message: string, 
/**
 * `Pod/checkout-api-…`
 */
object: string, count: number, };

/**
 * What came of a pod that was to go.
 */
export type EvictAttempt = { pod: string, 
/**
 * Why it stays.
 */
error: ApiError | null, };

/**
 * Pods of a group that are to go, one after the other.
 */
export type EvictOrder = { group: GroupId, pods: Array<PodRef>, 
/**
 * Without asking any budget.
 */
delete: boolean, };

export type Evidence = { last_exit: Exit | null, 
/**
 * Events of the pods or the `ReplicaSet`, newest last.
 */
events: Array<EventFact>, 
/**
 * Last lines of the container that fails; of its previous run where `log_previous`.
 */
log: Array<string>, log_pod: string, log_container: string, log_previous: boolean, 
/**
 * What was looked at and found well, as codes (`image_pulled`, `node_ready`, `no_oom`).
 */
ruled_out: Array<string>, };

/**
 * How a container ended.
 */
export type Exit = { code: number, reason: string, message: string, started: string | null, finished: string | null, };

/**
 * A feature of Slipway as a set of permissions, asked of the cluster before a link is saved.
 */
export type Feature = "see" | "operate" | "deploy" | "manage" | "metrics" | "nodes" | "members";

/**
 * A message of a feed. `seq` starts at 0 with the snapshot and rises by one.
 */
export type FeedMessage = { "kind": "snapshot", seq: number, rows: unknown[], as_of: string, state: FeedState, } | { "kind": "delta", seq: number, upserts: unknown[], removes: Array<string>, as_of: string, state: FeedState, };

/**
 * How much the rows can be believed.
 */
export type FeedState = { "state": "loading" } | { "state": "live" } | { "state": "stale", since: string, retry_at: string | null, reason: string, } | { "state": "error", error: ApiError, };

/**
 * One field that differs.
 */
export type FieldChange = { section: GroupSection, 
/**
 * As the form names it (`memory.limit`, `variables.JAVA_OPTS`), a file's path, or a path into the Deployment.
 */
field: string, 
/**
 * As the definition has it: a text, a number, or everything that it consists of. `None`: not set.
 */
before: unknown, after: unknown, 
/**
 * A sensitive value: only that it is another one is told.
 */
hidden: boolean, 
/**
 * How many changes of its text a file has; 1 for everything else.
 */
count: number, };

/**
 * Why a field is refused. One code per sentence in the catalogues.
 */
export type FieldCode = "required" | "not_a_label" | "too_long" | "names_too_long" | "taken" | "not_a_number" | "out_of_range" | "not_a_quantity" | "not_a_size" | "limit_below_request" | "not_an_image" | "not_a_deploy_path" | "not_a_path" | "not_a_file_path" | "relative_without_deploy_path" | "path_too_long" | "path_taken" | "file_as_folder" | "not_a_key" | "not_a_template" | "not_text" | "too_many" | "not_a_variable_name" | "too_large" | "duplicate" | "not_a_share" | "both_zero" | "unknown_port" | "not_a_service_place" | "not_a_header" | "not_a_url" | "not_a_label_key" | "not_a_label_value" | "not_a_resource" | "not_an_object_name" | "not_a_host" | "not_yaml" | "not_in_patch" | "open_quote" | "not_a_port_name" | "unknown" | "control_characters" | "fixed" | "other_name" | "not_a_target" | "no_node_port" | "node_port_taken";

/**
 * One thing wrong with one field of a draft.
 *
 * `field` is a path as the form names it (`cpu.limit`, `ports.1.port`); `code` and `params` are translated by the
 * window; `fix`, where there is one obvious mend, is the value the form offers as a link.
 */
export type FieldError = { field: string, code: FieldCode, params: { [key in string]: string }, fix: string | null, };

/**
 * What a group does with a file. Derived from what is stored, so that it never contradicts it.
 */
export type FileChoice = "inherit" | "values" | "override" | "own";

/**
 * What a file holds, as it is edited.
 */
export type FileContent = { "kind": "text", text: string, } | { "kind": "binary", base64: string, } | { "kind": "elsewhere" };

export type FileDiff = { changed: boolean, 
/**
 * `None` of what is sensitive or not text.
 */
diff: DiffView | null, };

/**
 * A file or folder to be brought here.
 */
export type FileDownload = { place: PodPlace, folder: string, name: string, 
/**
 * It is one, or a link to one.
 */
is_folder: boolean, size: number, };

/**
 * A configuration file, through all its versions.
 */
export type FileId = string;

export type FileInGroup = { group: GroupId, choice: FileChoice, app_file: FileId | null, 
/**
 * `None` for one that is binary or no template that can be read.
 */
effective: Effective | null, 
/**
 * By first use.
 */
keys: Array<FileKey>, };

/**
 * A key that a file uses, in one group.
 */
export type FileKey = { key: string, 
/**
 * The first line that uses it.
 */
line: number, sensitive: boolean, state: CellState, 
/**
 * The group's.
 */
value: CellValue | null, 
/**
 * The app's.
 */
default: CellValue | null, 
/**
 * Of the placeholder itself.
 */
inline: string | null, };

/**
 * A file as its owner's list shows it.
 */
export type FileRow = { id: FileId, 
/**
 * As typed.
 */
path: string, 
/**
 * In the container; `None` while the path is wrong.
 */
resolved: string | null, literal: boolean, sensitive: boolean, 
/**
 * Not UTF-8.
 */
binary: boolean, 
/**
 * Bytes; `None` of a sensitive one.
 */
size: number | null, 
/**
 * Placeholder keys in it.
 */
keys: number, versions: number, saved: string, 
/**
 * `path`, `content`
 */
errors: Array<FieldError>, };

/**
 * What is brought here, and what the choice of its place is called.
 */
export type FileSave = { file: FileDownload, title: string, };

/**
 * How a file stands on one side.
 */
export type FileSide = "missing" | "text" | "binary" | "sensitive";

/**
 * A file or folder on its way.
 */
export type FileTransfer = { id: string, place: PodPlace, upload: boolean, 
/**
 * In the container.
 */
folder: string, name: string, 
/**
 * Path on this computer.
 */
local: string, state: TransferState, bytes: number, 
/**
 * `None` where nobody knows.
 */
total: number | null, files: number, total_files: number | null, 
/**
 * Bytes a second of late.
 */
rate: number, 
/**
 * Devices, pipes, sockets, and links that lead elsewhere.
 */
left_out: number, begun: string, ended: string | null, };

/**
 * What is put into a folder of a container, and what the choice is called.
 */
export type FileUpload = { to: FolderAsk, from: UploadFrom, title: string, };

/**
 * One version of a file, newest first.
 */
export type FileVersion = { number: number, why: VersionWhy, by: string, at: string, 
/**
 * Bytes; `None` of a sensitive one.
 */
size: number | null, 
/**
 * The release that was made with it.
 */
release: ReleaseId | null, };

/**
 * A file opened.
 */
export type FileView = { file: FileRow, app: AppId, owner: Owner, 
/**
 * Whose own file it is.
 */
group: GroupId | null, content: FileContent, 
/**
 * Rises with every save.
 */
revision: number, saved_by: string, 
/**
 * For the group that was asked for.
 */
in_group: FileInGroup | null, };

/**
 * A file of the folder that Slipway does not know.
 */
export type FolderAdd = { app: AppId, place: string, };

export type FolderAsk = { place: PodPlace, 
/**
 * Empty for where commands begin.
 */
path: string, };

/**
 * A change that an editor made and that is saved now.
 */
export type FolderChange = { at: string, 
/**
 * Slipway had changed it too, in other lines.
 */
merged: boolean, 
/**
 * `None` of what is not text.
 */
diff: DiffView | null, file: FileId, 
/**
 * Whose own it is; else the app's.
 */
group: GroupId | null, 
/**
 * As typed.
 */
path: string, 
/**
 * Below the folder.
 */
place: string, };

/**
 * Both sides changed the same lines. Nothing is written until a person has decided, or made them the same.
 */
export type FolderConflict = { 
/**
 * Ours is Slipway, theirs is the folder. `None` of what is not text.
 */
merge: MergeView | null, file: FileId, 
/**
 * Whose own it is; else the app's.
 */
group: GroupId | null, 
/**
 * As typed.
 */
path: string, 
/**
 * Below the folder.
 */
place: string, };

export type FolderKeep = { "kind": "slipway" } | { "kind": "folder" } | { "kind": "merged", text: string, };

/**
 * A file that stands as it is on both sides.
 */
export type FolderProblem = { what: FolderTrouble, 
/**
 * What the system says.
 */
reason: string, file: FileId, 
/**
 * Whose own it is; else the app's.
 */
group: GroupId | null, 
/**
 * As typed.
 */
path: string, 
/**
 * Below the folder.
 */
place: string, };

/**
 * What of a conflict stays.
 */
export type FolderSettle = { app: AppId, file: FileId, keep: FolderKeep, };

export type FolderTrouble = "missing" | "too_large" | "odd" | "unreadable" | "unwritable" | "unsaved";

/**
 * An app that is opened as a folder, and how it stands with it.
 */
export type FolderView = { app: AppId, path: string, 
/**
 * It is on the disk no more. In Slipway everything is as it was.
 */
gone: boolean, 
/**
 * Why changes are seen only when the window comes to the front; `None` while they are seen at once.
 */
unwatched: string | null, 
/**
 * Files that are the same on both sides, or were.
 */
files: number, left_out: Array<LeftOut>, 
/**
 * What editors changed since it was opened or Slipway started, the newest first.
 */
changes: Array<FolderChange>, conflicts: Array<FolderConflict>, problems: Array<FolderProblem>, 
/**
 * Places of files that Slipway does not know.
 */
strangers: Array<string>, };

export type ForeignChange = "template" | "paused" | "resumed" | "strategy";

/**
 * Fields of a group that somebody chose to adopt or revert.
 */
export type ForeignFields = { group: GroupId, fields: Array<SeenField>, };

/**
 * A field of the live Deployment that is not as it was released.
 */
export type ForeignRow = { 
/**
 * Where it is, complete: names it when it is adopted or reverted.
 */
path: string, 
/**
 * As it is shown: without the way to the pod.
 */
field: string, section: GroupSection, released: string | null, live: string | null, draft: string | null, 
/**
 * Who changed it; `None` where it was taken away, or goes back already.
 */
manager: string | null, 
/**
 * `scale`, or empty.
 */
subresource: string, time: string | null, 
/**
 * Reverting acts at once; every other field goes with a release.
 */
at_once: boolean, 
/**
 * The next release sets it back.
 */
goes_back: boolean, };

/**
 * A forward as typed.
 */
export type ForwardDraft = { target: ForwardTarget, 
/**
 * Number or name: of a pod's port, and of the Service's where it leads to a load balancer.
 */
port: string, 
/**
 * Number on this computer; empty for any that is free.
 */
local: string, };

/**
 * A TCP port that can be forwarded.
 */
export type ForwardPort = { 
/**
 * Empty where it has none.
 */
name: string, port: number, };

/**
 * A row of the feed `forward_list`.
 */
export type ForwardRow = { id: string, 
/**
 * Rises with every forward that is opened.
 */
number: number, target: ForwardTarget, 
/**
 * Of the pod, the group or the load balancer.
 */
name: string, 
/**
 * Empty where it has none.
 */
port_name: string, 
/**
 * Of the pod or the Service; `None` until it is known.
 */
port: number | null, 
/**
 * On this computer.
 */
local: number, since: string, 
/**
 * Bytes from the pod.
 */
down: number, 
/**
 * Bytes to the pod.
 */
up: number, state: ForwardState, };

export type ForwardState = { "state": "opening" } | { "state": "open", pod: string, } | { "state": "refused", pod: string, reason: string, } | { "state": "no_port", of: string, port: string, } | { "state": "waiting", why: ForwardWait, reason: string, retry_at: string | null, } | { "state": "taken", 
/**
 * It is kept for administrators.
 */
privileged: boolean, proposal: number | null, } | { "state": "ended", 
/**
 * The right that is missing.
 */
lacks: Rule | null, reason: string, };

/**
 * What a forward leads to.
 */
export type ForwardTarget = { "kind": "pod", group: GroupId, pod: string, } | { "kind": "group", group: GroupId, } | { "kind": "balancer", balancer: BalancerId, link: LinkId, };

export type ForwardUse = { id: string, 
/**
 * The port on this computer that it is to have instead; `None` for any that is free.
 */
local: number | null, };

/**
 * What a forward waits for.
 */
export type ForwardWait = "pod" | "replacement" | "service" | "cluster" | "way";

/**
 * No GPU while the resource and the count are empty.
 */
export type GpuDraft = { resource: string, count: string, 
/**
 * Labels of the nodes that have the right type.
 */
selector: Array<LabelDraft>, };

/**
 * What can be asked for.
 */
export type GpuOffers = { 
/**
 * Whether the nodes may be listed; otherwise the names have to be typed.
 */
known: boolean, types: Array<GpuType>, };

/**
 * Nodes that offer a resource and carry a label of its product.
 */
export type GpuProduct = { label: string, value: string, nodes: number, most: number, };

/**
 * An extended resource of the nodes.
 */
export type GpuType = { resource: string, 
/**
 * Nodes that offer it.
 */
nodes: number, 
/**
 * Most that one pod can have: of the node with the most.
 */
most: number, products: Array<GpuProduct>, };

/**
 * What this identity may do of one feature.
 */
export type Grant = { feature: Feature, allowed: boolean, 
/**
 * Rules that the cluster refused.
 */
missing: Array<Rule>, 
/**
 * A Role and `RoleBinding` that would grant what is missing; empty where nothing is.
 */
yaml: string, };

/**
 * A group as cards and lists show it before anything live is known.
 */
export type GroupCard = { id: GroupId, name: string, note: string, environment: EnvironmentId, link: LinkId, 
/**
 * Name of the linked cluster; `None` when it is linked no more (the group is then read-only).
 */
link_name: string | null, namespace: string | null, 
/**
 * Why the stored draft is not a valid group: number of wrong fields.
 */
errors: number, 
/**
 * Image that the draft proposes, as a version.
 */
draft_version: string | null, count: string, last_release: ReleaseRow | null, 
/**
 * It is being deleted.
 */
deleting: boolean, };

export type GroupCheck = { app: AppId, 
/**
 * The group being changed; `None` while it is being created.
 */
id: GroupId | null, draft: GroupDraft, };

export type GroupCreate = { app: AppId, draft: GroupDraft, };

/**
 * A group as typed: may be wrong, is stored, survives a quit.
 */
export type GroupDraft = { name: string, 
/**
 * Id of an environment.
 */
environment: string, 
/**
 * Id of a cluster link.
 */
link: string, note: string, 
/**
 * A tag or digest of the app's repository, or a full reference.
 */
image: string, count: string, cpu: AmountsDraft, memory: AmountsDraft, gpu: GpuDraft, command: CommandDraft, 
/**
 * One a line of the form; empty lines are kept as empty arguments only between others.
 */
args: Array<string>, 
/**
 * Empty: the image's.
 */
working_dir: string, ports: Array<PortDraft>, 
/**
 * Name of a Secret of the namespace.
 */
pull_secret: string, service_account: string, node_selector: Array<LabelDraft>, tolerations: Array<TolerationDraft>, strategy: StrategyDraft, readiness: ProbeDraft, liveness: ProbeDraft, startup: ProbeDraft, lifecycle: LifecycleDraft, variables: Array<Variable>, 
/**
 * YAML.
 */
patch: string, 
/**
 * Of an adopted group; nobody types it.
 */
adopted?: AdoptedFrom | null, };

/**
 * A file that takes effect in a group.
 */
export type GroupFile = { 
/**
 * The group's own file for `override` and `own`, else the app's.
 */
file: FileRow, choice: FileChoice, 
/**
 * The app's file that is inherited or overridden.
 */
app_file: FileId | null, 
/**
 * Keys in it that have neither value nor default.
 */
unset: number, };

export type GroupFiles = { id: GroupId, name: string, environment: Environment | null, 
/**
 * What takes effect there, inherited and own, by path.
 */
files: Array<GroupFile>, 
/**
 * Keys without a value: they block its release.
 */
unset: number, 
/**
 * Keys that have a value of this group, and that nothing uses.
 */
unused: Array<string>, };

export type GroupId = string;

/**
 * A row of the feed `groups`: what runs, from watches of the cluster.
 */
export type GroupLive = { id: GroupId, state: GroupState, 
/**
 * Version of the Deployment's template.
 */
version: string | null, 
/**
 * Version of the pods that are being replaced, while a release moves.
 */
from_version: string | null, desired: number, ready: number, 
/**
 * One for each pod: new first, failing after them, old last; at most 80, then only the counts.
 */
cells: Array<Cell>, 
/**
 * When all its pods were last replaced without a release.
 */
restarted: Restart | null, 
/**
 * What is known is not current since then.
 */
stale_since: string | null, };

/**
 * Everything that a side changed since the release that the draft goes out from.
 */
export type GroupMerge = { group: GroupId, group_name: string, 
/**
 * Names the three sides as they were shown, when the merge is taken.
 */
hash: string, 
/**
 * What the draft goes out from.
 */
base: MergeRelease, 
/**
 * What a colleague released.
 */
theirs: MergeRelease, fields: Array<MergedField>, files: Array<MergedFile>, };

/**
 * A merge as a person decided it.
 */
export type GroupMergeTake = { group: GroupId, 
/**
 * Of what was shown.
 */
hash: string, 
/**
 * One for each conflict, by its id.
 */
choices: { [key in string]: MergeChoice }, };

export type GroupPending = { group: GroupId, changes: number, 
/**
 * In the order of the page.
 */
sections: Array<SectionPending>, };

/**
 * The rule that each of these lacks; `None` where it is allowed.
 */
export type GroupRights = { 
/**
 * Restart and scale.
 */
change: Rule | null, evict: Rule | null, delete: Rule | null, 
/**
 * Run a shell.
 */
shell: Rule | null, logs: Rule | null, 
/**
 * Connect to a port.
 */
forward: Rule | null, };

export type GroupScale = { id: GroupId, count: number, };

/**
 * A part of the group's page.
 */
export type GroupSection = "basics" | "container" | "strategy" | "health" | "lifecycle" | "gpu" | "variables" | "patch" | "files" | "balancers" | "other";

export type GroupState = "loading" | "absent" | "running" | "rolling" | "resting" | "stopped" | "degraded" | "zero" | "unknown";

export type GroupUpdate = { id: GroupId, draft: GroupDraft, };

/**
 * A variable as a group gets it.
 */
export type GroupVariable = { name: string, owner: Owner, kind: VariableKind, 
/**
 * As written; empty of a sensitive one.
 */
written: string, 
/**
 * As pods see it, sensitive values as dots; `None` while a key of it has no value.
 */
value: string | null, 
/**
 * In a Secret: it is sensitive, or a value in it is.
 */
sensitive: boolean, 
/**
 * A sensitive value of it is not known on this computer.
 */
elsewhere: boolean, 
/**
 * It goes over one of the app's.
 */
overrides: boolean, };

/**
 * A group opened for editing.
 */
export type GroupView = { id: GroupId, app: AppId, card: GroupCard, environment: Environment | null, draft: GroupDraft, errors: Array<FieldError>, 
/**
 * Name of its Deployment: proposed until the first release, then fixed.
 */
workload: string, saved: string, };

/**
 * In whose hands a release is, as this computer knows it.
 */
export type Hands = "ours" | "nobodys" | "others" | "adrift";

export type Happened = { "kind": "created" } | { "kind": "leaving" } | { "kind": "event", warning: boolean, reason: string, message: string, count: number, } | { "kind": "started", container: string, } | { "kind": "ended", container: string, exit: Exit, } | { "kind": "condition", condition: string, holds: boolean, reason: string, message: string, } | { "kind": "write", manager: string, 
/**
 * `Apply` or `Update`
 */
operation: string, 
/**
 * `status`, or empty for the object itself.
 */
subresource: string, ours: boolean, };

export type Header = { name: string, value: string, };

export type Health = "ok" | "progress" | "warn" | "danger" | "done" | "unknown";

/**
 * A field that another manager holds.
 */
export type HeldField = { manager: string, 
/**
 * `.metadata.labels.app.kubernetes.io/managed-by`
 */
field: string, };

/**
 * Something a person can do about an error. One sentence each in the catalogues.
 */
export type Hint = "try_again" | "copy_code_whole" | "ask_owner_for_code" | "ask_owner_for_role" | "ask_cluster_admin" | "update_slipway" | "check_address" | "check_vpn" | "check_ca" | "sign_in_again" | "install_program" | "run_program_in_terminal" | "choose_another_file" | "choose_another_name" | "choose_another_group" | "delete_groups_first" | "plan_again" | "open_running_release" | "wait_or_continue" | "lower_amounts" | "free_space" | "choose_another_folder" | "unlock_keyring" | "use_memory_only" | "link_again" | "report_bug" | "check_clock" | "compare_versions" | "set_value_here" | "registry_sign_in" | "allow_plain" | "check_repository" | "correct_draft" | "list_again" | "debug_container";

export type HookDraft = { kind: HookKind, command: CommandDraft, http: HttpGetDraft, };

export type HookKind = "none" | "command" | "http";

export type HttpGetDraft = { path: string, 
/**
 * Number or name.
 */
port: string, scheme: Scheme, headers: Array<Header>, };

/**
 * What a digest stands for. It never changes, so it is kept for good.
 */
export type ImageFacts = { 
/**
 * Of the manifest, or of the index over several: what a tag leads to.
 */
digest: string, 
/**
 * Images by platform; none of something that is no image (a chart, a signature).
 */
platforms: Array<PlatformImage>, 
/**
 * Media type of what is no image.
 */
other: string | null, };

export type ImportFile = { path: string, content: FileContent, };

/**
 * What becomes of a file that is imported.
 */
export type ImportRow = { path: string, 
/**
 * The file of this owner and path whose content it replaces.
 */
replaces: FileId | null, 
/**
 * It holds the same already.
 */
same: boolean, 
/**
 * `path`, `content`
 */
errors: Array<FieldError>, };

/**
 * A row of *Instances*.
 */
export type Instance = { 
/**
 * Pod uid: also the row's identity in the feed.
 */
id: string, name: string, health: Health, 
/**
 * The word kubectl would print (`Running`, `CrashLoopBackOff`, `ImagePullBackOff` …).
 */
status: string, 
/**
 * Why, in facts, where it is not well.
 */
reason: InstanceReason | null, version: string, 
/**
 * Sequence of the release that made it (`r41`), where the label says so.
 */
release: string | null, image: string, ready: boolean, ready_containers: number, containers: number, 
/**
 * Name of the app's container, whose log is shown first.
 */
container: string, restarts: number, last_exit: Exit | null, ip: string, host_ip: string, node: string, replica_set: string, created: string | null, ready_since: string | null, 
/**
 * Millicores; none until the metrics API has a sample.
 */
cpu_milli: number | null, 
/**
 * Bytes.
 */
memory_bytes: number | null, };

/**
 * A row of the feed `instance_list`.
 */
export type InstanceLine = { "kind": "summary" } & InstanceSummary | { "kind": "pod" } & InstanceRow;

/**
 * Which pods, in which order, and which part of them is in sight.
 */
export type InstanceQuery = { 
/**
 * Every word must occur in name, node, address, version or status.
 */
text: string, health: Health | null, 
/**
 * Key of a share.
 */
share: string | null, 
/**
 * `None`: what fails on top, then new before old, then by name.
 */
sort: InstanceSort | null, descending: boolean, from: number, most: number, };

export type InstanceReason = { container: string, code: number | null, message: string, };

/**
 * One pod in its place.
 */
export type InstanceRow = { 
/**
 * Place among all that the query asks for.
 */
at: number, 
/**
 * A release brings it in.
 */
new: boolean, 
/**
 * Recent figures, the last one now.
 */
cpu: Array<number>, memory: Array<number>, 
/**
 * Pod uid: also the row's identity in the feed.
 */
id: string, name: string, health: Health, 
/**
 * The word kubectl would print (`Running`, `CrashLoopBackOff`, `ImagePullBackOff` …).
 */
status: string, 
/**
 * Why, in facts, where it is not well.
 */
reason: InstanceReason | null, version: string, 
/**
 * Sequence of the release that made it (`r41`), where the label says so.
 */
release: string | null, image: string, ready: boolean, ready_containers: number, containers: number, 
/**
 * Name of the app's container, whose log is shown first.
 */
container: string, restarts: number, last_exit: Exit | null, ip: string, host_ip: string, node: string, replica_set: string, created: string | null, ready_since: string | null, 
/**
 * Millicores; none until the metrics API has a sample.
 */
cpu_milli: number | null, 
/**
 * Bytes.
 */
memory_bytes: number | null, };

export type InstanceSort = "status" | "pod" | "version" | "ready" | "restarts" | "cpu" | "memory" | "node" | "ip" | "age";

/**
 * All pods of the group, counted.
 */
export type InstanceSummary = { id: string, total: number, 
/**
 * Of these, what the query asks for.
 */
matching: number, 
/**
 * Worst first, without those that no pod is in.
 */
states: Array<StateCount>, 
/**
 * By version, new ones first.
 */
shares: Array<VersionShare>, 
/**
 * Sums over the pods with a figure, and how many these are.
 */
cpu_milli: number, memory_bytes: number, measured: number, 
/**
 * Highest figure of any pod that a curve shows, so that curves compare.
 */
cpu_peak: number, memory_peak: number, };

/**
 * An app with the groups of it that are not here.
 */
export type JoinApp = { id: AppId, slug: string, title: string, 
/**
 * The app is here already; these are groups that somebody added.
 */
known: boolean, 
/**
 * Another app has its name here: it cannot be joined.
 */
taken: boolean, 
/**
 * By name.
 */
groups: Array<JoinGroup>, 
/**
 * Releases of these groups that have a record.
 */
releases: number, 
/**
 * The newest of them.
 */
last: ReleaseRow, 
/**
 * Keys, variables and files whose values only other computers know.
 */
sensitive: Array<string>, };

export type JoinGroup = { id: GroupId, name: string, environment: Environment, 
/**
 * The app has another group of this name here: it cannot be joined.
 */
taken: boolean, runs: JoinRuns, };

export type JoinRequest = { link: LinkId, apps: Array<AppId>, };

/**
 * What runs of a group.
 */
export type JoinRuns = { "kind": "nothing" } | { "kind": "pods", ready: number, desired: number, } | { "kind": "unknown" };

/**
 * What stands in a linked cluster of apps and groups that are not on this computer.
 */
export type JoinView = { link: LinkId, 
/**
 * By name.
 */
apps: Array<JoinApp>, 
/**
 * Records of groups that are not here.
 */
records: number, 
/**
 * The newest of groups that cannot be joined for that, or that could not be read just now.
 */
unread: Array<UnreadRecord>, };

/**
 * What came of an app.
 */
export type Joined = { app: AppId, groups: Array<GroupId>, 
/**
 * Things of the app that its groups have in versions that do not come together, or that are others here: those of the
 * newest release, or those that are here, are kept.
 */
differs: Array<string>, };

export type KeptKind = "volume" | "sidecar" | "init_container" | "label" | "annotation" | "variable" | "container" | "pod" | "deployment";

/**
 * Something that the form does not model.
 */
export type KeptPart = { kind: KeptKind, 
/**
 * Its name, or its path below the pod.
 */
name: string, 
/**
 * Its image, its type, or a short value.
 */
detail: string, };

export type KeyDelete = { app: AppId, key: string, };

export type KeySet = { app: AppId, key: string, sensitive: boolean, };

/**
 * Where a key is used.
 */
export type KeyUse = { 
/**
 * Only there; else in the app's, which every group inherits.
 */
group: GroupId | null, 
/**
 * `None` for a variable.
 */
file: FileId | null, 
/**
 * Path of the file as typed, or name of the variable.
 */
name: string, line: number, inline: string | null, };

/**
 * The value of a key: text that is never expanded again.
 */
export type KeyValue = { "kind": "plain", "value": string } | { "kind": "sealed", "value": SecretId };

/**
 * How the OS keyring answers.
 */
export type KeyringState = { "state": "ready" } | { "state": "missing", reason: string, } | { "state": "locked" } | { "state": "memory_only" } | { "state": "key_lost" };

/**
 * The contexts of a kubeconfig.
 */
export type KubeconfigView = { files: Array<string>, contexts: Array<ContextRow>, };

export type LabelDraft = { key: string, value: string, };

export type Language = "system" | "en" | "zh";

/**
 * What a rest left in the cluster.
 */
export type Left = { 
/**
 * Pods of the group …
 */
count: number, 
/**
 * … and of these, of the new version.
 */
new: number, };

/**
 * A file that is not in the folder.
 */
export type LeftOut = { file: FileId, group: GroupId | null, path: string, why: LeftOutWhy, };

export type LeftOutWhy = "sensitive" | "name" | "case";

export type LifecycleDraft = { before_start: BeforeStartDraft, after_start: HookDraft, before_stop: HookDraft, grace_period_seconds: string, };

export type LineFrom = { kind: LineFromKind, 
/**
 * The first key that filled the line.
 */
key: string | null, };

/**
 * Of several on one line, the last in this order.
 */
export type LineFromKind = "app" | "group" | "default" | "value" | "unset";

/**
 * Where the credential for a new link comes from. A secret in it is used for this one call and kept nowhere until
 * the person presses *Link*.
 */
export type LinkFrom = { "kind": "code", code: string, } | { "kind": "code_clipboard" } | { "kind": "code_file" } | { "kind": "kubeconfig", file: string, context: string, } | { "kind": "kubeconfig_text", text: string, context: string, };

/**
 * Identity of a linked cluster on this computer. Two links are *the same* when their namespace uids are equal.
 */
export type LinkId = string;

/**
 * What a person sees before a link is saved.
 */
export type LinkPreview = { 
/**
 * Names this inspection when the person presses *Link*; forgotten after ten minutes or the next inspection.
 */
token: string, 
/**
 * Proposed name.
 */
name: string, server: string, fingerprint: string, namespace: string, identity: string, role: Role | null, expires: string | null, server_version: string, latency_ms: number, grants: Array<Grant>, 
/**
 * This namespace is linked already, under this name: linking replaces its credential.
 */
replaces: string | null, };

/**
 * Where the credential comes from. The credential itself is in the vault.
 */
export type LinkSource = { "kind": "code" } | { "kind": "kubeconfig", file: string, context: string, } | { "kind": "kubeconfig_copy", context: string, };

export type LiveState = "loading" | "absent" | "there" | "unknown";

/**
 * What is looked for. Nothing at all ends the search.
 */
export type LogFind = { log: string, text: string, regex: boolean, 
/**
 * Upper and lower case are not the same.
 */
case: boolean, 
/**
 * Only lines of these containers; of all where there are none.
 */
sources: Array<number>, 
/**
 * Only lines of these levels; of any where there are none.
 */
levels: Array<LogLevel>, 
/**
 * Lines before and after that are shown with one that is found.
 */
context: number, 
/**
 * What is near this line is looked at first.
 */
from: number, };

export type LogFindAnswer = { 
/**
 * Why the text is no regular expression.
 */
wrong: string | null, };

/**
 * How far a search is.
 */
export type LogFound = { 
/**
 * Lines that are found.
 */
count: number, 
/**
 * Rows that they make, with their context.
 */
shown: number, 
/**
 * Lines that were looked at, of `total`.
 */
seen: number, total: number, };

/**
 * Where a log begins.
 */
export type LogFrom = { "kind": "tail", lines: number, } | { "kind": "since", seconds: number, } | { "kind": "range", from: string, until: string | null, } | { "kind": "beginning" };

/**
 * A line that is found.
 */
export type LogHit = { number: number, 
/**
 * Which of all it is, from 1.
 */
ordinal: number, 
/**
 * Its place where only what is found is shown.
 */
place: number, };

export type LogHitAsk = { log: string, 
/**
 * The line at or behind it, or else the one before it.
 */
from: number, forward: boolean, };

export type LogLevel = "none" | "trace" | "debug" | "info" | "warn" | "error" | "fatal";

/**
 * One line.
 */
export type LogLine = { number: number, at: string, source: number, level: LogLevel, 
/**
 * As it was written, controls included; what is not UTF-8 became U+FFFD.
 */
text: string, 
/**
 * What the core says here; the line has no text then.
 */
mark: LogMark | null, 
/**
 * Begin and end of what is found, in units of UTF-16.
 */
places: Array<[number, number]>, 
/**
 * Bytes that the log has and this row has not.
 */
more: number, 
/**
 * Bytes that the log has not: the line was too long.
 */
left_out: number, 
/**
 * Some of it is not UTF-8.
 */
broken: boolean, };

/**
 * What there is of a log.
 */
export type LogLive = { id: string, 
/**
 * Number of the oldest line that is there. Numbers rise by one.
 */
first: number, 
/**
 * One past the newest line.
 */
end: number, 
/**
 * Lines that the ring let go of: it is full.
 */
dropped: number, 
/**
 * Time of the last of them.
 */
dropped_until: string | null, 
/**
 * Lines that could not be written.
 */
skipped: number, 
/**
 * Why they could not, while that is so.
 */
unwritten: string | null, 
/**
 * Bytes on disk, and how many there may be.
 */
size: number, limit: number, 
/**
 * Follows what comes.
 */
live: boolean, 
/**
 * Containers that are not read: there are too many.
 */
unread: number, found: LogFound | null, saving: LogSaving | null, };

/**
 * What the core says within a log, between two lines of a container.
 */
export type LogMark = { "kind": "gap", since: string, until: string, } | { "kind": "restarted", missed: number, } | { "kind": "skipped", lines: number, bytes: number, reason: string, };

export type LogMode = { log: string, 
/**
 * Follows what comes; otherwise it stands still until it is read anew.
 */
live: boolean, };

export type LogOf = { "kind": "container", pod: string, container: string, } | { "kind": "pod", pod: string, } | { "kind": "group" };

/**
 * One container of a log.
 */
export type LogPart = { id: string, 
/**
 * What its lines name it by.
 */
source: number, pod: string, container: string, version: string, created: string | null, 
/**
 * The pod is in trouble.
 */
failing: boolean, state: LogPartState, };

export type LogPartState = { "state": "opening" } | { "state": "live" } | { "state": "read" } | { "state": "waiting", reason: string, } | { "state": "reconnecting", reason: string, } | { "state": "ended" } | { "state": "failed", reason: string, };

/**
 * Which rows of a log.
 */
export type LogRead = { log: string, 
/**
 * Number of the first line; where only what is found is shown, its place among that.
 */
from: number, count: number, 
/**
 * Only what is found, with its context.
 */
found: boolean, 
/**
 * With the whole text of each line, as far as the log has it.
 */
whole: boolean, };

/**
 * A row of an open log's feed.
 */
export type LogRow = { "kind": "log" } & LogLive | { "kind": "part" } & LogPart;

export type LogRows = { 
/**
 * What was asked for, from the first row that is there.
 */
from: number, rows: Array<LogLine>, };

export type LogSave = { log: string, 
/**
 * What the choice of a place is called, and the name that is offered.
 */
title: string, name: string, 
/**
 * Only what is found, with its context.
 */
found: boolean, 
/**
 * With time, pod and container in front of each line.
 */
prefix: boolean, };

export type LogSaved = { path: string, lines: number, bytes: number, };

/**
 * How far saving is.
 */
export type LogSaving = { lines: number, total: number, };

/**
 * How much of a log is kept on disk, as a person typed it: `1 GiB`, `512Mi`.
 */
export type LogSize = string;

/**
 * Which log a person opens.
 */
export type LogSource = { group: GroupId, of: LogOf, 
/**
 * The runs before the current ones; they end by themselves.
 */
previous: boolean, from: LogFrom, };

/**
 * Lines to be copied.
 */
export type LogText = { log: string, 
/**
 * As in `LogRead`.
 */
from: number, until: number, found: boolean, 
/**
 * With time, pod and container in front.
 */
prefix: boolean, };

export type MarkKind = "value" | "default" | "unset";

export type MatrixGroup = { id: GroupId, name: string, environment: Environment | null, };

export type MatrixKey = { key: string, sensitive: boolean, 
/**
 * The app's.
 */
default: CellValue | null, 
/**
 * One a group, in the order of the columns.
 */
cells: Array<ValueCell>, uses: Array<KeyUse>, };

/**
 * A rule, and what was measured of it.
 */
export type Measured = { rule: StopRule, 
/**
 * `None` while nothing is known.
 */
holds: boolean | null, 
/**
 * Restarts, pods that stopped being ready, percent above (below, where negative) the version before, seconds.
 */
figure: number | null, 
/**
 * The most that it may be.
 */
limit: number, 
/**
 * The pod that is farthest from what it should be.
 */
pod: string | null, };

export type MergeChoice = { "kind": "ours" } | { "kind": "theirs" } | { "kind": "text", text: string, };

/**
 * What became of something that a side changed.
 */
export type MergeHow = "ours" | "theirs" | "same" | "merged" | "conflict";

/**
 * Whole lines, with their ends.
 */
export type MergePart = { "kind": "same", text: string, } | { "kind": "ours", text: string, } | { "kind": "theirs", text: string, } | { "kind": "both", text: string, } | { "kind": "conflict", base: string, ours: string, theirs: string, };

export type MergeRelease = { id: ReleaseId, seq: number | null, by: string, at: string, };

/**
 * A merged text, in parts that follow each other without a gap.
 */
export type MergeView = { parts: Array<MergePart>, };

/**
 * A field, a variable or a value.
 */
export type MergedField = { 
/**
 * Of this merge: a choice names it.
 */
id: string, of: MergedOf, section: GroupSection, 
/**
 * As its form names it; of a value its key.
 */
field: string, how: MergeHow, base: unknown, ours: unknown, theirs: unknown, 
/**
 * A sensitive value: only that it is another one is told, by the ids of its versions.
 */
hidden: boolean, };

export type MergedFile = { 
/**
 * Of this merge: a choice names it.
 */
id: string, owner: Owner, 
/**
 * As typed.
 */
path: string, how: MergeHow, base: FileSide, ours: FileSide, theirs: FileSide, 
/**
 * Line by line, where they changed it. `None` of what is sensitive, not text, or missing on a side.
 */
merge: MergeView | null, };

/**
 * Whose a merged field is.
 */
export type MergedOf = "group" | "value" | "app" | "app_variable" | "default" | "sensitive";

export type Monitor = { 
/**
 * Where each stretch begins; all figures are means over one.
 */
times: Array<string>, to: string, 
/**
 * By version, the newest first, then by name.
 */
pods: Array<PodSeries>, 
/**
 * Of one pod.
 */
bounds: Bounds, releases: Array<ReleaseMark>, restarts: Array<RestartMark>, 
/**
 * `namespace/service:port` of the Prometheus that says so; `None` where it was measured here.
 */
source: string | null, 
/**
 * Measured here since then, within what is asked for.
 */
since: string | null, every_seconds: number, 
/**
 * Why nothing is measured here now.
 */
missing: NoMetrics | null, 
/**
 * Why no Prometheus is of use.
 */
no_prometheus: NoPrometheus | null, };

/**
 * Which hours of which group.
 */
export type MonitorQuery = { group: GroupId, 
/**
 * Back from now: 1 to 168.
 */
hours: number, };

/**
 * What of a history is shown; what is not said, or empty, hides nothing.
 */
export type Narrow = { 
/**
 * As the rows name who released.
 */
person: string | null, state: ReleaseState | null, since: string | null, 
/**
 * Part of a number, a version, a group's name or a note.
 */
text: string, };

export type News = { "kind": "release" } & ReleaseNews | { "kind": "train" } & TrainView | { "kind": "transfers" } & TransferNews;

/**
 * Why nothing is known of CPU and memory.
 */
export type NoMetrics = "missing" | "forbidden" | "silent";

/**
 * Why nothing is known of network and requests.
 */
export type NoPrometheus = "unknown" | "missing" | "forbidden" | "foreign" | "silent" | "no_series";

/**
 * Why no endpoint gets traffic, by what is seen.
 */
export type NoTraffic = { "kind": "no_group" } | { "kind": "no_pods" } | { "kind": "no_label", pods: number, } | { "kind": "none_ready", pods: number, } | { "kind": "no_port", pods: number, };

/**
 * A file that was not read, and why not.
 */
export type NotPicked = { name: string, 
/**
 * `content` too large, too many files, or a `path` that is none; else it is what the system said.
 */
error: FieldError | null, reason: string, };

/**
 * A notification with why what it tells of failed, where that is an error.
 */
export type NotificationRow = { error: ApiError | null, 
/**
 * Names what it tells of: nothing is told twice.
 */
id: string, 
/**
 * The app by its name.
 */
app: string, news: News, };

/**
 * A notification in the language of the window.
 */
export type NotificationShow = { title: string, text: string, };

export type ObjectDiff = { role: string, kind: string, before: string | null, after: string | null, sensitive: boolean, diff: DiffView, 
/**
 * Of a file that may be shown: its content alone, all lines.
 */
content: DiffView | null, };

/**
 * What a person is told of on the desktop.
 */
export type Occasion = "waits" | "stopped" | "ended" | "transferred";

/**
 * The overview of one app, from what is stored; live figures come over the feed `groups`.
 */
export type Overview = { app: App, columns: Array<OverviewColumn>, 
/**
 * Distinct linked clusters that its groups are in.
 */
clusters: number, 
/**
 * Newest first, at most ten.
 */
latest: Array<ReleaseRow>, };

export type OverviewColumn = { environment: Environment, groups: Array<GroupCard>, };

/**
 * Whose file it is.
 */
export type Owner = "app" | "group";

/**
 * When the next batch begins.
 */
export type Pace = { "kind": "approval" } | { "kind": "wait", seconds: number, };

export type PaceDraft = { 
/**
 * Waits for a person, whatever `seconds` says.
 */
approval: boolean, seconds: string, };

/**
 * What a plan is made of, as far as a person confirms it.
 */
export type Part = "image" | "group" | "configuration" | "balancers" | "live";

/**
 * What a person chooses to import from.
 */
export type PickFrom = "files" | "folder";

/**
 * A file that was chosen from the disk.
 */
export type PickedFile = { name: string, content: FileContent, 
/**
 * Bytes.
 */
size: number, };

/**
 * Files that were read.
 */
export type PickedFiles = { 
/**
 * Named by their path below the folder, or in the archive.
 */
files: Array<PickedFile>, not_picked: Array<NotPicked>, };

/**
 * What the window sends into a pipe.
 */
export type PipeInput = { "kind": "text", text: string, } | { "kind": "size" } & TerminalSize;

/**
 * A JSON message of a pipe. Raw pieces come as they are, in order; their seq is their number, from 0.
 */
export type PipeMessage = { "kind": "lines", seq: number, lines: Array<string>, } | { "kind": "end", error: ApiError | null, };

export type PipeTopic = { "kind": "terminal" } & TerminalSource | { "kind": "measure_bytes", bytes: number, piece: number, } | { "kind": "measure_lines", lines: number, batch: number, };

/**
 * The Service of one cluster, as it is there.
 */
export type PlaceLive = { link: LinkId, state: LiveState, 
/**
 * What is known is not current since then.
 */
stale_since: string | null, 
/**
 * Changed by another computer, while something else waits here.
 */
changed_elsewhere: boolean, kind: BalancerKind | null, cluster_ip: string | null, 
/**
 * Addresses or host names from outside.
 */
addresses: Array<string>, 
/**
 * With the node ports that the cluster chose.
 */
ports: Array<BalancerPort>, 
/**
 * Waits since then for a controller to give it an address.
 */
pending_since: string | null, 
/**
 * Of the Service, the newest first; at most 5.
 */
events: Array<EventFact>, 
/**
 * Those that get traffic first; at most 500.
 */
endpoints: Array<Endpoint>, 
/**
 * Of the endpoints that get traffic: the newest release first.
 */
shares: Array<Share>, 
/**
 * Why nothing gets traffic.
 */
no_traffic: NoTraffic | null, 
/**
 * Pods of its groups without its label, where it selects by one.
 */
unlabelled: number, 
/**
 * Pods with its label that are of none of its groups.
 */
stray: number, };

/**
 * How the Service of a cluster stands to what is saved.
 */
export type PlaceState = "new" | "applied" | "changed" | "leaving";

export type PlanRequest = { group: GroupId, 
/**
 * A tag or digest of the app's repository, or a full reference.
 */
image: string, };

/**
 * What will happen, before anybody confirms it.
 */
export type PlanView = { 
/**
 * Names the plan when it is confirmed.
 */
hash: string, group: GroupId, group_name: string, environment: Environment, cluster: string, namespace: string, workload: string, from_version: string | null, to_version: string, image: string, 
/**
 * Pods that will run: the live count, or the group's first one.
 */
count: number, 
/**
 * Most pods above `count` while it moves, and most below.
 */
surge: number, unavailable: number, 
/**
 * Pods of each batch, in their order; empty when it is rolling.
 */
batches: Array<BatchView>, 
/**
 * Nothing runs yet.
 */
first: boolean, verdicts: Array<Verdict>, 
/**
 * Live object → what the server would make of ours (dry run).
 */
diff: DiffView, 
/**
 * Config objects that will be created.
 */
objects: Array<string>, as_of: string, };

export type PlatformImage = { os: string, 
/**
 * `amd64`, `arm64` …: Go's words, which Kubernetes labels nodes with.
 */
architecture: string, 
/**
 * `v7`, `v8` …
 */
variant: string | null, digest: string, 
/**
 * Layers and configuration as they are transferred, bytes; `None` until it was looked at.
 */
size: number | null, 
/**
 * When it was built, as its configuration says.
 */
created: string | null, 
/**
 * Commit it was built of, where it says.
 */
revision: string | null, };

export type PodCondition = { 
/**
 * `PodScheduled`, `Initialized`, `Ready` …
 */
kind: string, holds: boolean, reason: string, message: string, };

/**
 * The row of the feed `pod`.
 */
export type PodDetail = { 
/**
 * Uid.
 */
id: string, 
/**
 * It was deleted: what is known of it is of before.
 */
gone: boolean, 
/**
 * In the order in which they start.
 */
containers: Array<ContainerDetail>, conditions: Array<PodCondition>, 
/**
 * Newest first.
 */
entries: Array<PodEntry>, 
/**
 * Older ones that are not told.
 */
left_out: number, };

export type PodEntry = { id: string, at: string | null, what: Happened, };

export type PodFile = { name: string, kind: PodFileKind, size: number, changed: string, 
/**
 * `-rw-r--r--`
 */
mode: string, owner: string, group: string, 
/**
 * Where a link leads.
 */
target: string | null, };

export type PodFileKind = "file" | "folder" | "link" | "folder_link" | "special";

/**
 * What is in a folder of a container.
 */
export type PodFolder = { path: string, 
/**
 * Whom commands run as.
 */
user: string, 
/**
 * Without it nothing can be moved.
 */
tar: boolean, files: Array<PodFile>, 
/**
 * There are more.
 */
more: boolean, };

/**
 * A pod of a group.
 */
export type PodOf = { group: GroupId, pod: PodRef, };

/**
 * Where files are.
 */
export type PodPlace = { group: GroupId, pod: string, container: string, };

/**
 * This very pod, and no other one of its name.
 */
export type PodRef = { name: string, uid: string, };

/**
 * What one pod used, or several of a version that are not drawn by themselves.
 */
export type PodSeries = { 
/**
 * Empty where it stands for several.
 */
pod: string, pods: number, 
/**
 * Label of the release that made it; empty without one, or where that is not known.
 */
release: string, 
/**
 * Version of its image, where the release is known here.
 */
version: string, 
/**
 * Brought in by the newest release while that is not over.
 */
new: boolean, 
/**
 * Millicores, one for each stretch.
 */
cpu: Array<number | null>, 
/**
 * Bytes.
 */
memory: Array<number | null>, 
/**
 * Restarts of its containers in this time.
 */
restarts: number, oom_kills: number, };

export type PodState = { name: string, ready: boolean, health: Health, };

/**
 * The object as text.
 */
export type PodYaml = { 
/**
 * Without managedFields.
 */
yaml: string, managed_fields: string, managers: number, };

/**
 * What a quota leaves.
 */
export type PodsLeft = { quota: string, 
/**
 * That is used up first: `pods`, `requests.cpu` …
 */
resource: string, pods: number, };

export type PortDraft = { name: string, port: string, protocol: Protocol, };

/**
 * How the checks of a plan went that somebody confirmed: none of them stood in the way.
 */
export type Preflight = { checks: number, 
/**
 * The others are warnings.
 */
passed: number, };

/**
 * A probe as typed. What was typed for another kind is kept.
 */
export type ProbeDraft = { kind: CheckKind, http: HttpGetDraft, command: CommandDraft, 
/**
 * Of a TCP check: number or name.
 */
tcp: string, delay_seconds: string, period_seconds: string, timeout_seconds: string, success_threshold: string, failure_threshold: string, };

export type ProbeKind = "liveness" | "readiness" | "startup";

export type ProbeOutcome = { "kind": "http", status: number, 
/**
 * At most the first 1024 bytes.
 */
body: string, cut: boolean, } | { "kind": "exit", code: number, 
/**
 * Of both outputs, at most the first 1024 bytes.
 */
output: string, cut: boolean, } | { "kind": "taken" } | { "kind": "nothing", reason: string, } | { "kind": "too_slow", seconds: number, };

/**
 * How it went.
 */
export type ProbeTried = { 
/**
 * Whether the kubelet would count it as a success.
 */
passed: boolean, 
/**
 * What the check itself took, without the way to the pod; `None` where it did not end.
 */
ms: number | null, outcome: ProbeOutcome, };

/**
 * Which check is tried, as typed.
 */
export type ProbeTry = { group: GroupId, pod: string, container: string, probe: ProbeDraft, 
/**
 * The group's ports as typed: a check may name one.
 */
ports: Array<PortDraft>, };

/**
 * Where a movement stands, beyond what the Deployment and its `ReplicaSet`s show.
 */
export type Progress = { 
/**
 * The batch that is under way, or that is done while the release rests; from 0. Rolling is one batch.
 */
batch: number, 
/**
 * Set while it rests.
 */
rest: Rest | null, 
/**
 * Pods of the group when this was written.
 */
count: number, 
/**
 * Who wants back what ran before: written down before anything is done about it.
 */
aborting: string | null, 
/**
 * Whether fewer pods may run on the way back; `None` while that is no question.
 */
below: Below | null, 
/**
 * Whoever drives it, where that is not its author.
 */
driver: Author | null, };

export type PrometheusSet = { id: LinkId, 
/**
 * `namespace/service:port`; empty where it is to be looked for.
 */
place: string, };

/**
 * How a cluster's Prometheus is.
 */
export type PrometheusView = { 
/**
 * As a person has named it; empty where it is looked for.
 */
typed: string, 
/**
 * Where it is asked: `namespace/service:port`.
 */
place: string | null, 
/**
 * Why it is of no use; `None` where it answers.
 */
missing: NoPrometheus | null, 
/**
 * A Role and a `RoleBinding` that would allow it; empty where it is allowed.
 */
yaml: string, };

export type Protocol = "TCP" | "UDP" | "SCTP";

export type PullSecretCreate = { link: LinkId, name: string, 
/**
 * Of a known login.
 */
host: string, };

/**
 * Whom a registry knows this person as. The password is in the vault.
 */
export type RegistryLogin = { 
/**
 * `host` or `host:port`, as image references begin.
 */
host: string, 
/**
 * Empty for nobody: only how it is asked is known then.
 */
username: string, 
/**
 * It is asked without TLS, because somebody said so.
 */
plain: boolean, };

/**
 * A login as a person types it.
 */
export type RegistryPut = { host: string, username: string, password: string, 
/**
 * Ask it without TLS; `None` leaves that as it is. Alone, it needs no login.
 */
plain: boolean | null, };

export type ReleaseAct = { id: ReleaseId, action: ReleaseAction, };

export type ReleaseAction = "continue" | "pause" | "abort" | "abort_below" | "take_over";

export type ReleaseId = string;

export type ReleaseMark = { id: ReleaseId, seq: number | null, version: string, state: ReleaseState, from: string, to: string | null, 
/**
 * The older release that it went back to.
 */
back_to: number | null, };

export type ReleaseNews = { release: ReleaseRow, 
/**
 * Number of the batch that it is in or has done, of so many; both 0 when it is rolling.
 */
batch: number, batches: number, 
/**
 * Who decided it; `None` for what the release did by itself.
 */
by: string | null, 
/**
 * Its way back waits for somebody to agree to so many pods less.
 */
asks_for_less: number | null, diagnosis: Diagnosis | null, };

export type ReleasePage = { rows: Array<ReleaseRow>, 
/**
 * How many there are with this filter.
 */
total: number, 
/**
 * More follow below the last row.
 */
more: boolean, 
/**
 * Records in the clusters that are in nobody's history.
 */
unread: Array<UnreadRecord>, 
/**
 * The results of the last ten releases of each group in `rows`, oldest first.
 */
past: { [key in string]: Array<ReleaseState> }, };

export type ReleaseQuery = { app: AppId, 
/**
 * Only the last release of each group.
 */
last: boolean, group: GroupId | null, 
/**
 * Continue below this release.
 */
before: ReleaseId | null, 
/**
 * At most 200.
 */
limit: number, narrow?: Narrow, };

/**
 * A row of history.
 */
export type ReleaseRow = { id: ReleaseId, app: AppId, group: GroupId, group_name: string, environment: Environment, 
/**
 * `None` until the record exists.
 */
seq: number | null, state: ReleaseState, stage: Stage, from_version: string | null, to_version: string, 
/**
 * Number of the older release that it goes back to.
 */
back_to: number | null, author: Author, note: string, created: string, ended: string | null, 
/**
 * The train that it is part of.
 */
train: TrainPlace | null, };

export type ReleaseStart = { 
/**
 * Of the plan that was shown.
 */
plan: string, note: string, };

export type ReleaseState = "planned" | "moving" | "resting" | "stopped" | "succeeded" | "aborted" | "superseded" | "failed";

/**
 * Network and requests of both versions of a release.
 */
export type ReleaseTraffic = { group: GroupId, 
/**
 * By time.
 */
points: Array<TrafficPoint>, 
/**
 * Who says so: `namespace/service:port`; `None` for what the record of the release keeps.
 */
source: string | null, 
/**
 * The counter that requests are counted by; `None` where none of the well-known ones is there.
 */
requests: string | null, 
/**
 * Names that are looked for.
 */
known: Array<string>, missing: NoPrometheus | null, };

/**
 * What the pods of a release and those before it used, and what they may.
 */
export type ReleaseUsage = { group: GroupId, 
/**
 * By time.
 */
points: Array<UsagePoint>, missing: NoMetrics | null, 
/**
 * Of a pod, as Kubernetes writes it.
 */
cpu_request: string | null, memory_limit: string | null, };

/**
 * The one row of the feed `release`.
 */
export type ReleaseView = { id: ReleaseId, row: ReleaseRow, link: LinkId, cluster: string | null, namespace: string, workload: string, image: string, 
/**
 * Template label of the new pods (`r7`); pods of other values are old.
 */
label: string | null, count: number, 
/**
 * Empty when it is rolling.
 */
batches: Array<BatchView>, progress: Progress, transitions: Array<Transition>, diagnosis: Diagnosis | null, 
/**
 * Who drives it, and what is known of that.
 */
hands: Hands, 
/**
 * Whoever drives it, or drove it last.
 */
driver: Author, 
/**
 * A newer Slipway made its record, of this version: it is shown, and not driven.
 */
newer: number | null, 
/**
 * What a person may do now.
 */
actions: Array<ReleaseAction>, 
/**
 * Objects that the release made.
 */
objects: Array<string>, 
/**
 * What changed against what ran before, as it was planned; of a first release what it begins with.
 */
changes: Array<FieldChange>, 
/**
 * `None` where whoever planned it did not keep it.
 */
preflight: Preflight | null, };

/**
 * A rest between two batches.
 */
export type Rest = { left: Left, since: string, };

/**
 * All pods of a Deployment, replaced by themselves.
 */
export type Restart = { at: string, 
/**
 * `None` where it was not done with Slipway.
 */
by: string | null, };

export type RestartMark = { at: string, pod: string, count: number, oom: boolean, };

/**
 * Role presets that the API server enforces, weakest first.
 */
export type Role = "viewer" | "operator" | "deployer" | "manager" | "owner";

export type RollbackRequest = { 
/**
 * What is gone back to.
 */
release: ReleaseId, scope: BackScope, };

/**
 * What going back would do.
 */
export type RollbackView = { to: ReleaseRow, 
/**
 * What runs now, or moves.
 */
now: ReleaseRow, 
/**
 * Confirmed like that of any release.
 */
plan: PlanView, 
/**
 * What changed since then besides the image, as all of it would go back.
 */
changes: Array<BackChange>, 
/**
 * Load balancers that point at the group now and did not then, or did otherwise, or do no longer.
 */
balancers: Array<BalancerSince>, };

/**
 * One permission: verbs on a resource of an API group in the app's namespace (or in the whole cluster).
 */
export type Rule = { api_group: string, 
/**
 * `pods`, or with a subresource `pods/log`.
 */
resource: string, verbs: Array<string>, };

/**
 * Stop rules as a person changes them on the way; an empty text sets none.
 */
export type RulesDraft = { restarts: boolean, ready: boolean, cpu: string, memory: string, limit: string, };

export type Said = { by: string, at: string, };

/**
 * A saved folder.
 */
export type SavedYaml = { folder: string, files: number, 
/**
 * Names of the Secrets that are not in it.
 */
left_out: Array<string>, };

/**
 * A `HorizontalPodAutoscaler`, and between which counts it decides.
 */
export type Scaler = { name: string, min: number, max: number, };

export type Scheme = "HTTP" | "HTTPS";

/**
 * One version of one sensitive value: the vault has the value under `value:<id>`, everything else only the id.
 */
export type SecretId = string;

/**
 * What a person typed that must not be read again.
 */
export type SecretPut = { value: string, };

export type SectionPending = { section: GroupSection, changes: number, };

/**
 * A row as somebody saw it: what became of it since is not what they chose.
 */
export type SeenField = { path: string, live: string | null, };

/**
 * A port of a Service, as the API server forwards to it.
 */
export type ServicePlace = { namespace: string, service: string, 
/**
 * Number or name.
 */
port: string, };

/**
 * State of the session with one linked cluster.
 */
export type SessionState = { "state": "connecting" } | { "state": "ready", latency_ms: number, } | { "state": "degraded", since: string, reason: string, } | { "state": "unreachable", since: string, retry_at: string | null, reason: string, } | { "state": "sign_in_needed", reason: string, };

export type Settings = { language: Language, theme: Theme, 
/**
 * Shown beside the authenticated name in records; not proven.
 */
display_name: string, 
/**
 * Where the window was when it was closed (a route of the window).
 */
last_route: string, 
/**
 * Apps at the top of the sidebar, by id.
 */
pinned: Array<string>, sidebar_rail: boolean, 
/**
 * What is not told on the desktop.
 */
muted: Array<Occasion>, log_size: LogSize, };

/**
 * How many of the endpoints that get traffic are of one version.
 */
export type Share = { version: string, new: boolean, count: number, };

/**
 * How a context signs in, said before anything is run.
 */
export type SignInView = { "kind": "certificate", expires: string | null, } | { "kind": "token" } | { "kind": "exec", command: string, args: Array<string>, found: string | null, } | { "kind": "oidc", issuer: string, } | { "kind": "basic" } | { "kind": "none" };

export type SinceThen = "added" | "changed" | "removed";

/**
 * A DNS label that starts with a letter: app and group names. Fixed at creation, because it stands in selectors.
 */
export type Slug = string;

/**
 * What lies between the end of a car and the beginning of the next.
 */
export type Soak = { seconds: number, 
/**
 * Once it is over, a person says that the next may begin.
 */
ask: boolean, };

/**
 * What lies before a group, as a person changes it on the way.
 */
export type SoakDraft = { 
/**
 * Seconds.
 */
soak: string, ask: boolean, };

export type Split = "even" | "explicit";

/**
 * Where a release stands on its way, finer than its state. Written to `SQLite` *before* it is acted on.
 */
export type Stage = "plan" | "lease" | "record" | "objects" | "begin" | "move" | "end";

export type StateCount = { health: Health, count: number, };

export type StayReason = "foreign" | "shared";

/**
 * An object that stays although it has to do with the group.
 */
export type Staying = { kind: string, name: string, why: StayReason, 
/**
 * The field manager that made it.
 */
manager: string, created: string | null, };

export type StepDraft = { 
/**
 * `1` or `10%`
 */
size: string, pace: PaceDraft, };

export type StopRule = "restarts" | "ready" | "cpu" | "memory" | "time";

export type StopRules = { 
/**
 * No container starts again.
 */
restarts: boolean, 
/**
 * No pod that was ready stops being so.
 */
ready: boolean, 
/**
 * Mean of a pod at most so much above that of the version before, percent.
 */
cpu_percent: number | null, memory_percent: number | null, 
/**
 * How long a car may move, what it waits for people left out.
 */
limit_seconds: number | null, };

export type Stopped = { why: Why, at: string, };

/**
 * What a strategy as typed means for a count as typed.
 */
export type StrategyAsked = { strategy: StrategyDraft, count: string, };

export type StrategyDraft = { kind: StrategyKind, 
/**
 * `1` or `25%`, as the next.
 */
max_surge: string, max_unavailable: string, min_ready_seconds: string, progress_deadline_seconds: string, split: Split, 
/**
 * Even split: how many batches, with the canary.
 */
number: string, 
/**
 * Even split: size of the first; empty for none.
 */
canary: string, 
/**
 * Even split: what follows each batch.
 */
pace: PaceDraft, steps: Array<StepDraft>, };

export type StrategyKind = "rolling" | "batches";

/**
 * What a strategy means for a count, for a drawing of it.
 */
export type StrategyPreview = { 
/**
 * Sizes of the batches; one for a rolling strategy, none for no pods.
 */
batches: Array<number>, 
/**
 * Fewest pods that are ready while a release moves …
 */
least: number, 
/**
 * … and most that are wanted.
 */
most: number, };

/**
 * What is to become of which Deployment.
 */
export type Takeover = { app: AppId, link: LinkId, 
/**
 * Name of the Deployment.
 */
workload: string, 
/**
 * The app's container; `None`: the one that it most likely is.
 */
container: string | null, 
/**
 * Name of the group.
 */
name: string, environment: EnvironmentId, 
/**
 * Also where other managers hold what is written now.
 */
force: boolean, };

export type TakeoverPreview = { candidate: Candidate, 
/**
 * The app's container.
 */
container: string, selector: string, draft: GroupDraft, 
/**
 * What stays untouched.
 */
kept: Array<KeptPart>, 
/**
 * Labels that are written now, on the Deployment itself.
 */
labels: Array<string>, 
/**
 * Which of them other managers hold: adopting takes them only where it is forced.
 */
conflicts: Array<HeldField>, 
/**
 * What has to be mended before it can be released; name and environment before it can be adopted.
 */
errors: Array<FieldError>, };

/**
 * Port of the pods.
 */
export type Target = number | string;

/**
 * Of a screen, in characters.
 */
export type TerminalSize = { columns: number, rows: number, };

/**
 * Where a shell runs.
 */
export type TerminalSource = { group: GroupId, pod: string, container: string, size: TerminalSize, };

export type Theme = "system" | "light" | "dark";

/**
 * A line of one of the three.
 */
export type ThreeCell = { 
/**
 * From 1.
 */
number: number, text: string, 
/**
 * [start, end) of what differs, in UTF-16 units; of the released line from either of the others.
 */
words: Array<[number, number]>, };

/**
 * The same line of all three; a side that has none there is empty. All empty: so many unchanged lines are left out.
 */
export type ThreeLine = { released: ThreeCell | null, live: ThreeCell | null, saved: ThreeCell | null, 
/**
 * The live side differs from what was released.
 */
foreign: boolean, 
/**
 * The draft differs from what was released.
 */
drafted: boolean, folded: number, };

export type ThreeObject = { role: string, kind: string, name: string, sensitive: boolean, lines: Array<ThreeLine>, 
/**
 * Lines that differ in the cluster, and in the draft.
 */
foreign: number, drafted: number, };

/**
 * What was released, what is live, and what would be rendered now.
 */
export type ThreeView = { released: DiffSideHead | null, live: DiffSideHead, saved: DiffSideHead, 
/**
 * What somebody else changed in the cluster.
 */
foreign: Array<ForeignRow>, 
/**
 * What the draft changes.
 */
drafted: Array<FieldChange>, objects: Array<ThreeObject>, 
/**
 * Values that the server filled in, and that are no difference therefore.
 */
defaulted: number, 
/**
 * Why the server would not take the draft: then it is compared as it is.
 */
refused: string | null, };

export type TolerationDraft = { key: string, operator: TolerationOperator, value: string, effect: TolerationEffect, 
/**
 * Empty: for ever.
 */
seconds: string, };

export type TolerationEffect = "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute";

export type TolerationOperator = "Equal" | "Exists";

/**
 * What can be subscribed to, and the type of its rows.
 */
export type Topic = { "kind": "changes" } | { "kind": "notifications" } | { "kind": "clusters" } | { "kind": "groups", app: AppId, } | { "kind": "balancers", app: AppId, } | { "kind": "instances", group: GroupId, } | { "kind": "instance_list", group: GroupId, query: InstanceQuery, } | { "kind": "pod", of: PodOf, } | { "kind": "events", group: GroupId, } | { "kind": "log", log: string, source: LogSource, } | { "kind": "transfers" } | { "kind": "drag" } | { "kind": "forward_list" } | { "kind": "release", release: ReleaseId, };

/**
 * What is known of one time; a figure that nobody counts is not known.
 */
export type Traffic = { 
/**
 * Bytes a second that a pod receives, mean.
 */
receive: number | null, 
/**
 * Bytes a second that a pod sends, mean.
 */
transmit: number | null, 
/**
 * Requests in 1,000 seconds, of all pods together.
 */
requests_milli: number | null, 
/**
 * How many of 1,000 requests were answered with a status of 500 or above.
 */
errors_permille: number | null, };

/**
 * The pods of the version that a release brings, or of those before it, at one time.
 */
export type TrafficPoint = { at: string, 
/**
 * Of the version that the release brings.
 */
new: boolean, traffic: Traffic, };

export type TrainAct = { id: TrainId, action: TrainAction, 
/**
 * The car that is skipped, or begins.
 */
group?: GroupId, 
/**
 * Of the plans that were shown of cars to come: confirmed by this.
 */
plans?: Array<string>, };

export type TrainAction = "pause" | "resume" | "skip" | "begin" | "end" | "take_over";

export type TrainChange = { "kind": "soak", group: GroupId, soak: SoakDraft, } | { "kind": "rules", rules: RulesDraft, } | { "kind": "order", groups: Array<GroupId>, };

/**
 * Texts as they stand in the fields; an empty one sets no rule.
 */
export type TrainDraft = { 
/**
 * In their order.
 */
cars: Array<GroupId>, 
/**
 * Seconds.
 */
soak: string, 
/**
 * A person says of each group but the first that it may begin.
 */
ask: boolean, restarts: boolean, ready: boolean, 
/**
 * Percent above the version before.
 */
cpu: string, memory: string, 
/**
 * Seconds that a car may move.
 */
limit: string, };

/**
 * What a person changes of a train on the way.
 */
export type TrainEdit = { id: TrainId, change: TrainChange, };

export type TrainId = string;

/**
 * What a person confirmed.
 */
export type TrainOrder = { draft: TrainDraft, 
/**
 * Of the plans that were shown, in the order of the cars.
 */
plans: Array<string>, note: string, };

/**
 * Where in a train a release stands.
 */
export type TrainPlace = { id: TrainId, 
/**
 * From 1.
 */
car: number, cars: number, };

/**
 * A train that is under way, in a list.
 */
export type TrainRow = { id: TrainId, app: AppId, version: string, note: string, author: Author, created: string, state: TrainState, cars: number, 
/**
 * Of these, released or skipped.
 */
passed: number, };

export type TrainState = "moving" | "waiting" | "soaking" | "paused" | "stopped" | "ended" | "done";

/**
 * A train as its page shows it.
 */
export type TrainView = { row: TrainRow, image: string, rules: StopRules, 
/**
 * In the order in which they have their turn.
 */
cars: Array<CarView>, 
/**
 * Whoever goes on with it.
 */
driver: Author, 
/**
 * That is this computer.
 */
ours: boolean, 
/**
 * The car that is next, unless one is on its way.
 */
next: GroupId | null, 
/**
 * The soak is not over before.
 */
earliest: string | null, 
/**
 * It begins once a person says so.
 */
asks: boolean, 
/**
 * The car whose pods the rules are about.
 */
watched: GroupId | null, 
/**
 * What its rules say, where this computer goes on with it.
 */
measured: Array<Measured>, paused: Said | null, stopped: Stopped | null, ended: Said | null, 
/**
 * All that was decided, oldest first.
 */
decided: Array<Decided>, 
/**
 * What a person may do now.
 */
actions: Array<TrainAction>, };

export type TransferNews = { count: number, failed: number, 
/**
 * Wait for a person to say whether something of their name is replaced.
 */
taken: number, 
/**
 * The one that says most: the first that failed, else that waits, else of all.
 */
first: FileTransfer, };

/**
 * A transfer with why it failed.
 */
export type TransferRow = { error: ApiError | null, id: string, place: PodPlace, upload: boolean, 
/**
 * In the container.
 */
folder: string, name: string, 
/**
 * Path on this computer.
 */
local: string, state: TransferState, bytes: number, 
/**
 * `None` where nobody knows.
 */
total: number | null, files: number, total_files: number | null, 
/**
 * Bytes a second of late.
 */
rate: number, 
/**
 * Devices, pipes, sockets, and links that lead elsewhere.
 */
left_out: number, begun: string, ended: string | null, };

export type TransferState = { "state": "waiting" } | { "state": "moving" } | { "state": "comparing" } | { "state": "taken" } | { "state": "done", compared: Compared, 
/**
 * Files that changed while they were read.
 */
changed: number, 
/**
 * What the container could not read, in its words.
 */
said: string, } | { "state": "stopped" } | { "state": "failed" };

export type Transition = { at: string, stage: Stage, state: ReleaseState, 
/**
 * Who caused it; `None` for what the release did by itself.
 */
by: string | null, note: string | null, 
/**
 * The batch that it is of, from 0; `None` where it is of none, or where an older Slipway wrote it.
 */
batch?: number, };

/**
 * A release record in the cluster that history does not show.
 */
export type UnreadRecord = { name: string, 
/**
 * The version of the Slipway that can read it.
 */
newer: number | null, 
/**
 * What is wrong with it, for experts.
 */
reason: string, };

export type UploadFrom = "files" | "folder" | "dropped";

/**
 * The pods of the version that a release brings, or of those before it, at one time.
 */
export type UsagePoint = { at: string, 
/**
 * Of the version that the release brings.
 */
new: boolean, pods: number, ready: number, 
/**
 * Since these pods were made.
 */
restarts: number, oom_kills: number, 
/**
 * Mean of a pod, millicores; `None` without a figure.
 */
cpu_milli: number | null, 
/**
 * Mean of a pod, bytes.
 */
memory_bytes: number | null, 
/**
 * Where a Prometheus was asked.
 */
traffic: Traffic | null, };

export type ValueCell = { state: CellState, 
/**
 * The group's own for `set`, the placeholder's for `inline`; a `default` is the row's.
 */
value: CellValue | null, 
/**
 * Another value than that of the group's last release.
 */
pending: boolean, };

/**
 * Keys × groups.
 */
export type ValueMatrix = { app: AppId, 
/**
 * In the order of the columns.
 */
groups: Array<MatrixGroup>, 
/**
 * By key.
 */
keys: Array<MatrixKey>, };

export type ValueSet = { app: AppId, key: string, 
/**
 * The group's; else the default.
 */
group: GroupId | null, 
/**
 * `None` takes it away.
 */
value: KeyValue | null, };

export type Variable = { name: string, 
/**
 * Empty where it is sensitive.
 */
value: string, kind?: VariableKind, 
/**
 * Of a sensitive one: where the vault has it.
 */
secret?: SecretId | null, };

export type VariableKind = "plain" | "template" | "sensitive";

/**
 * One line of the preflight.
 */
export type Verdict = { check: Check, level: VerdictLevel, 
/**
 * Sentence in the catalogues: `check` + this word.
 */
code: string, params: { [key in string]: string }, };

export type VerdictLevel = "ok" | "warning" | "blocks";

/**
 * A version of a file, or what is saved now.
 */
export type VersionRef = { file: FileId, 
/**
 * `None`: as saved now.
 */
number: number | null, };

/**
 * Pods of one version; of the one that a release brings in, those of that release.
 */
export type VersionShare = { key: string, version: string, release: string | null, new: boolean, pods: number, ready: number, failing: number, 
/**
 * One for each pod, while they are few in all.
 */
cells: Array<PodState>, };

/**
 * What cut a version.
 */
export type VersionWhy = "created" | "release" | "restore" | "import" | "idle";

/**
 * Why a train stopped.
 */
export type Why = { "kind": "rule", group: GroupId, measured: Measured, } | { "kind": "car", group: GroupId, state: ReleaseState, } | { "kind": "moved", group: GroupId, parts: Array<Part>, } | { "kind": "unconfirmed", group: GroupId, } | { "kind": "blocked", group: GroupId, checks: Array<string>, } | { "kind": "busy", group: GroupId, by: string, } | { "kind": "refused", group: GroupId, message: string, } | { "kind": "unknown" };

export type YamlObject = { 
/**
 * What it is for: `workload`, `variables`, `sensitive`, `file:PATH`. The same on all sides.
 */
role: string, kind: string, name: string, 
/**
 * What it holds is sensitive and not in the text.
 */
sensitive: boolean, yaml: string, };

/**
 * The objects of one side.
 */
export type YamlView = { head: DiffSideHead, objects: Array<YamlObject>, };

/** Row types of the feeds, by the kind of their topic. */
export interface FeedRows {
  changes: ChangeRow;
  notifications: NotificationRow;
  clusters: ClusterLive;
  groups: GroupLive;
  balancers: BalancerLive;
  instances: Instance;
  instance_list: InstanceLine;
  pod: PodDetail;
  events: EventFact;
  log: LogRow;
  transfers: TransferRow;
  drag: DragRow;
  forward_list: ForwardRow;
  release: ReleaseView;
}
