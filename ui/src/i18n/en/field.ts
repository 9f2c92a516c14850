import type { FieldCode } from "~/wire/types";
import type { Params } from "../params";

/** Which part of an image reference is wrong. */
const image: Record<string, string> = {
  repository:
    "Not an image: the repository is lower case letters and digits, parts split by “/”, without a tag",
  tag: "Not an image: a tag is letters, digits, “_”, “.” and “-”, at most 128",
  digest: "Not an image: a digest is sha256: and 64 hexadecimal digits",
  no_tag: "The image needs a tag or a digest: name:2.14.0",
};

/** Why a text is no template. */
export const template: Record<string, string> = {
  unclosed: "“{{” without “}}” on its line; “\\{{” means the braces themselves",
  bad_key: "not a key: letters, digits, “_”, “-” and “.”",
  empty_key: "no key between the braces",
};

/** One sentence under a field. */
export const field: Record<FieldCode, (p: Params) => string> = {
  required: () => "Fill this in",
  not_a_label: () => "Lower case letters, digits and “-” only, beginning with a letter",
  too_long: (p) => `At most ${p.max} characters`,
  names_too_long: (p) => `At most ${p.max} characters: the name of ${p.app} takes the rest`,
  taken: () => "This name is taken",
  not_a_number: () => "A whole number",
  out_of_range: (p) => `From ${p.min} to ${p.max}`,
  not_a_quantity: () => "A number with a unit: 200m, 1.5, 512Mi, 1Gi",
  not_a_size: () => "A number with a unit: 512 MiB, 2 GiB",
  limit_below_request: (p) => `The limit is below the request of ${p.request}`,
  not_an_image: (p) => image[p.reason ?? ""] ?? `Not an image: ${p.reason}`,
  not_a_deploy_path: () => "Begins and ends with “/”, without “//” and “..”",
  not_a_path: () => "Begins with “/”",
  not_a_file_path: () => "A path such as conf/app.yml: without “//”, “.”, “..” and “:”",
  relative_without_deploy_path: () =>
    "The app has no deploy path: begin with “/”, or give the app one",
  path_too_long: (p) => `At most ${p.max} bytes with the deploy path, not ${p.length}`,
  path_taken: (p) => `Another file is at ${p.path} already`,
  file_as_folder: (p) => `${p.path} is a file: it can not be a folder as well`,
  not_a_key: () => "Letters, digits, “_”, “-” and “.” only",
  not_a_template: (p) =>
    `Line ${p.line}, column ${p.column}: ${template[p.reason ?? ""] ?? p.reason}`,
  not_text: () => "Not UTF-8 text",
  too_many: (p) => `At most ${p.max}`,
  not_a_variable_name: () =>
    "Not a name for a variable: letters, digits, “_”, “-” and “.”, not beginning with a digit",
  too_large: (p) => `At most ${p.max} bytes`,
  duplicate: () => "Stands here twice",
  not_a_share: () => "A number of pods or a percentage: 2, 25%",
  both_zero: () => "Max surge and max unavailable can not both be 0: no pod could be replaced",
  unknown_port: (p) => `No port is named ${p.port}`,
  not_a_service_place: () => "Write it as namespace/service:port.",
  not_a_header: () => "Letters, digits and “-” only",
  not_a_url: () => "Begins with http:// or https://, then a host",
  not_a_label_key: () => "Not a key of a label: disk, or gpu.example.com/product",
  not_a_label_value: () =>
    "At most 63 letters, digits, “-”, “_” and “.”, with a letter or digit at both ends",
  not_a_resource: () => "A domain, “/” and a name: nvidia.com/gpu",
  not_an_object_name: () =>
    "Lower case letters, digits, “-” and “.” only, with a letter or digit at both ends",
  not_a_host: () => "A host, or a host and a port: registry.example.com:5000",
  not_yaml: (p) =>
    p.reason === "map"
      ? "Not a patch: YAML with metadata and spec, as in a Deployment"
      : `Line ${p.line}, column ${p.column}: not YAML`,
  not_in_patch: (p) => `A patch can not change ${p.path}: Slipway or the form sets it`,
  open_quote: () => "A quote is opened and not closed, or the line ends with “\\”",
  not_a_port_name: () => "At most 15 of a–z, 0–9 and “-”, with a letter",
  unknown: () => "Choose one that exists",
  control_characters: () => "Holds control characters",
  fixed: () => "Can not be changed any more",
  not_a_target: () => "The number of a port, or the name of one",
  no_node_port: () => "This type has no node ports",
  node_port_taken: () => "Another Service of the cluster has this node port",
  other_name: (p) => `Type ${p.name} exactly`,
};
