import type { LucideIcon } from "lucide-react";

export type IconType = LucideIcon;

/** An icon of 16 px with a line of 1.3 px. It is decoration: the word beside it, or the control's label, names it. */
export function Icon({
  of: Drawing,
  size = 16,
  className,
}: {
  of: IconType;
  size?: number;
  className?: string | undefined;
}) {
  return (
    <Drawing
      size={size}
      strokeWidth={(1.3 * 24) / size}
      className={className}
      aria-hidden="true"
      focusable="false"
    />
  );
}
