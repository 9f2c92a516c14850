import { useEffect, useState } from "react";
import type { CodeLanguage } from "./language";
import type { ColoursOf } from "./parser";

const none: ColoursOf = () => [];

interface Found {
  text: string;
  of: CodeLanguage;
  colours: ColoursOf;
  /** A place of each line. */
  places: ReadonlyMap<string, number>;
}

/**
 * The colours of a text's lines. The lines are drawn first, those that the text before had too in its colours; their
 * language is loaded and they are parsed between frames after it.
 */
export function useColours(text: string, language: CodeLanguage): ColoursOf {
  const [found, setFound] = useState<Found>();
  useEffect(() => {
    if (language === "plain" || text === "") return;
    let gone = false;
    const rest = async () => {
      await nextFrame();
      return !gone;
    };
    void (async () => {
      // Two frames: in the one after it was drawn, it comes to the screen.
      if (!(await rest()) || !(await rest())) return;
      const { parsed } = await import("./parser");
      const colours = await parsed(text, language, rest);
      if (!colours || gone) return;
      // Now, and not when another text is to be drawn.
      const places = new Map(text.split("\n").map((line, at) => [line, at]));
      setFound({ text, of: language, colours, places });
    })();
    return () => {
      gone = true;
    };
  }, [text, language]);
  if (found?.of !== language) return none;
  return found.text === text ? found.colours : likely(found, text);
}

/** What is parsed yet says of a text like it: that a line looks the same. */
function likely(known: Found, text: string): ColoursOf {
  const lines = text.split("\n");
  return (line) => {
    const place = known.places.get(lines[line] ?? "");
    return place === undefined ? [] : known.colours(place);
  };
}

/** Resolves after the next frame was drawn; a window that draws none waits as long. */
function nextFrame(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}
