import { render } from "preact";
import { type FromLab, labProtocol, type LabState, type ToLab } from "../../protocol/lab.js";
import "./style.css";
import { App, type LabHost } from "./view/app.js";

/** What VS Code puts into the page. */
declare function acquireVsCodeApi(): {
  postMessage(message: FromLab): void;
  setState(state: LabState): void;
  getState(): LabState | undefined;
};

const vscode = acquireVsCodeApi();

const host: LabHost = {
  post: (message) => {
    vscode.postMessage(message);
  },
  save: (choice) => {
    vscode.setState({ protocol: labProtocol, choice });
  },
  saved: () => {
    const state = vscode.getState();
    return state?.protocol === labProtocol ? state.choice : null;
  },
  // However often something is told, the page changes once a frame.
  listen: (listener) => {
    let waiting: ToLab[] = [];
    let frame: number | null = null;
    const flush = (): void => {
      frame = null;
      const messages = waiting;
      waiting = [];
      try {
        listener({ type: "messages", messages });
      } catch (error) {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        vscode.postMessage({ type: "failed", message });
      }
    };
    const received = (event: MessageEvent<ToLab>): void => {
      waiting.push(event.data);
      frame ??= requestAnimationFrame(flush);
    };
    window.addEventListener("message", received);
    vscode.postMessage({ type: "ready" });
    return () => {
      window.removeEventListener("message", received);
      if (frame !== null) cancelAnimationFrame(frame);
    };
  },
};

const root = document.getElementById("root");
if (root !== null) render(<App host={host} />, root);
