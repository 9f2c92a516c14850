import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Check } from "~/wire/types";
import css from "./new.module.css";

/** What a check of a group's plan found, as a whole; where others released meanwhile, the way to the merge. */
export function VerdictText({
  check,
  group,
  children,
}: {
  check: Check;
  group: string;
  children: ReactNode;
}) {
  const { app = "" }: { app?: string } = useParams({ strict: false });
  return (
    <span className={css.found}>
      {check === "meanwhile" ? (
        <Link to="/app/$app/groups/$group/merge" params={{ app, group }}>
          {children}
        </Link>
      ) : (
        children
      )}
    </span>
  );
}
