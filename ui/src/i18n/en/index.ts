import { adopt } from "./adopt";
import { app } from "./app";
import { artifact } from "./artifact";
import { balancer } from "./balancer";
import { cluster } from "./cluster";
import { common } from "./common";
import { config } from "./config";
import { diff } from "./diff";
import { environment } from "./environment";
import { error } from "./error";
import { field } from "./field";
import { file } from "./file";
import { folder } from "./folder";
import { forward } from "./forward";
import { frame } from "./frame";
import { group } from "./group";
import { groupForm } from "./groupForm";
import { groupLife } from "./groupLife";
import { instance } from "./instance";
import { log } from "./log";
import { merge } from "./merge";
import { monitor } from "./monitor";
import { notification } from "./notification";
import { release } from "./release";
import { setting } from "./setting";
import { terminal } from "./terminal";
import { value } from "./value";
import { variable } from "./variable";

export const en = {
  adopt,
  app,
  artifact,
  balancer,
  cluster,
  common,
  config,
  diff,
  environment,
  error,
  field,
  file,
  folder,
  forward,
  frame,
  group,
  groupForm,
  groupLife,
  instance,
  log,
  merge,
  monitor,
  notification,
  release,
  setting,
  terminal,
  value,
  variable,
};

/** All messages. The Chinese catalogue has this type: a missing message does not compile. */
export type Catalogue = typeof en;
