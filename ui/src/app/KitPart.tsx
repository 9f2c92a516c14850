import type { ReactNode } from "react";
import css from "./KitPage.module.css";

/** One part of the kit sheet, under its heading. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
