import { Link } from "@tanstack/react-router";
import { Copy, FileCode2, FileCog, Network } from "lucide-react";
import { useState } from "react";
import { usePending } from "~/app/pending";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, Icon, later, SectionNav, StatusMark } from "~/kit";
import css from "./group.module.css";
import { type FormSection, sections } from "./sections";
import type { GroupForm } from "./useGroupForm";

const CopyDialog = later(async () => (await import("./CopyDialog")).CopyDialog);

/** The sections of a group, with what waits for a release and what is wrong in each. */
export function GroupNav({
  app,
  group,
  form,
  current,
  onGo,
}: {
  app: string;
  group: string;
  form: GroupForm;
  current: FormSection;
  onGo: (section: FormSection) => void;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.groupForm;
  const pending = usePending(app).get(group);
  const files = useCall("config_tree", app).data?.groups.find(({ id }) => id === group)?.files;
  const balancers = useCall("balancer_list", app).data?.filter(({ draft }) =>
    draft.groups.includes(group),
  );
  const [copying, setCopying] = useState(false);
  return (
    <SectionNav<FormSection>
      label={words.sections}
      current={current}
      onGo={onGo}
      foot={
        <>
          <Button
            small
            kind="ghost"
            icon={Copy}
            className={css.copyFrom}
            aria-label={words.copy.title}
            onClick={() => setCopying(true)}
          >
            {words.copyFrom}
          </Button>
          {words.navFoot}
          {copying ? (
            <CopyDialog app={app} group={group} form={form} onClose={() => setCopying(false)} />
          ) : null}
        </>
      }
      items={sections.map((section) => {
        const changes = pending?.sections.find((one) => one.section === section)?.changes ?? 0;
        const wrong = form.wrong(section);
        return {
          key: section,
          title: words.section[section],
          marks: (
            <>
              {changes > 0 ? (
                <span title={words.sectionChanges(format.number(changes))}>
                  <StatusMark
                    state="pending"
                    label={words.sectionChanges(format.number(changes))}
                  />
                  {format.number(changes)}
                </span>
              ) : null}
              {wrong > 0 ? (
                <span title={words.sectionWrong(format.number(wrong))} className={css.danger}>
                  <StatusMark state="danger" label={words.sectionWrong(format.number(wrong))} />
                  {format.number(wrong)}
                </span>
              ) : null}
              {changes === 0 && wrong === 0 ? <Note form={form} section={section} /> : null}
            </>
          ),
        };
      })}
    >
      <Link to="/app/$app/config" params={{ app }} search={{ group }}>
        <Icon of={FileCog} />
        {text.frame.page.config}
        <Count of={files} />
      </Link>
      <Link to="/app/$app/balancers" params={{ app }}>
        <Icon of={Network} />
        {text.frame.page.balancers}
        <Count of={balancers} />
      </Link>
      <Link to="/app/$app/groups/$group/yaml" params={{ app, group }}>
        <Icon of={FileCode2} />
        {text.group.list.yaml}
      </Link>
    </SectionNav>
  );
}

/** How many there are, once that is known. */
function Count({ of }: { of: readonly unknown[] | undefined }) {
  const format = useFormat();
  return of ? <span className={css.count}>{format.number(of.length)}</span> : null;
}

/** What there is in a section, where that is one word. */
function Note({ form, section }: { form: GroupForm; section: FormSection }) {
  const format = useFormat();
  const words = useText().groupForm;
  const { gpu, variables } = form.draft;
  if (section === "gpu") return gpu.resource.trim() === "" ? words.none : null;
  if (section === "variables") return format.number(variables.length);
  return null;
}
