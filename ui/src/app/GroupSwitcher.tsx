import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown } from "lucide-react";
import { useCall } from "~/data";
import { environmentWord, useText } from "~/i18n";
import { Button, EnvSquare, EnvTag, Icon, Menu } from "~/kit";
import type { Environment } from "~/wire/types";
import css from "./GroupSwitcher.module.css";
import { routes } from "./routes";

/** The group shown, in place of the page's title, and every other one of the app on the same page. */
export function GroupSwitcher({
  app,
  name,
  environment,
  page,
}: {
  app: string;
  name: string;
  environment: Environment | null;
  page: "running" | "group" | "groupYaml" | "groupDiff" | "groupMerge";
}) {
  const text = useText();
  const navigate = useNavigate();
  const groups = useCall("group_list", app);
  const environments = useCall("environment_list", null);
  const of = new Map(environments.data?.map((one) => [one.id, one]));

  return (
    <h1>
      <Menu
        trigger={
          <Button
            kind="ghost"
            className={css.switcher}
            aria-label={`${text.instance.switchGroup}: ${name}`}
          >
            {environment ? (
              <EnvTag colour={environment.colour}>{environmentWord(environment.name, text)}</EnvTag>
            ) : null}
            <strong title={name}>{name}</strong>
            <Icon of={ChevronsUpDown} size={14} />
          </Button>
        }
        items={(groups.data ?? []).map((group) => {
          const its = of.get(group.environment);
          return {
            key: group.id,
            label: group.name,
            current: group.name === name,
            mark: its ? (
              <EnvSquare colour={its.colour} label={environmentWord(its.name, text)} />
            ) : undefined,
            note: group.link_name ?? undefined,
            onSelect: () =>
              void navigate({
                to: routes[page].path,
                params: { app, group: group.id },
              }),
          };
        })}
      />
    </h1>
  );
}
