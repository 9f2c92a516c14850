import { Slider as Base } from "@base-ui/react/slider";
import type { ReactNode } from "react";
import css from "./Slider.module.css";

/**
 * A number of parts that are drawn anyway: the drawing is the track, and the thumb stands where they end. The pointer
 * drags it, the arrow keys move it by one.
 */
export function Slider({
  label,
  value,
  valueText,
  least,
  max,
  onChange,
  children,
}: {
  label: string;
  value: number;
  /** The value in words, for those who hear it. */
  valueText: string;
  /** Fewest that can be taken, though the drawing begins at none. */
  least: number;
  max: number;
  onChange: (value: number) => void;
  /** The drawing, as wide as `max` parts. */
  children: ReactNode;
}) {
  return (
    <Base.Root
      className={css.slider}
      value={value}
      min={0}
      max={max}
      onValueChange={(next) => {
        const taken = Math.max(least, next);
        if (taken !== value) onChange(taken);
      }}
    >
      <Base.Control className={css.control}>
        <Base.Track className={css.track}>
          {children}
          <Base.Thumb
            className={css.thumb}
            getAriaLabel={() => label}
            getAriaValueText={() => valueText}
          />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  );
}
