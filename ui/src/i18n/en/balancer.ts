const ofPods = (pods: string) => (pods === "1" ? "No pod of it" : `None of its ${pods} pods`);

export const balancer = {
  new: "New load balancer",
  newTitle: "New load balancer",
  editTitle: (name: string) => `Edit ${name}`,
  edit: "Edit",
  editMenu: "Edit…",
  deleteMenu: "Delete…",
  more: "More actions",
  kind: {
    LoadBalancer: "LB",
    NodePort: "NodePort",
    ClusterIP: "ClusterIP",
  },
  kindName: {
    LoadBalancer: "Load balancer",
    NodePort: "Node port",
    ClusterIP: "Cluster IP",
  },
  kindText: {
    LoadBalancer: "An address from outside, given by the cluster's provider.",
    NodePort: "A port that is open on every node of the cluster.",
    ClusterIP: "Reached from inside the cluster only.",
  },
  column: {
    name: "Name",
    kind: "Type",
    address: "Address",
    port: "Port",
    groups: "Groups",
    endpoints: "Endpoints",
  },
  groupsCount: (count: string) => `${count} groups`,
  noGroup: "no group",
  noEndpoints: "no endpoints",
  notApplied: "not applied",
  pendingAddress: "pending",
  emptyTitle: "No load balancers yet",
  emptyText:
    "A load balancer gives the pods of one or several groups an address. It acts at once, without a release.",

  facts: {
    address: "Address",
    clusterIp: "Cluster IP",
    nodePort: "Node port",
    ports: "Ports",
    group: "Group",
    groups: "Groups",
    dns: "Cluster DNS",
    applied: "Applied",
  },
  nodePortOf: (node: string, port: string) => `${node} → ${port}`,
  share: (percent: string) => `${percent} %`,
  shareText: "Share of ready endpoints, live.",
  shareStale: (time: string) => `Share of ready endpoints, as of ${time}.`,
  endpoint: {
    pod: "Pod",
    group: "Group",
    address: "Address",
    version: "Version",
    since: "In rotation since",
  },
  endpoints: "Endpoints",
  endpointsOf: (name: string) => `Endpoints of ${name}`,
  notReady: "not ready",
  terminating: "terminating",
  events: "Events",
  unknownGroups: (count: string) => `${count} more, not known on this computer`,

  waitsAddress: (since: string) => `No address yet, since ${since}.`,
  waitsAddressText:
    "No controller of this cluster has given one. Inside the cluster it works already; a cluster without a provider for load balancers never gives one.",
  none: {
    no_group: () => "No group is behind it. It keeps its address, and leads nowhere.",
    no_pods: () => "Its groups have no pods here.",
    no_label: (pods: string) => `${ofPods(pods)} has its label: the next release brings it.`,
    none_ready: (pods: string) => `${ofPods(pods)} is ready.`,
    no_port: (pods: string) => `${ofPods(pods)} has a port of the target's name.`,
  },
  absent: "The cluster has no such Service.",
  unknown: "The cluster can not be asked now.",
  place: {
    new: "Saved, not in the cluster yet.",
    changed: "Saved changes are not in the cluster yet.",
    leaving: "Still in the cluster, though no group there is behind it.",
  },
  changedElsewhere: "Another computer changed it in the cluster, and something else waits here.",
  apply: "Apply",
  applying: "Applying…",
  takeOver: "Apply mine",
  applied: (name: string) => `${name} is applied`,
  waits: (cluster: string) => `Saved; ${cluster} waits`,
  unlabelled: (count: string) =>
    count === "1"
      ? "1 pod gets no traffic: it lacks its label."
      : `${count} pods get no traffic: they lack its label.`,
  stray: (count: string) =>
    count === "1"
      ? "1 pod of another group still gets traffic: it has its label until its next release."
      : `${count} pods of other groups still get traffic: they have its label until their next release.`,
  label: "Label them now…",
  labelTitle: "Change the label of live pods",
  labelText: (name: string) =>
    `Pods that run get the label of ${name} at once, others lose it. No pod is restarted.`,
  labelWarning:
    "A pod that replaces one of these before the next release of its group does not have the label, and gets no traffic until then.",
  labelDo: "Change labels",
  labelDoing: "Changing…",
  labelled: (added: string, removed: string) => `${added} pods labelled, ${removed} unlabelled`,

  form: {
    name: "Name",
    nameHint: "Name of the Service. It can not be changed once it is in a cluster.",
    nameFixed: "Name of the Service in the cluster.",
    kind: "Type",
    ports: "Ports",
    portName: "Name",
    port: "Port",
    target: "Target",
    nodePort: "Node port",
    protocol: "Protocol",
    partOf: (row: string, part: string) => `Port ${row}: ${part}`,
    targetSame: "same",
    nodePortAuto: "chosen",
    addPort: "Add port",
    removePort: (row: string) => `Remove port ${row}`,
    groups: "Groups",
    groupsHint: "In each cluster of these groups stands one Service.",
    noGroupsYet: "The app has no groups yet.",
    several:
      "Several groups of one cluster are led to by a label, which their pods have from their next release on.",
    fixWith: (value: string) => (value === "" ? "Take it away" : `Use ${value}`),
    fields: (count: string) =>
      count === "1" ? "1 field needs another look" : `${count} fields need another look`,
    acts: "Acts at once, without a release.",
    create: "Create",
    creating: "Creating…",
    save: "Save",
    saving: "Saving…",
  },

  remove: {
    title: (name: string) => `Delete ${name}?`,
    text: "Whoever uses its addresses reaches nothing any more.",
    goes: "What goes",
    goesService: (service: string, cluster: string) => `Service ${service} in ${cluster}`,
    goesAddress: (address: string) => `with the address ${address}`,
    goesDraft: "Its definition on this computer",
    stays: "What stays",
    staysUnlinked: (cluster: string) => `The Service in ${cluster}, which is linked no more`,
    staysPods: "Groups and their pods",
    serving: (count: string) =>
      count === "1"
        ? "1 pod receives traffic through it now."
        : `${count} pods receive traffic through it now.`,
    typeName: (name: string) => `Type ${name} to delete it`,
    action: (name: string) => `Delete ${name}`,
    doing: "Deleting…",
    done: (name: string) => `${name} is deleted`,
    undo: "Undo",
    undone: (name: string) => `${name} is back; apply it to have it in the cluster again`,
  },

  step: {
    title: "Load balancers",
    text: "How this group is reached. It can be skipped: load balancers can be made at any time.",
    none: "No load balancer leads to this group.",
    leads: (name: string) => `${name} leads to this group`,
    others: "Load balancers of this app",
    also: (groups: string) => `also ${groups}`,
  },
};
