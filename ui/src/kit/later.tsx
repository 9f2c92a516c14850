import { type ComponentType, lazy, Suspense } from "react";

/**
 * A dialog, drawer or palette whose code is loaded when it is first opened. Until it is there nothing stands in its
 * place: that is a moment, and what was there before stays. Called once for each, beside the imports.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() }));
  // biome-ignore lint/correctness/noComponentHookFactories: made once a module, as what `lazy` returns
  return function Later(props: Props) {
    return (
      <Suspense>
        <Loaded {...props} />
      </Suspense>
    );
  };
}
