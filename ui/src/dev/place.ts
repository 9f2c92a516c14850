import type { SimulatedCore } from "~/platform/simulate";
import type {
  GpuOffers,
  ProbeTried,
  ProbeTry,
  PullSecretCreate,
  RegistryLogin,
  RegistryPut,
} from "~/wire/types";

/** What the place of a group offers and answers: its nodes, its pods, and logins at registries. */
export function placeStory(): SimulatedCore {
  const logins: RegistryLogin[] = [
    { host: "registry.example.com", username: "lihua", plain: false },
  ];
  return {
    calls: {
      probe_try: ({ probe }: ProbeTry): ProbeTried => tried(probe.kind),
      gpu_list: (link: string): GpuOffers =>
        link === "gz-prod"
          ? { known: false, types: [] }
          : {
              known: true,
              types: [
                {
                  resource: "nvidia.com/gpu",
                  nodes: 2,
                  most: 4,
                  products: [{ label: "nvidia.com/gpu.product", value: "A10", nodes: 2, most: 4 }],
                },
              ],
            },
      registry_list: () => [...logins],
      registry_put: ({ host, username, plain }: RegistryPut): RegistryLogin => {
        const login = { host, username, plain: plain ?? false };
        logins.push(login);
        return login;
      },
      registry_delete: () => null,
      pull_secret_list: () => ["shop-registry"],
      pull_secret_create: ({ name }: PullSecretCreate) => name,
    },
  };
}

function tried(kind: string): ProbeTried {
  switch (kind) {
    case "http":
      return {
        passed: true,
        ms: 12,
        outcome: { kind: "http", status: 200, body: '{"status":"UP","db":"UP"}', cut: false },
      };
    case "command":
      return { passed: true, ms: 31, outcome: { kind: "exit", code: 0, output: "", cut: false } };
    default:
      return {
        passed: false,
        ms: null,
        outcome: { kind: "nothing", reason: "connection refused" },
      };
  }
}
