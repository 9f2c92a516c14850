import { createContext } from "react";

/**
 * Whether the row around is the one that Tab comes to. A grid is one stop: the controls of its other rows are reached by
 * the arrow keys first, so that a long list is no long way.
 */
export const RowStop = createContext(true);
