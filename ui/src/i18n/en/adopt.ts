/** Making a group of a Deployment that others made. */
export const adopt = {
  open: "Adopt…",
  title: "Adopt a Deployment",
  text: "It becomes a group of this app. No pod restarts: only labels are written to the Deployment now.",
  looking: "Looking for Deployments that Slipway did not make…",
  filter: "Filter Deployments",
  noLinks: "No cluster is linked yet",
  noLinksText: "Adopting reads the Deployments of a linked namespace.",
  clusters: "Clusters",
  none: "Every Deployment here is a group already, or there is none.",
  noMatch: "No Deployment fits the filter.",
  place: (cluster: string, namespace: string) => `${cluster}, namespace ${namespace}`,
  choose: (name: string) => `Adopt ${name}`,
  madeByWho: (manager: string) => `made by ${manager}`,
  sidecars: (count: string) => (count === "1" ? "and 1 container more" : `and ${count} more`),

  titleOf: (name: string) => `Adopt ${name}`,
  from: (cluster: string, namespace: string) =>
    `A Deployment in ${cluster}, namespace ${namespace}, that Slipway did not make.`,
  another: "Choose another",
  name: "Group name",
  container: "App’s container",
  chooseEnvironment: "Choose one",
  madeBy: "Made by",
  changed: "Last change",
  runs: "Runs",
  ready: (ready: string, count: string) => `${ready} of ${count} ready`,
  unknownManager: "unknown",

  becomes: "Becomes the group",
  understood: (count: string) => (count === "1" ? "1 field" : `${count} fields`),
  untouched: "Stays untouched",
  inPatch: (lines: string) =>
    lines === "1" ? "in the patch, 1 line" : `in the patch, ${lines} lines`,
  nothingLeft: "The form has everything that this Deployment says.",
  upTo: (request: string, limit: string) => `${request} to ${limit}`,
  asks: (request: string) => `asks for ${request}`,
  atMost: (limit: string) => `at most ${limit}`,
  every: (seconds: string) => `every ${seconds} s`,
  rolling: (surge: string, unavailable: string) =>
    `Rolling, ${surge} more and ${unavailable} fewer`,
  afterStart: "After start",
  beforeStop: "Before stop",
  beforeStart: "Before start",
  gracePeriod: "Grace period",
  kept: {
    volume: "Volume",
    sidecar: "Sidecar",
    init_container: "Init container",
    label: "Label",
    annotation: "Annotation",
    variable: "Variable",
    container: "Container",
    pod: "Pod",
    deployment: "Deployment",
  },
  keptOf: (whose: string, what: string) => `${whose}: ${what}`,
  /** Lists of a Deployment that stay, by their field. */
  keptMany: {
    volumeMounts: (count) => (count === "1" ? "1 volume mount" : `${count} volume mounts`),
    volumeDevices: (count) => (count === "1" ? "1 block device" : `${count} block devices`),
    envFrom: (count) => (count === "1" ? "1 source of variables" : `${count} sources of variables`),
    ports: (count) => (count === "1" ? "1 port" : `${count} ports`),
    resizePolicy: (count) => (count === "1" ? "1 resize policy" : `${count} resize policies`),
    tolerations: (count) => (count === "1" ? "1 toleration" : `${count} tolerations`),
    hostAliases: (count) => (count === "1" ? "1 host alias" : `${count} host aliases`),
    imagePullSecrets: (count) =>
      count === "1" ? "1 image pull secret" : `${count} image pull secrets`,
    topologySpreadConstraints: (count) =>
      count === "1" ? "1 topology spread constraint" : `${count} topology spread constraints`,
    readinessGates: (count) => (count === "1" ? "1 readiness gate" : `${count} readiness gates`),
  } as Record<string, (count: string) => string>,
  labels: (count: string) => (count === "1" ? "1 label" : `${count} labels`),
  annotations: (count: string) => (count === "1" ? "1 annotation" : `${count} annotations`),
  reference: "stays a reference",
  selector: "Selector",
  selectorText: "never changes; ours are only added beside it",
  showPatch: "Show the patch",
  hidePatch: "Hide the patch",
  patch: "Patch",

  held: (fields: string, managers: string) =>
    `${managers} ${managers.includes(",") || managers.includes(" and ") ? "hold" : "holds"} ${fields}.`,
  heldText: "It may set it back with its next run. Let it no longer manage this Deployment.",
  takeHeld: "Take it over",
  mend: (count: string) =>
    count === "1"
      ? "1 field must be corrected before the first release."
      : `${count} fields must be corrected before the first release.`,

  now: "Now:",
  nowText: (labels: string) =>
    `${labels === "1" ? "1 label" : `${labels} labels`} on the Deployment itself. 0 pods restart.`,
  first: "First release:",
  firstText: (pods: string) =>
    pods === "0"
      ? "no pod runs."
      : pods === "1"
        ? "replaces the pod."
        : `replaces all ${pods} pods.`,
  adopt: "Adopt",
  adoptAs: (name: string) => `Adopt as ${name}`,
  adopting: "Adopting…",
  nameFirst: "Give the group a name first.",
  environmentFirst: "Choose an environment first.",
  heldFirst: "Decide about the fields that somebody else holds first.",
  adopted: (name: string) => `${name} is a group now`,
  adoptedText: "Nothing restarted. Its first release replaces the pods.",
};
