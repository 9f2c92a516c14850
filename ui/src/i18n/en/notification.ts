/** What is told on the desktop while the window is not in front. */
export const notification = {
  place: (app: string, group: string) => `${app} / ${group}`,
  batchDone: (place: string, number: string, all: string) =>
    `${place}: batch ${number} of ${all} is done`,
  waits: (release: string) => `${release}. The next batch waits for your approval.`,
  runs: (place: string, version: string) => `${place} runs ${version}`,
  succeeded: (number: string, duration: string) => `${number} succeeded, it took ${duration}.`,
  stopped: (place: string, number: string) => `${place}: ${number} stopped`,
  failed: (place: string, number: string) => `${place}: ${number} failed`,
  aborted: (place: string, number: string) => `${place}: ${number} was aborted`,
  superseded: (place: string, number: string) =>
    `${place}: ${number} was replaced by a newer release`,
  backWaits: (place: string, number: string) => `${place}: the way back of ${number} waits`,
  trainStopped: (app: string, version: string) => `${app}: the train of ${version} stopped`,
  trainWaits: (app: string, version: string) => `${app}: the train of ${version} waits for you`,
  trainAsks: (group: string) => `${group} is next, and begins once somebody says so.`,
  files: (count: string) => `${count} files`,
  someOf: (some: string, what: string) => `${some} of ${what}`,
  downloaded: (what: string) => `Downloaded ${what}`,
  notDownloaded: (what: string) => `Could not download ${what}`,
  uploaded: (what: string) => `Uploaded ${what}`,
  notUploaded: (what: string) => `Could not upload ${what}`,
  uploadWaits: (what: string) => `The upload of ${what} waits for you`,
  broughtTo: (path: string) => `It is in ${path}.`,
  putTo: (pod: string, folder: string) => `Into ${folder} of ${pod}.`,
  by: (person: string) => (person ? `By ${person}.` : ""),
};
