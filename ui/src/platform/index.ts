export * from "./call";
export * from "./desktop";
export * from "./error";
export * from "./feed";
export * from "./pipe";
