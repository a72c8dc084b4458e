import { render } from "preact";
import type { Packed } from "../protocol/packed.js";
import type { Drawing, FromWebview, PanelState } from "../protocol/webview.js";
import { webviewProtocol } from "../protocol/webview.js";
import "./style.css";
import { unpack } from "./model/unpack.js";
import { App, type Host } from "./view/app.js";
import { paint } from "./view/paint.js";

/** What VS Code puts into the page. */
declare function acquireVsCodeApi(): {
  postMessage(message: FromWebview): void;
  setState(state: PanelState): void;
  getState(): PanelState | undefined;
};

const vscode = acquireVsCodeApi();

const host: Host = {
  post: (message) => {
    vscode.postMessage(message);
  },
  save: (state) => {
    vscode.setState(state);
  },
  saved: () => {
    const state = vscode.getState();
    return state?.protocol === webviewProtocol ? state : null;
  },
  listen: (listener) => {
    const received = (event: MessageEvent<Packed>): void => {
      try {
        if (event.data.type === "paint") void answerPaint(event.data);
        listener({ type: "message", message: unpack(event.data) });
      } catch (error) {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        vscode.postMessage({ type: "failed", message });
      }
    };
    window.addEventListener("message", received);
    vscode.postMessage({ type: "ready", protocol: webviewProtocol });
    return () => {
      window.removeEventListener("message", received);
    };
  },
};

async function answerPaint(drawing: Drawing): Promise<void> {
  try {
    vscode.postMessage({ type: "painted", painted: await paint(drawing) });
  } catch (error) {
    vscode.postMessage({ type: "painted", painted: { problem: String(error) } });
  }
}

const root = document.getElementById("root");
if (root !== null) render(<App host={host} />, root);
