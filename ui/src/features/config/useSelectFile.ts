import { useNavigate } from "@tanstack/react-router";
import type { View } from "~/app/page";

/** Opens a file in somebody's eyes, a group's or the app's; what was open of the one before closes. */
export function useSelectFile(): (group: string | null, file: string) => void {
  const navigate = useNavigate();
  return (group, file) =>
    void navigate({
      to: ".",
      search: ({ tab }: View): View => ({
        open: file,
        ...(group === null ? {} : { group }),
        ...(tab === undefined ? {} : { tab }),
      }),
    });
}
