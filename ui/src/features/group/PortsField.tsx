import { Plus, X } from "lucide-react";
import { useFormat, useText } from "~/i18n";
import { Button, Field, IconButton, Input, Select } from "~/kit";
import type { Protocol } from "~/wire/types";
import css from "./group.module.css";
import { useRows } from "./rows";
import type { GroupForm } from "./useGroupForm";

const protocols: Protocol[] = ["TCP", "UDP", "SCTP"];

/** The ports the container listens on. */
export function PortsField({ form }: { form: GroupForm }) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const { ports } = form.draft;
  const { list, focusLast } = useRows();
  const first = ports.length === 0;
  const add = () => {
    form.addRow("ports", {
      name: first ? "http" : "",
      port: first ? "8080" : "",
      protocol: "TCP",
    });
    focusLast();
  };
  return (
    <Field
      group
      label={words.ports}
      {...form.fieldProps(
        "ports",
        ...ports.flatMap((_, at) =>
          (["name", "port", "protocol"] as const).map((part) => `ports.${at}.${part}`),
        ),
      )}
    >
      <div ref={list} className={css.stack}>
        {ports.map((port, at) => {
          const row = format.number(at + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a port has no identity but its place
            <div key={at} className={css.port} data-row="">
              <Input
                mono
                placeholder={words.portName}
                aria-label={words.portOf(row, words.portName)}
                {...form.input(`ports.${at}.name`)}
              />
              <Input
                mono
                inputMode="numeric"
                placeholder={words.portNumber}
                aria-label={words.portOf(row, words.portNumber)}
                {...form.input(`ports.${at}.port`)}
              />
              <Select<Protocol>
                label={words.portOf(row, words.protocol)}
                value={port.protocol}
                onChange={(value) => form.set(`ports.${at}.protocol`, value)}
                options={protocols.map((value) => ({ value, label: value }))}
              />
              <IconButton
                icon={X}
                label={words.removePort(row)}
                onClick={() => form.removeRow("ports", at)}
              />
            </div>
          );
        })}
        <div className={css.add}>
          {ports.length === 0 ? <span className={css.subtle}>{words.noPorts}</span> : null}
          <Button small kind="ghost" icon={Plus} onClick={add}>
            {words.addPort}
          </Button>
        </div>
      </div>
    </Field>
  );
}
