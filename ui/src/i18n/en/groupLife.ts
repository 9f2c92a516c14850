/** What is done to a group as a whole: stopped, copied, deleted, had back. */
export const groupLife = {
  stop: "Stop…",
  stopTitle: (group: string) => `Stop ${group}?`,
  stopText: "Scales to 0; everything else stays and one click brings it back.",
  stopPods: (pods: string) => (pods === "1" ? "1 pod ends." : `${pods} pods end.`),
  stopAction: (group: string) => `Stop ${group}`,
  stopping: "Stopping…",
  stopped: (group: string) => `${group} is scaled to 0`,
  start: "Start",
  started: (group: string) => `${group} starts again`,

  clone: "Clone to…",
  cloneTitle: (group: string) => `Clone ${group} to …`,
  cloneText:
    "Copies what is saved here. The new group is a draft: nothing runs until its first release.",
  cloneName: "Name",
  cloneAction: "Clone",
  cloning: "Cloning…",
  cloned: (group: string) => `${group} is saved`,
};
