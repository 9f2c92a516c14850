import { useEffect, useState } from "react";
import type { CodeLanguage } from "./language";
import type { ColoursOf } from "./parser";

const none: ColoursOf = () => [];

/** The colours of a text's lines. The lines are drawn first; their language is loaded and they are parsed between frames after it. */
export function useColours(text: string, language: CodeLanguage): ColoursOf {
  const [found, setFound] = useState<{ text: string; of: CodeLanguage; colours: ColoursOf }>();
  useEffect(() => {
    if (language === "plain" || text === "") return;
    let gone = false;
    const rest = async () => {
      await nextFrame();
      return !gone;
    };
    void (async () => {
      if (!(await rest())) return;
      const { parsed } = await import("./parser");
      const colours = await parsed(text, language, rest);
      if (colours && !gone) setFound({ text, of: language, colours });
    })();
    return () => {
      gone = true;
    };
  }, [text, language]);
  return found?.text === text && found.of === language ? found.colours : none;
}

/** Resolves after the next frame was drawn; a window that draws none waits as long. */
function nextFrame(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}
