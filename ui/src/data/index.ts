export * from "./calls";
export { createClient, followChanges } from "./client";
export { onFailure } from "./failure";
export * from "./feeds";
export * from "./pipes";
