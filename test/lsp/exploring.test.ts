import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Steering } from "../../language-server/engine/engine.js";
import type { ExplorationProgress } from "../../protocol/finding.js";
import type { ExploreAnswer, ReplayAnswer, SteerParams } from "../../protocol/lsp.js";
import { race } from "../unit/webview/witnesses.js";
import { Editor, nothing } from "./client.js";

// An exploration that the user asked for, from the editor's side: watched, paused, cancelled; and its schedules.

const file = "file:///w/main.go";
const source = "package main\nfunc main() {\n\tgo work()\n}\n";
const at = { uri: file, position: { line: 2, character: 2 } };

let editor: Editor;
beforeEach(async () => {
  editor = new Editor();
  editor.engine.explored = { check: nothing, witnesses: [race] };
});
afterEach(() => {
  editor.close();
});

interface Shown {
  readonly token: string;
  readonly value: {
    readonly kind: "begin" | "report" | "end";
    readonly title?: string;
    readonly cancellable?: boolean;
    readonly message?: string;
  };
}

/** The client's end of work-done progress. */
class ProgressBar {
  readonly shown: Shown[] = [];
  #listener: () => void = () => undefined;

  constructor(client: Editor) {
    client.connection.onRequest("window/workDoneProgress/create", () => null);
    client.connection.onNotification("$/progress", (it: Shown) => {
      this.shown.push(it);
      this.#listener();
    });
  }

  async until(condition: (it: Shown) => boolean): Promise<Shown> {
    for (;;) {
      const found = this.shown.find(condition);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.#listener = resolve));
    }
  }
}

const progress: ExplorationProgress = {
  entry: "main.main",
  phase: "all",
  executions: 64,
  failing: 2,
  estimate: 4000,
};

/** An exploration that tells how far it is until it is cancelled. */
async function untilCancelled(steering: Steering): Promise<void> {
  while (!steering.cancelled) {
    if (steering.paused !== true) steering.progress?.(progress);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const explore = (): Promise<ExploreAnswer> => editor.request("happensBefore/explore", at);
const steer = (action: SteerParams["action"]): Promise<number> =>
  editor.request("happensBefore/steer", { action });

describe("an exploration that takes long", () => {
  it("shows how far it is, and answers with what it has when its progress is cancelled", async () => {
    const bar = new ProgressBar(editor);
    editor.engine.exploring = untilCancelled;
    await editor.start({ delay: 10 }, { window: { workDoneProgress: true } });
    await editor.open(file, source);
    const answering = explore();
    const begun = await bar.until((it) => it.value.kind === "begin");
    expect(begun.value).toMatchObject({ title: "Exploring main.go:3", cancellable: true });
    await bar.until((it) => it.value.message === "64 orders so far, about 4,000; 2 fail");
    await editor.connection.sendNotification("window/workDoneProgress/cancel", {
      token: begun.token,
    });
    expect((await answering).kind).toBe("explored");
    await bar.until((it) => it.value.kind === "end");
  });

  it("rests and goes on when it is told to, and says that it rests", async () => {
    const bar = new ProgressBar(editor);
    let steering: Steering | undefined;
    editor.engine.exploring = (it) => {
      steering = it;
      return untilCancelled(it);
    };
    await editor.start({ delay: 10 }, { window: { workDoneProgress: true } });
    await editor.open(file, source);
    const answering = explore();
    await bar.until((it) => it.value.kind === "report");
    expect(await steer("pause")).toBe(1);
    expect(steering?.paused).toBe(true);
    await bar.until((it) => it.value.message === "paused: 64 orders so far, about 4,000; 2 fail");
    expect(await steer("resume")).toBe(1);
    expect(steering?.paused).toBe(false);
    expect(await steer("cancel")).toBe(1);
    expect((await answering).kind).toBe("explored");
    expect(await steer("pause")).toBe(0);
  });

  it("is not shown to a client that shows no progress", async () => {
    const bar = new ProgressBar(editor);
    editor.engine.exploring = untilCancelled;
    await editor.start();
    await editor.open(file, source);
    const answering = explore();
    await new Promise((resolve) => setTimeout(resolve, 700));
    await steer("cancel");
    expect((await answering).kind).toBe("explored");
    expect(bar.shown).toEqual([]);
  });
});

describe("a schedule", () => {
  const replay = (): Promise<ReplayAnswer> =>
    editor.request("happensBefore/replay", { uri: file, schedule: race.schedule });

  it("is run again and told", async () => {
    editor.engine.replayed = { kind: "replayed", witness: race };
    await editor.start();
    await editor.open(file, source);
    expect(await replay()).toEqual({ kind: "replayed", witness: race });
  });

  it("that leads nowhere is answered with why", async () => {
    await editor.start();
    await editor.open(file, source);
    expect(await replay()).toEqual({ kind: "problem", message: "not in this test" });
  });

  it("of a file that is not open is none", async () => {
    await editor.start();
    expect(await replay()).toMatchObject({ kind: "problem" });
  });
});
