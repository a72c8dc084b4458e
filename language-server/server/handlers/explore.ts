import type { Finding } from "../../../protocol/finding.js";
import type {
  ExploreAnswer,
  ExploreParams,
  ReplayAnswer,
  ReplayParams,
} from "../../../protocol/lsp.js";
import type { PlayAnswer, PlayParams } from "../../../protocol/play.js";
import type { Position } from "../../../protocol/span.js";
import type { Witness } from "../../../protocol/witness.js";
import { fileAndLine } from "../../../wording/place.js";
import type { CancelToken } from "../../base/cancel.js";
import type { Engine } from "../../engine/engine.js";
import type { Explorations } from "../explorations.js";
import { limitsOf } from "../settings.js";
import type { Workspace } from "../workspace.js";

/** What answering takes. */
export interface Tools {
  readonly engine: Engine;
  readonly workspace: Workspace;
  readonly explorations: Explorations;
}

/** Schedules for the place the user asks about, on the unsaved text. */
export async function explore(
  tools: Tools,
  params: ExploreParams,
  cancel: CancelToken,
): Promise<ExploreAnswer> {
  const answer = await answerOf(tools, params, cancel);
  return withUris(answer, (uri) => tools.workspace.clientUri(uri));
}

/** One schedule again, on the unsaved text. */
export async function replay(
  { engine, workspace }: Pick<Tools, "engine" | "workspace">,
  { uri, schedule }: ReplayParams,
  cancel: CancelToken,
): Promise<ReplayAnswer> {
  const at = workspace.unitAt(uri);
  if (at === null) return notOpen;
  const again = await engine.replay(at.unit, schedule, cancel);
  if ("problem" in again) return { kind: "problem", message: again.problem };
  if (again.kind === "no longer applies") {
    return { kind: "problem", message: `the schedule no longer applies: ${again.reason}` };
  }
  const { witness } = again;
  return withUris({ kind: "replayed", witness }, (it) => workspace.clientUri(it));
}

/** For somebody who picks who runs next, on the unsaved text. */
export async function play(
  { engine, workspace }: Pick<Tools, "engine" | "workspace">,
  { uri, schedule, ask }: PlayParams,
  cancel: CancelToken,
): Promise<PlayAnswer> {
  const at = workspace.unitAt(uri);
  if (at === null) return notOpen;
  const answer = await engine.play(at.unit, schedule, ask, cancel);
  return withUris(answer, (it) => workspace.clientUri(it));
}

const notOpen = {
  kind: "problem",
  message: "this file is not open, or not Go or TypeScript",
} as const;

async function answerOf(
  { engine, workspace, explorations }: Tools,
  params: ExploreParams,
  cancel: CancelToken,
): Promise<ExploreAnswer> {
  const known = params.fingerprint === undefined ? null : fromView(workspace, params);
  if (known !== null) return known;
  const at = workspace.unitAt(params.uri);
  if (at === null) return notOpen;
  const entry = { kind: "position", uri: at.uri, line: params.position.line } as const;
  const failing = workspace.viewOf(params.uri)?.failing ?? [];
  const options = {
    limits: limitsOf(workspace.settings),
    previous: failing.map((it) => it.schedule),
  };
  const found = await explorations.run(titleOf(params), cancel, (steering) =>
    engine.explore(at.unit, entry, options, steering),
  );
  if ("problem" in found) {
    const entries = found.entries.length === 0 ? "" : ` Entries here: ${found.entries.join(", ")}.`;
    return (
      fromView(workspace, params) ?? { kind: "problem", message: `${found.problem}${entries}` }
    );
  }
  return {
    kind: "explored",
    summary: found.check.explorations,
    result: found.check,
    witnesses: wantedFirst(
      nearestFirst(workspace, found.witnesses, found.check.findings, params),
      params.fingerprint,
    ),
  };
}

function titleOf({ uri, position }: ExploreParams): string {
  return `Exploring ${fileAndLine({ uri, start: position })}`;
}

/** What is known of the text as it stands: by the last exploration, or since the edit by replaying what it found. */
function fromView(workspace: Workspace, params: ExploreParams): ExploreAnswer | null {
  const view = workspace.viewOf(params.uri);
  if (view === null) return null;
  const valid = view.shown.filter((it) => view.current || it.replayed === true);
  const findings = valid.map((it) => it.finding);
  const near = [...findings].sort(
    (a, b) => distance(workspace, a, params) - distance(workspace, b, params),
  );
  const witnesses = near.flatMap((it) => (it.witness === null ? [] : [it.witness]));
  const wanted =
    params.fingerprint === undefined ||
    near.some((it) => it.fingerprint === params.fingerprint && it.witness !== null);
  if (witnesses.length === 0 || !wanted) return null;
  return {
    kind: "explored",
    summary: view.explorations,
    result: { findings, explorations: view.explorations, gaps: view.gaps },
    witnesses: wantedFirst(witnesses, params.fingerprint),
  };
}

/** Schedules of what is wrong near the place first; those of plain runs last. */
function nearestFirst(
  workspace: Workspace,
  witnesses: readonly Witness[],
  findings: readonly Finding[],
  params: ExploreParams,
): readonly Witness[] {
  const away = new Map(
    findings.map((it) => [it.fingerprint, distance(workspace, it, params)] as const),
  );
  const of = (it: Witness): number => away.get(it.finding) ?? Number.MAX_SAFE_INTEGER;
  return [...witnesses].sort((a, b) => of(a) - of(b));
}

function wantedFirst(witnesses: readonly Witness[], fingerprint?: string): readonly Witness[] {
  if (fingerprint === undefined) return witnesses;
  const wanted = witnesses.filter((it) => it.finding === fingerprint);
  return [...wanted, ...witnesses.filter((it) => it.finding !== fingerprint)];
}

/** Lines between the place asked about and the finding's nearest site in the same file. */
function distance(workspace: Workspace, finding: Finding, params: ExploreParams): number {
  const lines = [finding.primary, ...finding.related]
    .filter((it) => workspace.clientUri(it.span.uri) === params.uri)
    .map((it) => linesAway(it.span.start, params.position));
  return Math.min(Number.MAX_SAFE_INTEGER, ...lines);
}

const linesAway = (a: Position, b: Position): number => Math.abs(a.line - b.line);

/** The same data with every `uri` as the client names the file: a buffer never saved has no `file:` URI. */
function withUris<T>(data: T, rename: (uri: string) => string): T {
  const names = new Map<string, string>();
  const renamed = (uri: string): string => {
    const known = names.get(uri) ?? rename(uri);
    names.set(uri, known);
    return known;
  };
  const text = JSON.stringify(data, (key, value: unknown) =>
    key === "uri" && typeof value === "string" ? renamed(value) : value,
  );
  return JSON.parse(text) as T;
}
