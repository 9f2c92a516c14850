import { Link } from "@tanstack/react-router";
import { Gauge, Laptop, Pencil, Play, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { useFormat, useText } from "~/i18n";
import { Button, Icon, type IconType } from "~/kit";
import type { ReleaseView } from "~/wire/types";
import { AbortBelowButton, AbortButton, ContinueButton } from "./actions";
import css from "./release.module.css";
import { agreedLess, refusedRoom } from "./state";

/** Then offer: every way out of a stop, with what it does; doing nothing is one too. */
export function WhatToDo({
  view,
  ready,
}: {
  view: ReleaseView;
  ready: { all: number; count: number } | null;
}) {
  const text = useText();
  const format = useFormat();
  const words = text.release.diagnosis;
  const from = view.row.from_version;
  const lacksRoom = refusedRoom(view) !== null;
  const agreed = agreedLess(view);
  return (
    <section className={css.part}>
      <h3>{words.whatToDo}</h3>
      {view.actions.includes("abort") ? (
        <Option
          icon={Undo2}
          title={from ? words.abortTitle(from) : words.abortTitleFirst}
          text={from ? words.abortText(from) : words.abortTextFirst}
        >
          <AbortButton view={view} kind="filled" />
        </Option>
      ) : null}
      {view.actions.includes("abort_below") ? (
        <Option
          icon={Undo2}
          title={words.belowTitle(format.number(agreed + 1))}
          text={words.belowText(from ?? "", format.number(agreed + 1))}
        >
          <AbortBelowButton view={view} />
        </Option>
      ) : null}
      {lacksRoom ? (
        <Option
          icon={Gauge}
          title={words.roomTitle}
          text={agreed > 0 ? words.roomTextLess : words.roomText}
        />
      ) : (
        <Option icon={Pencil} title={words.againTitle} text={words.againText}>
          <Button
            render={
              <Link
                to="/app/$app/releases/new"
                params={{ app: view.row.app }}
                search={{ group: view.row.group }}
              />
            }
          >
            {words.againButton}
          </Button>
        </Option>
      )}
      {view.actions.includes("continue") ? (
        <Option icon={Play} title={words.continueTitle} text={words.continueText}>
          <ContinueButton view={view} kind="default" />
        </Option>
      ) : null}
      <Option
        icon={Laptop}
        title={words.nothingTitle}
        text={
          ready
            ? words.nothingText(format.number(ready.all), format.number(ready.count))
            : words.nothingTextBare
        }
      />
    </section>
  );
}

function Option({
  icon,
  title,
  text,
  children,
}: {
  icon: IconType;
  title: string;
  text: string;
  children?: ReactNode;
}) {
  return (
    <div className={css.option}>
      <Icon of={icon} />
      <div>
        <h4>{title}</h4>
        <p>{text}</p>
        {children}
      </div>
    </div>
  );
}
