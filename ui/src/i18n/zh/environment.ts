import type { Catalogue } from "../en";

export const environment: Catalogue["environment"] = {
  development: "开发",
  test: "测试",
  staging: "预发",
  production: "生产",
};
