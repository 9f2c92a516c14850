export const probes = ["readiness", "liveness", "startup"] as const;
export type ProbeKey = (typeof probes)[number];
