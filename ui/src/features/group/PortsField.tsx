import { Plus, X } from "lucide-react";
import { useRef } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, Field, IconButton, Input, Select } from "~/kit";
import type { PortDraft, Protocol } from "~/wire/types";
import css from "./group.module.css";
import type { GroupForm } from "./useGroupForm";

const protocols: Protocol[] = ["TCP", "UDP", "SCTP"];

/** The ports the container listens on. */
export function PortsField({ form }: { form: GroupForm }) {
  const text = useText();
  const format = useFormat();
  const words = text.group.edit;
  const { ports } = form.draft;
  const list = useRef<HTMLDivElement>(null);
  const paths = ports.flatMap((_, at) => [`ports.${at}.name`, `ports.${at}.port`]);
  const { error } = form.fieldProps(...paths);
  const change = (at: number, part: keyof PortDraft, value: string) =>
    form.set(
      "ports",
      ports.map((port, index) => (index === at ? { ...port, [part]: value } : port)),
      `ports.${at}.${part}`,
    );
  const add = () => {
    const first = ports.length === 0;
    form.set("ports", [
      ...ports,
      { name: first ? "http" : "", port: first ? "8080" : "", protocol: "TCP" },
    ]);
    requestAnimationFrame(() => {
      const inputs = list.current?.querySelectorAll("input");
      inputs?.[inputs.length - 2]?.focus();
    });
  };
  return (
    <Field group label={words.ports} error={error}>
      <div ref={list} className={css.stack}>
        {ports.map((port, at) => {
          const row = format.number(at + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a port has no identity but its place
            <div key={at} className={css.port}>
              <Input
                mono
                value={port.name}
                placeholder={words.portName}
                aria-label={words.portOf(row, words.portName)}
                invalid={form.isWrong(`ports.${at}.name`)}
                onChange={(value) => change(at, "name", value)}
              />
              <Input
                mono
                inputMode="numeric"
                value={port.port}
                placeholder={words.portNumber}
                aria-label={words.portOf(row, words.portNumber)}
                invalid={form.isWrong(`ports.${at}.port`)}
                onChange={(value) => change(at, "port", value)}
              />
              <Select<Protocol>
                label={words.portOf(row, words.protocol)}
                value={port.protocol}
                onChange={(value) => change(at, "protocol", value)}
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
