export const usage = {
  title: "CPU and memory",
  figures: "Figures of both versions",
  part: { usage: "CPU and memory", network: "Network", requests: "Requests" },
  cpu: "CPU per pod",
  memory: "Memory per pod",
  request: (amount: string) => `request ${amount}`,
  limit: (amount: string) => `limit ${amount}`,
  before: "before",
  after: "this release",
  less: (share: string) => `${share} less`,
  more: (share: string) => `${share} more`,
  together: "The new version against the old one, at the same minutes",
  apart: "After the release against before it",
  soon: "Measured every 15 s; the first figures are on their way.",
  never: "Nothing was measured while this release was under way.",
  none: "No figures of CPU and memory; what happened to the pods instead:",
  missing: {
    missing: (cluster: string) =>
      `${cluster} has no metrics API, so nothing is known of CPU and memory. What happened to the pods instead:`,
    forbidden: (cluster: string) =>
      `Your role on ${cluster} may not read metrics (get pods of metrics.k8s.io). What happened to the pods instead:`,
    silent: (cluster: string) =>
      `The metrics API of ${cluster} does not answer. What happened to the pods instead:`,
  },
  traffic: {
    receive: "Received per pod",
    transmit: "Sent per pod",
    requests: "Requests",
    ofVersion: "of all pods of a version",
    errors: "Errors",
    errorsNote: "answered with 5xx",
    perSecond: (amount: string) => `${amount}/s`,
    source: (place: string, counter: string) =>
      counter
        ? `${counter}, as the Prometheus at ${place} has it.`
        : `As the Prometheus at ${place} has it.`,
    ofRecord: "As the record of the release keeps it.",
    noNetwork: "Its Prometheus has no container_network_receive_bytes_total of these pods.",
    noRequests: (names: string) =>
      `Its Prometheus has no counter of requests of these pods. Looked for: ${names}.`,
    noStatus: "The counter has no label with the status, so errors are not known.",
    settings: "Prometheus of this cluster",
    missing: {
      unknown: (cluster: string) =>
        `No Prometheus was found in ${cluster}, so nothing is known of network and requests. Say where it is, if there is one.`,
      missing: (cluster: string) => `No pod answers where the Prometheus of ${cluster} should be.`,
      forbidden: (cluster: string) =>
        `Your role on ${cluster} may not ask its Prometheus (get services/proxy).`,
      foreign: (cluster: string) =>
        `What answers where the Prometheus of ${cluster} should be is no Prometheus.`,
      silent: (cluster: string) => `The Prometheus of ${cluster} does not answer.`,
      no_series: (cluster: string) =>
        `The Prometheus of ${cluster} has no series of these pods at that time: neither container_network_receive_bytes_total nor a counter of requests.`,
    },
  },
  pods: "Pods",
  ready: "Readiness",
  restarts: "Restarts",
  oomKills: "Out of memory",
};
