import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { neverCancelled } from "../../../../language-server/base/cancel.js";
import { lowerGo } from "../../../../language-server/frontend/go/frontend.js";
import { createNodeHost } from "../../../../language-server/host/node.js";
import { verify } from "../../../../language-server/ir/verify.js";
import { goUnit, root } from "../../../harness/engine.js";
import { goIsInstalled } from "../../../harness/go-oracle.js";

const host = createNodeHost({ dist: path.join(root, "dist"), log: () => undefined });

describe.runIf(goIsInstalled())("packages of the Go distribution", () => {
  const goroot = (): string => execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();

  it.each(["net/rpc", "text/template", "database/sql", "archive/zip", "sync", "container/list"])(
    "%s is lowered to well-formed IR, whole",
    async (name) => {
      const unit = goUnit(path.join(goroot(), "src", name));
      const { images } = await host.goImages(unit, neverCancelled);
      const { program, gaps } = lowerGo(images, (it) => host.stdImage(it), neverCancelled);
      expect(verify(program)).toEqual([]);
      expect(gaps.filter((it) => it.reason.includes("is left out"))).toEqual([]);
      expect(program.funcs.filter((it) => !it.library).length).toBeGreaterThan(20);
    },
  );
});
