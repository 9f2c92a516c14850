import { Link } from "@tanstack/react-router";
import {
  Bell,
  Check,
  Database,
  Info,
  KeyRound,
  Layers,
  Monitor,
  Moon,
  SlidersHorizontal,
  Sun,
} from "lucide-react";
import { useRef, useState } from "react";
import { Logo } from "~/app/Logo";
import { Page, useSettings, useView } from "~/app/page";
import { useCall, useOrder } from "~/data";
import { sayError, useText } from "~/i18n";
import {
  Bar,
  Button,
  Copyable,
  Facts,
  Field,
  Icon,
  type IconType,
  Input,
  type MarkState,
  QueryView,
  Section,
  SectionNav,
  Segment,
  Skeleton,
  Status,
  Switch,
  toast,
  visible,
} from "~/kit";
import type { About, KeyringState, Language, Occasion, Theme } from "~/wire/types";
import { Environments } from "./Environments";
import { LogSize } from "./LogSize";
import css from "./setting.module.css";
import { useSaveAfterPause } from "./useSaveAfterPause";

const NAME_MAX = 100;

const parts = ["general", "environments", "data", "keyring", "notifications", "about"] as const;
type Part = (typeof parts)[number];
const icons: Record<Part, IconType> = {
  general: SlidersHorizontal,
  environments: Layers,
  data: Database,
  keyring: KeyRound,
  notifications: Bell,
  about: Info,
};

/** Settings of this computer; each holds as soon as it is changed. */
export default function SettingsPage() {
  const text = useText();
  const about = useCall("setting_about", null);
  const [step, setStep] = useView("step");
  const chosen = parts.find((part) => part === step) ?? "general";
  const column = useRef<HTMLDivElement>(null);

  const go = (part: Part) => {
    setStep(part, { replace: true });
    column.current?.querySelector(`#${part}`)?.scrollIntoView({ block: "start" });
  };
  return (
    <Page
      title={text.setting.title}
      actions={
        <span className={css.saved}>
          <Icon of={Check} size={14} />
          {text.setting.savedAtOnce}
        </span>
      }
    >
      {about.data?.set_aside ? <SetAside name={about.data.set_aside} /> : null}
      <div className={css.settings}>
        <SectionNav<Part>
          label={text.setting.sections}
          items={parts.map((part) => ({
            key: part,
            title: text.setting[part],
            icon: icons[part],
          }))}
          current={chosen}
          onGo={go}
          foot={text.setting.ofThisComputer}
        />
        <div ref={column} className={css.column}>
          <General />
          <Environments />
          <QueryView query={about} skeleton={<Skeleton rows={4} />}>
            {(known) => <Rest about={known} />}
          </QueryView>
        </div>
      </div>
    </Page>
  );
}

function SetAside({ name }: { name: string }) {
  const text = useText();
  return (
    <Bar
      kind="problem"
      title={text.setting.setAsideTitle}
      actions={<Copyable text={name} label={text.setting.copyName} />}
    >
      {text.setting.setAside(visible(name))}
    </Bar>
  );
}

/** The settings, and a way to change them that says when they could not be kept. */
function useSaved() {
  const text = useText();
  const { settings, change } = useSettings();
  const save = (part: Parameters<typeof change>[0]) =>
    void change(part).catch((error: unknown) => {
      const said = sayError(error, text);
      const why = [said.title, said.why].join(" ");
      toast({ state: "danger", title: text.setting.notSaved, text: why });
    });
  return { settings, save };
}

function General() {
  const words = useText().setting;
  const { settings, save } = useSaved();
  return (
    <Section id="general" title={words.general}>
      <Field group label={words.language}>
        <div className={css.line}>
          <Segment<Language>
            label={words.language}
            value={settings.language}
            onChange={(language) => save({ language })}
            options={[
              { value: "system", label: words.languageSystem },
              // A language is named in itself.
              { value: "zh", label: "中文" },
              { value: "en", label: "English" },
            ]}
          />
          <span className={css.subtle}>{words.languageNote}</span>
        </div>
      </Field>
      <Field group label={words.theme}>
        <div className={css.line}>
          <Segment<Theme>
            label={words.theme}
            value={settings.theme}
            onChange={(theme) => save({ theme })}
            options={[
              { value: "system", label: words.themeSystem, icon: Monitor },
              { value: "light", label: words.light, icon: Sun },
              { value: "dark", label: words.dark, icon: Moon },
            ]}
          />
          <span className={css.subtle}>{words.themeNote}</span>
        </div>
      </Field>
      <DisplayName
        value={settings.display_name}
        onSave={(display_name) => save({ display_name })}
      />
    </Section>
  );
}

/** Saved when the person pauses, and at the latest when the field is left. */
function DisplayName({ value, onSave }: { value: string; onSave: (name: string) => void }) {
  const text = useText();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? value;
  const save = () => {
    if (typed !== null && typed.trim() !== value) onSave(typed.trim());
  };
  useSaveAfterPause(typed, save);
  return (
    <Field label={text.setting.displayName} hint={text.setting.displayNameHint}>
      <Input
        className={css.name}
        value={shown}
        maxLength={NAME_MAX}
        onChange={setTyped}
        onBlur={() => {
          save();
          setTyped(null);
        }}
      />
    </Field>
  );
}

function Rest({ about }: { about: About }) {
  const text = useText();
  const words = text.setting;
  return (
    <>
      <Section id="data" title={words.data}>
        <Field group label={words.folder} hint={words.folderHint}>
          <div className={css.line}>
            <Copyable text={about.data_dir} label={words.folder} />
          </div>
        </Field>
        <LogSize />
      </Section>
      <Keyring state={about.keyring} />
      <Notifications />
      <Section id="about" title={words.about}>
        <div className={css.about}>
          <Logo size={40} />
          <Facts
            labelWidth={112}
            items={[
              {
                label: words.version,
                value: (
                  <Copyable text={`Slipway ${about.version}`} mono={false} label={words.version} />
                ),
              },
              {
                label: words.device,
                value: (
                  <>
                    {visible(about.device)} <span className={css.subtle}>{words.deviceHint}</span>
                  </>
                ),
              },
              { label: words.sentOut, value: words.sentOutText },
            ]}
          />
        </div>
      </Section>
    </>
  );
}

const occasions: readonly Occasion[] = ["waits", "stopped", "ended", "transferred"];

/** Of releases that were begun on this computer or taken over by it. */
function Notifications() {
  const words = useText().setting;
  const { settings, save } = useSaved();
  const { muted } = settings;
  const set = (occasion: Occasion, told: boolean) => {
    const others = muted.filter((one) => one !== occasion);
    save({ muted: told ? others : [...others, occasion] });
  };
  return (
    <Section id="notifications" title={words.notifications} note={words.notificationsNote}>
      {occasions.map((occasion) => (
        <div key={occasion} className={css.line}>
          <Switch checked={!muted.includes(occasion)} onChange={(told) => set(occasion, told)}>
            {words.occasion[occasion]}
          </Switch>
        </div>
      ))}
      <p className={css.subtle}>{words.notificationsOf}</p>
    </Section>
  );
}

const keyringMarks: Record<KeyringState["state"], MarkState> = {
  ready: "ok",
  missing: "danger",
  locked: "warn",
  memory_only: "warn",
  key_lost: "danger",
};

function Keyring({ state }: { state: KeyringState }) {
  const text = useText();
  const words = text.setting;
  const retry = useOrder("keyring_retry");
  const memory = useOrder("keyring_memory_only");
  const without = state.state === "missing" || state.state === "locked";
  return (
    <Section
      id="keyring"
      title={words.keyring}
      note={<Status state={keyringMarks[state.state]}>{words.keyringState[state.state]}</Status>}
      actions={
        <>
          {without ? (
            <Button
              small
              busy={memory.pending}
              disabled={retry.pending}
              onClick={() => void memory.run(null)}
            >
              {words.memoryOnly}
            </Button>
          ) : null}
          {state.state === "key_lost" ? (
            <Button small kind="tint" render={<Link to="/clusters" />}>
              {words.linkAgain}
            </Button>
          ) : null}
          <Button
            small
            kind={without ? "tint" : "default"}
            busy={retry.pending}
            disabled={memory.pending}
            onClick={() => void retry.run(null)}
          >
            {retry.pending ? words.checking : words.checkAgain}
          </Button>
        </>
      }
    >
      <p className={css.keyring}>{words.keyringText[state.state]}</p>
      {state.state === "missing" && state.reason ? (
        <p className={css.subtle}>{words.keyringReason(visible(state.reason))}</p>
      ) : null}
      <p className={css.subtle}>{words.neverFile}</p>
    </Section>
  );
}
