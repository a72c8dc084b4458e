import path from "node:path";
import { pathToFileURL } from "node:url";
import { uncontrolled } from "../../../language-server/explore/explorer.js";
import { look } from "../../../language-server/explore/play/look.js";
import { play } from "../../../language-server/explore/play/play.js";
import { explore } from "../../../language-server/explore/portfolio.js";
import { digestOf } from "../../../language-server/explore/program-digest.js";
import { replay } from "../../../language-server/explore/replay.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import { toPlayState } from "../../../language-server/report/play.js";
import { toWitness } from "../../../language-server/report/witness.js";
import type { PlayAnswer, PlayAsk } from "../../../protocol/play.js";
import type { ToWebview } from "../../../protocol/webview.js";
import type { Schedule, Witness } from "../../../protocol/witness.js";
import { ExplorePrograms, type Loaded } from "../../harness/explore-programs.js";
import { root } from "../../harness/vscode/paths.js";

// Programs that can be played in the panel's page: the test process stands in for extension and server.

const file = path.join(root, "test/none/main.go");

/** Two goroutines count without a lock. */
export const counter = `package main

import "sync"

func main() {
	var wg sync.WaitGroup
	hits := 0
	for range 2 {
		wg.Add(1)
		go func() {
			hits++
			wg.Done()
		}()
	}
	wg.Wait()
	println(hits, "hits")
}
`;

/** Two transfers lock the same accounts in different orders. */
export const transfers = `package main

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, wg *sync.WaitGroup) {
	from.mu.Lock()
	to.mu.Lock()
	from.balance--
	to.balance++
	to.mu.Unlock()
	from.mu.Unlock()
	wg.Done()
}

func main() {
	var alice, bob account
	var wg sync.WaitGroup
	wg.Add(2)
	go transfer(&alice, &bob, &wg)
	go transfer(&bob, &alice, &wg)
	wg.Wait()
}
`;

export interface Player {
  /** What the extension would show of the program. */
  readonly show: ToWebview;
  readonly answer: (question: { readonly schedule: Schedule; readonly ask: PlayAsk }) => PlayAnswer;
}

export class Players {
  readonly #programs = new ExplorePrograms(root);

  async read(text: string): Promise<Player> {
    return playerOf(await this.#programs.read("main", file, text));
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }
}

function playerOf({ program, entry }: Loaded): Player {
  const limits = { executions: 2000, depth: 1000, millis: 100_000 };
  const job = { program, entry, limits, candidates: [] };
  const { found, natural, summary } = explore(job, makeMachine, uncontrolled);
  const witnessOf = (schedule: Schedule): Witness => {
    const recording = replay(program, entry, schedule, null, makeMachine);
    if ("problem" in recording) throw new Error(recording.problem);
    return toWitness(recording, { finding: "", sources: [] });
  };
  const uri = pathToFileURL(file).href;
  return {
    show: {
      type: "show",
      origin: { uri, line: 4, fingerprint: null },
      title: "main.main",
      summary: [summary],
      witnesses: [...found.map((it) => it.schedule), natural].map(witnessOf),
      selected: 0,
    },
    answer: ({ schedule, ask }) => {
      if (schedule.program !== digestOf(program)) return { kind: "changed", message: "Edited." };
      if (ask.kind === "state") {
        const options = { program, entry, schedule, finish: ask.finish, depth: 1000 };
        const played = play(options, makeMachine);
        if ("problem" in played) return { kind: "problem", message: played.problem };
        return { kind: "state", state: toPlayState(played, []) };
      }
      const bounds = { depth: 1000, states: 100_000, millis: 100_000 };
      const end = ask.kind === "way" ? ask.end : null;
      const { raceFree } = ask;
      return look(
        { program, entry, schedule, raceFree, limits: bounds, end },
        makeMachine,
        uncontrolled,
      );
    },
  };
}
