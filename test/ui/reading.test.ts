import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import type { ToWebview } from "../../protocol/webview.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { goUnit, root, testEngine, testLimits, uriOf } from "../harness/engine.js";
import { codeLines } from "../../src/timeline/code-lines.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { violations } from "./panel-page/axe.js";
import { type PanelPages, servePanel } from "./panel-page/page.js";

// What somebody sees first who opens a finding, without the code beside it: the picture must suffice to name the two lines
// and the order that is missing. The pictures are kept, for people to be asked.

interface Reading {
  readonly name: string;
  readonly program: string;
  readonly code: string;
  /** What the picture must say: who is on which line, with its source, and what is missing. */
  readonly said: readonly RegExp[];
}

const readings: readonly Reading[] = [
  {
    name: "a lost update",
    code: "lost-update",
    program: `package main

import (
	"fmt"
	"sync"
)

type counter struct {
	hits int
}

func (c *counter) add() {
	c.hits++
}

func main() {
	var c counter
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.add()
		}()
	}
	wg.Wait()
	fmt.Println(c.hits)
}
`,
    said: [
      /func1 #2 reads c\.hits → 0 \(step 9\)\s+main\.go:13\s+c\.hits\+\+/,
      /func1 writes c\.hits = 1 \(step 10\)\s+main\.go:13\s+c\.hits\+\+/,
      /Missing: An order between steps 9 and 10: neither holds a lock/,
      /Both read 0 \(steps 7 and 9\) before either writes/,
    ],
  },
  {
    name: "an AB-BA deadlock",
    code: "lock-order-cycle",
    program: `package main

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

func main() {
	alice, bob := &account{balance: 100}, &account{balance: 100}
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		transfer(alice, bob, 10)
	}()
	go func() {
		defer wg.Done()
		transfer(bob, alice, 20)
	}()
	wg.Wait()
}
`,
    said: [
      /func1 locks alice \(step 6\)\s+main\.go:11\s+from\.mu\.Lock\(\)/,
      /func2 locks bob \(step 8\)\s+main\.go:11\s+from\.mu\.Lock\(\)/,
      /func1 waits for lock bob\s+main\.go:13\s+to\.mu\.Lock\(\)/,
      /func2 waits for lock alice\s+main\.go:13\s+to\.mu\.Lock\(\)/,
      /Missing: One order .*func1 takes alice before bob, but .*func2 takes bob before alice/,
    ],
  },
  {
    name: "a leaked sender",
    code: "abandoned-sender",
    program: `package main

import (
	"fmt"
	"time"
)

func fetch() string {
	time.Sleep(20 * time.Millisecond)
	return "page"
}

func main() {
	pages := make(chan string)
	go func() {
		pages <- fetch()
	}()
	select {
	case page := <-pages:
		fmt.Println(page)
	case <-time.After(10 * time.Millisecond):
		fmt.Println("gave up")
	}
}
`,
    said: [
      /main takes another case of its select \(step 7\) ?then ends\s+main\.go:21\s+case <-time\.After\(10 \* time\.Millisecond\):/,
      /func1 waits to send on pages\s+main\.go:16\s+pages <- fetch\(\)/,
      /Missing: Somebody who receives from pages: main has ended/,
    ],
  },
];

const { engine } = testEngine();
let browser: Browser;
let panels: PanelPages;
beforeAll(async () => {
  ({ browser } = await openBrowser());
  panels = await servePanel(browser);
});
afterAll(async () => {
  await panels.close();
  await browser.close();
  await engine.dispose();
});

/** What the extension shows of the finding. */
async function shown({ program, code }: Reading): Promise<ToWebview> {
  const folder = "test/none";
  const uri = `${uriOf(folder)}/main.go`;
  const unit = goUnit(folder, [{ uri, text: program }]);
  const result = await engine.check(unit, { explore: true, limits: testLimits }, neverCancelled);
  const finding = present(
    result.findings.find((it) => it.code === code),
    code,
  );
  const witnesses = [finding, ...result.findings.filter((it) => it !== finding)].flatMap(
    (it) => it.witness ?? [],
  );
  return {
    type: "show",
    origin: { uri, line: finding.primary.span.start.line, fingerprint: finding.fingerprint },
    title: "main.main",
    summary: result.explorations,
    witnesses,
    code: codeLines(witnesses, (it) => (it === uri ? program : null)),
    selected: 0,
  };
}

describe.each(readings.map((it, index) => [index + 1, it] as const))(
  "picture %i",
  (number, reading) => {
    it("says what goes wrong, in light and dark", async () => {
      const message = await shown(reading);
      for (const [theme, suffix] of [
        ["vscode-light", ""],
        ["vscode-dark", "-dark"],
      ] as const) {
        const page = await panels.open(theme, 900, 700, [message]);
        await page.locator("canvas.drawing[data-frames]").waitFor();
        await page.mouse.move(0, 0);
        const folder = path.join(root, ".cache", "pictures");
        mkdirSync(folder, { recursive: true });
        await page.locator(".state").waitFor();
        await page.screenshot({ path: path.join(folder, `reading-${number}${suffix}.png`) });
        const text = await page.locator("main").innerText();
        for (const it of reading.said) expect(text).toMatch(it);
        expect(await violations(page)).toEqual([]);
        await page.close();
      }
    });
  },
);
