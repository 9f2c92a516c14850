import type { KeyValue } from "~/wire/types";
import { ago } from "./time";

/** A file of the demo, as its owner saved it. */
export interface File {
  id: string;
  group: string | null;
  path: string;
  text: string;
  literal?: boolean;
  sensitive?: boolean;
  versions: number;
  revision: number;
  saved: string;
}

const application = `server:
  port: 8080
  shutdown: graceful
  tomcat:
    threads:
      max: 200
    accept-count: 100
spring:
  application:
    name: checkout-api
spring:
  datasource:
    url: jdbc:mysql://{{db.host}}.internal:3306/checkout
    hikari:
      maximum-pool-size: {{db.pool.max}}
      minimum-idle: 5
  redis:
    host: {{cache.host}}.internal
    timeout: {{cache.timeout}}
payment:
  callback: https://{{payment.callback.host}}.example.com/v2/notify
shipping:
  address-schema: {{shipping.schema}}
order:
  topic: {{order.topic}}
  refund-retry: {{payment.retry}}
logging:
  level: {{log.level}}
management:
  endpoints:
    web:
      exposure:
        include: health,info,prometheus
`;

const logback = `<configuration>
  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %-5level %logger - %msg%n</pattern></encoder>
  </appender>
  <!-- raised for one group at a time -->
  <root level="{{log.level}}">
    <appender-ref ref="console"/>
  </root>
</configuration>
`;

const flags = `{
  "newCheckout": true,
  "splitPayment": false,
  "maxItems": 50
}
`;

const nginx = `upstream checkout { server 127.0.0.1:8080; }
server {
  listen 80;
  location / {
    proxy_pass http://checkout;
    proxy_set_header X-Region {{region}};
    proxy_set_header X-Gateway {{gateway.url}};
  }
}
`;

export const files: File[] = [
  file("application", null, "conf/application.yaml", application, 17),
  file("logback", null, "conf/logback.xml", logback, 4),
  file("flags", null, "conf/feature-flags.json", flags, 9),
  file("nginx", null, "/etc/nginx/conf.d/app.conf", nginx, 2),
  file("flags-sh", "group-prod-sh-1", "conf/feature-flags.json", flags.replace("false", "true"), 3),
  file("routes", "group-prod-sh-1", "conf/sh-routes.yaml", "routes:\n  - to: {{region}}\n", 1),
];

function file(
  id: string,
  group: string | null,
  path: string,
  text: string,
  versions: number,
): File {
  return { id: `file-${id}`, group, path, text, versions, revision: versions, saved: ago(3600) };
}

const plain = (value: string): KeyValue => ({ kind: "plain", value });
const sealed = (value: string): KeyValue => ({ kind: "sealed", value });

export const defaults = new Map<string, KeyValue>([
  ["db.pool.max", plain("20")],
  ["db.password", sealed("secret-default")],
  ["cache.timeout", plain("250ms")],
  ["payment.retry", plain("3")],
  ["payment.merchant.key", sealed("secret-merchant")],
  ["shipping.schema", plain("v1")],
  ["order.topic", plain("orders")],
  ["log.level", plain("INFO")],
  ["jvm.heap", plain("384m")],
  ["legacy.gateway", plain("off")],
]);

const names = [
  "dev-lihua",
  "dev-wangfang",
  "test",
  "staging",
  "prod-bj-1",
  "prod-sh-1",
  "prod-gz-1",
  "prod-gz-2",
];

/** A row of the matrix, one word a group; "-" takes the default or is empty. */
const rows: [string, string][] = [
  ["db.host", "mysql-dev mysql-dev mysql-test mysql-stg mysql-bj mysql-sh mysql-gz mysql-gz"],
  ["db.pool.max", "5 5 10 - 32 26 - -"],
  [
    "cache.host",
    "redis-dev redis-dev redis-test redis-stg redis-cart.bj redis-cart.sh redis-cart.gz redis-cart.gz",
  ],
  [
    "payment.callback.host",
    "pay-cb-dev pay-cb-dev pay-cb-test pay-cb-stg pay-cb-bj pay-cb-sh - pay-cb-gz",
  ],
  ["payment.retry", "- 0 - - - - - -"],
  ["shipping.schema", "v2 v2 v2 v2 v2 v2 - v2"],
  ["order.topic", "orders-dev orders-dev orders-test - - - - -"],
  ["region", "bj bj bj bj bj sh gz gz"],
  ["log.level", "DEBUG DEBUG DEBUG - - - WARN -"],
  ["gateway.url", "gw-dev gw-dev gw-test gw-stg gw.bj gw.sh gw.gz gw.gz"],
  ["jvm.heap", "256m 256m - - - - - -"],
];

export const values = new Map<string, KeyValue>(
  rows.flatMap(([key, line]) =>
    line.split(" ").flatMap((word, at): [string, KeyValue][] => {
      const name = names[at];
      return word === "-" || name === undefined ? [] : [[`group-${name} ${key}`, plain(word)]];
    }),
  ),
);
for (const name of names) values.set(`group-${name} db.password`, sealed(`secret-${name}`));
values.set("group-prod-bj-1 payment.merchant.key", sealed("secret-bj"));
values.set("group-prod-sh-1 payment.merchant.key", sealed("elsewhere"));

/** What differs from what runs. */
export const pendingCells = new Set([
  "group-prod-sh-1 db.pool.max",
  "group-prod-sh-1 shipping.schema",
  "group-dev-wangfang log.level",
  "group-prod-gz-1 log.level",
]);
