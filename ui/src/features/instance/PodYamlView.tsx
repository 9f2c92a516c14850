import { Copy } from "lucide-react";
import { useState } from "react";
import { useCall } from "~/data";
import { useFormat, useText } from "~/i18n";
import { Button, Checkbox, Editor, QueryView, Skeleton, toast, visible } from "~/kit";
import { copyText } from "~/platform";
import type { PodOf } from "~/wire/types";
import css from "./instance.module.css";

/** A pod as the cluster has it. Who owns which of its fields is most of it, and folded. */
export function PodYamlView({ of, name }: { of: PodOf; name: string }) {
  const text = useText();
  const format = useFormat();
  const words = text.instance;
  const query = useCall("pod_yaml", of);
  const [unfolded, setUnfolded] = useState(false);
  return (
    <QueryView query={query} skeleton={<Skeleton rows={14} rowHeight={20} />}>
      {({ yaml, managed_fields, managers }) => {
        const shown = unfolded ? `${yaml}# managedFields\n${managed_fields}` : yaml;
        return (
          <div className={css.yaml}>
            <div className={css.yamlTools}>
              <Checkbox checked={unfolded} onChange={setUnfolded}>
                {words.managedFields(format.number(managers))}
              </Checkbox>
              <Button
                small
                kind="ghost"
                icon={Copy}
                onClick={() =>
                  void copyText(shown).then(() => toast({ state: "ok", title: text.common.copied }))
                }
              >
                {text.common.copy}
              </Button>
            </div>
            <Editor
              key={String(unfolded)}
              label={words.yamlOf(visible(name))}
              value={shown}
              language="yaml"
            />
          </div>
        );
      }}
    </QueryView>
  );
}
