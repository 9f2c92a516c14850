export * from "./calls";
export { createClient, followChanges, followNotifications } from "./client";
export { onFailure } from "./failure";
export * from "./feeds";
export * from "./pipes";
