import { mergeProps } from "@base-ui/react/merge-props";
import { useRender } from "@base-ui/react/use-render";
import { Lock } from "lucide-react";
import {
  type ButtonHTMLAttributes,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
  useContext,
} from "react";
import css from "./Button.module.css";
import { cx } from "./cx";
import { Icon, type IconType } from "./Icon";
import { RowStop } from "./rowStop";
import { Ring } from "./StatusMark";
import { Tooltip } from "./Tooltip";

export type ButtonKind = "filled" | "tint" | "default" | "ghost" | "danger" | "production" | "link";

export interface ButtonProps
  extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled" | "children"> {
  /** One filled button per view; production only for what really changes production. */
  kind?: ButtonKind | undefined;
  small?: boolean | undefined;
  icon?: IconType | undefined;
  /** Work is under way: the mark turns, clicks are ignored. Give the word in its "…ing" form. */
  busy?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Which right is missing. Shows a lock, keeps the focus and explains itself. */
  locked?: string | false | null | undefined;
  /** Why this can not be done yet. As `locked`, without the lock: no right is missing. */
  notYet?: string | false | null | undefined;
  lockedTitle?: string | undefined;
  /** Renders as another element, for instance a router link. */
  render?: ReactElement<Record<string, unknown>> | undefined;
  ref?: Ref<HTMLButtonElement> | undefined;
  children?: ReactNode;
}

export function Button({
  kind = "default",
  small,
  icon,
  busy,
  disabled,
  locked,
  notYet,
  lockedTitle,
  render,
  className,
  children,
  onClick,
  ref,
  ...rest
}: ButtonProps) {
  const why = locked || notYet;
  const off = Boolean(disabled || busy || why);
  const size = small ? 14 : 16;
  const reached = useContext(RowStop);
  const own = {
    // A link must not carry type=button.
    ...(render ? {} : { type: "button" as const }),
    className: cx(css.button, css[kind], small && css.small, busy && css.busy, className),
    "aria-disabled": off || undefined,
    "aria-busy": busy || undefined,
    onClick: (event: MouseEvent<HTMLButtonElement>) => {
      if (off) {
        event.preventDefault();
        event.stopPropagation();
      } else onClick?.(event);
    },
    children: (
      <>
        {busy ? (
          <Ring size={size - 2} />
        ) : locked ? (
          <Icon of={Lock} size={size} />
        ) : icon ? (
          <Icon of={icon} size={size} />
        ) : null}
        {children}
      </>
    ),
  };
  const element = useRender({
    defaultTagName: "button",
    render,
    ref,
    props: mergeProps<"button">(own, rest, reached ? {} : { tabIndex: -1 }),
  });
  return why ? (
    <Tooltip text={why} title={lockedTitle}>
      {element}
    </Tooltip>
  ) : (
    element
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "icon" | "children"> {
  /** The accessible name, also shown as tooltip. */
  label: string;
  icon: IconType;
  /** The button turns something on; pressed draws it chosen. */
  pressed?: boolean | undefined;
}

export function IconButton({
  label,
  icon,
  pressed,
  kind = "ghost",
  className,
  locked,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={locked || label} title={locked ? label : undefined}>
      <Button
        kind={kind}
        icon={icon}
        aria-label={label}
        aria-pressed={pressed}
        disabled={Boolean(locked)}
        className={cx(css.iconOnly, className)}
        {...rest}
      />
    </Tooltip>
  );
}
