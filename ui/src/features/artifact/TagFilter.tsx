import { Search } from "lucide-react";
import { useText } from "~/i18n";
import { Input } from "~/kit";
import css from "./artifact.module.css";

/** Narrows a list of tags by name or digest. */
export function TagFilter({
  value,
  onChange,
}: {
  value: string;
  onChange: (value: string) => void;
}) {
  const words = useText().artifact;
  return (
    <Input
      className={css.filter}
      icon={Search}
      value={value}
      placeholder={words.filter}
      aria-label={words.filter}
      onChange={onChange}
    />
  );
}
