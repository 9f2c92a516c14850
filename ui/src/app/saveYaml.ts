import { useOrder } from "~/data";
import { useFormat, useText } from "~/i18n";
import { toast } from "~/kit";

/** Saves definitions of groups as folders that `kubectl apply -k` takes, and says where they are. */
export function useSaveYaml() {
  const format = useFormat();
  const words = useText().diff.yaml;
  return useOrder("group_save_yaml", {
    onDone: (saved) => {
      // The person thought better of it.
      if (!saved) return;
      const files = saved.reduce((sum, { files }) => sum + files, 0);
      const left = saved.reduce((sum, { left_out }) => sum + left_out.length, 0);
      toast({
        state: left > 0 ? "warn" : "ok",
        title: words.saved(format.list(saved.map(({ folder }) => folder))),
        text: [
          words.savedText(format.number(files)),
          left > 0 ? words.leftOut(left, format.number(left)) : "",
        ]
          .filter(Boolean)
          .join(" "),
      });
    },
  });
}
