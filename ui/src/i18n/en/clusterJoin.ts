/** Apps of colleagues that stand in a linked cluster. */
export const join = {
  here: (count: number, shown: string, cluster: string) =>
    count === 1
      ? `1 app of colleagues is in ${cluster}`
      : `${shown} apps of colleagues are in ${cluster}`,
  open: "Join…",
  title: (cluster: string, count: number, shown: string) =>
    count === 1
      ? `${cluster} is linked. Your colleagues released 1 app there`
      : `${cluster} is linked. Your colleagues released ${shown} apps there`,
  text: (namespace: string) =>
    `In its namespace ${namespace}. Joining reads their records and writes nothing to the cluster.`,
  app: "App",
  groups: "Groups",
  last: "Last release",
  runs: "Runs now",
  nothingRuns: "nothing",
  unknownRuns: "not known",
  releases: (count: number, shown: string) => (count === 1 ? "1 release" : `${shown} releases`),
  known: "here already; these groups are new",
  taken: "another app has this name here",
  groupTaken: "another group has this name here",
  comes: "Comes with it",
  comesGroups: "Groups and everything that describes them",
  comesFiles: "Config files as sources, values, variables",
  comesHistory: "History: who, what, why, how it went",
  stays: "Does not",
  staysSensitive: (count: string, names: string) =>
    count === "1"
      ? `1 sensitive value: ${names}. It stays in the cluster, and is asked for when a release needs a new one`
      : `${count} sensitive values: ${names}. They stay in the cluster, and are asked for when a release needs new ones`,
  staysDrafts: "Drafts of colleagues stay on their computers",
  readFrom: (count: string) => (count === "1" ? "From 1 record" : `From ${count} records`),
  notNow: "Not now",
  action: (count: number, shown: string) => (count === 1 ? "Join 1 app" : `Join ${shown} apps`),
  joining: "Joining…",
  joined: (count: number, shown: string) => (count === 1 ? "1 app joined" : `${shown} apps joined`),
  differs: (names: string) => `Other versions than here, or than other groups have: ${names}.`,
  newer: (record: string) => `${record} is of a newer Slipway: its group can not be joined yet.`,
  broken: (record: string, reason: string) => `${record} can not be read: ${reason}`,
};
