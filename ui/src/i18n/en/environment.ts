import type { EnvironmentName } from "~/wire/types";

export const environment: Record<Extract<EnvironmentName, string>, string> = {
  development: "Development",
  test: "Test",
  staging: "Staging",
  production: "Production",
};
