import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ExplainAnswer } from "../../../protocol/lsp.js";
import type { CancelToken } from "../../base/cancel.js";
import { explain } from "../../explain/explain.js";
import { sourceUri } from "../../host/sources.js";
import { limitsOf } from "../settings.js";
import { unitOf } from "../units.js";
import type { Tools } from "./explore.js";

/** What a race report or dump means, with what we find at its lines, on the unsaved text. */
export async function explainText(
  { engine, workspace, explorations }: Tools,
  text: string,
  cancel: CancelToken,
): Promise<ExplainAnswer> {
  const roots = workspace.folders.map((it) => fileURLToPath(it));
  const explanation = await explain(text, {
    uriOf: (file) => sourceUri(file, roots),
    check: async (uri) => {
      const unit = unitOf(`go ${uri}`, workspace.documents, null);
      const options = { explore: true, limits: limitsOf(workspace.settings) };
      const title = `Looking at ${path.basename(fileURLToPath(uri))}`;
      return explorations.run(title, cancel, async (steering) =>
        engine.check(unit, options, steering),
      );
    },
  });
  const message = "There is no race report and no dump of goroutines in the text.";
  return explanation === null ? { kind: "problem", message } : { kind: "explained", explanation };
}
