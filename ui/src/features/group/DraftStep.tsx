import { type ReactNode, useEffect, useRef } from "react";
import { useShortcut } from "~/app/page";
import type { EnvColour } from "~/kit";
import type { App, Environment, GroupDraft, GroupView } from "~/wire/types";
import { ContainerSection } from "./ContainerSection";
import { Basics, Failed, RestoredBar, useFirstWrong } from "./GroupForm";
import css from "./group.module.css";
import { HealthSection } from "./HealthSection";
import { Side } from "./Side";
import { StrategySection } from "./StrategySection";
import { type GroupForm, useGroupForm } from "./useGroupForm";

/** The first step of a new group: who, where, what runs and how it is replaced; what comes of it at the right. */
export function DraftStep({
  app,
  environments,
  base,
  view,
  onEnvironment,
  onNext,
  footer,
}: {
  app: App;
  environments: Environment[];
  base: GroupDraft;
  /** Null while the group does not exist. */
  view: GroupView | null;
  /** Told which environment is chosen, so that the page can wear its colour. */
  onEnvironment?: ((colour: EnvColour | undefined) => void) | undefined;
  onNext: (form: GroupForm) => void;
  footer: (form: GroupForm) => ReactNode;
}) {
  const form = useGroupForm({ app, group: view?.id, base });
  const column = useRef<HTMLDivElement>(null);
  useShortcut("mod+enter", () => onNext(form));
  useFirstWrong(form, column);
  const colour = environments.find(({ id }) => id === form.draft.environment)?.colour;
  useEffect(() => onEnvironment?.(colour), [onEnvironment, colour]);
  return (
    <>
      <RestoredBar form={form} />
      <div className={css.edit}>
        <div ref={column} className={css.form} key={form.generation}>
          <Basics form={form} app={app} view={view} environments={environments} />
          <ContainerSection form={form} app={app} />
          <StrategySection form={form} />
          <HealthSection form={form} />
          <Failed form={form} />
        </div>
        <Side draft={form.draft} errors={form.errors} app={app} view={view} />
      </div>
      {footer(form)}
    </>
  );
}
