import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./theme/index.css";
import { App } from "./app/App";

async function start() {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html holds no #root");
  // A development build in a browser has no core behind it: the demo story answers.
  if (import.meta.env.DEV) await (await import("./dev/start")).startDemo();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void start();
