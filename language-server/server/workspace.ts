import type { Diagnostic } from "vscode-languageserver/node";
import type { CheckResult, ExplorationSummary, Finding } from "../../protocol/finding.js";
import type { ServerSettings, Status } from "../../protocol/lsp.js";
import type { Engine, Unit } from "../engine/engine.js";
import type { Policy } from "../report/policy.js";
import { Baselines } from "./baselines.js";
import { Documents, type OpenDocument } from "./documents.js";
import type { Log } from "./guard.js";
import { Publisher } from "./publisher.js";
import { afterAnalysis, afterEdit, afterExploring, emptyView, type UnitView } from "./reconcile.js";
import { Runner } from "./scheduler.js";
import { defaultSettings, limitsOf } from "./settings.js";
import type { Edit } from "./shift.js";
import { diagnosticOf, gapDiagnostic } from "./to-lsp.js";
import { clientUri, engineUri, unitKey, unitOf } from "./units.js";

/** What the workspace tells the client. */
export interface Client {
  publish(uri: string, diagnostics: Diagnostic[]): void;
  status(status: Status): void;
  /** Code lenses may differ from what they were. */
  lensesChanged(): void;
  readonly log: Log;
}

interface OpenUnit {
  readonly key: string;
  readonly runner: Runner;
  view: UnitView;
  /** The document whose edit came last. */
  lastEdited: string | null;
  problem: string | null;
}

/** The open documents, grouped into units that are checked as they change. */
export class Workspace {
  readonly documents = new Documents();
  readonly baselines: Baselines;
  /** `file:` URIs of the folders that are open. */
  folders: readonly string[] = [];
  readonly #units = new Map<string, OpenUnit>();
  readonly #engine: Engine;
  readonly #client: Client;
  readonly #publisher: Publisher;
  #docsUrl: string | null = null;
  #settings: ServerSettings = defaultSettings;

  constructor(engine: Engine, client: Client) {
    this.#engine = engine;
    this.#client = client;
    this.baselines = new Baselines(client.log);
    this.#publisher = new Publisher((uri, diagnostics) => {
      client.publish(uri, diagnostics);
    });
  }

  get settings(): ServerSettings {
    return this.#settings;
  }

  /** Where the pages of the checks are; without it diagnostics carry no link. */
  useDocs(url: string | null): void {
    this.#docsUrl = url;
  }

  configure(settings: ServerSettings): void {
    const before = JSON.stringify(this.#settings);
    this.#settings = settings;
    if (JSON.stringify(settings) === before) return;
    for (const unit of this.#units.values()) {
      if (settings.enable) {
        this.#publish(unit);
        unit.runner.request(0);
      } else {
        unit.runner.cancel();
        unit.view = emptyView;
        this.#publish(unit);
      }
    }
    this.#client.lensesChanged();
  }

  opened(document: OpenDocument): void {
    const unit = this.#unitFor(document);
    if (unit !== null) this.#request(unit, 0, 0);
  }

  edited(uri: string, edits: readonly Edit[]): void {
    const document = this.documents.get(uri);
    if (document === undefined || edits.length === 0) return;
    const unit = this.#unitFor(document);
    if (unit === null) return;
    unit.lastEdited = uri;
    for (const other of this.#units.values()) {
      if (other.key === unit.key || mentions(other.view, this.#engineUri(document))) {
        for (const edit of edits) {
          other.view = afterEdit(other.view, this.#engineUri(document), edit);
        }
        this.#request(other, this.#settings.delay);
      }
    }
  }

  saved(uri: string): void {
    const document = this.documents.get(uri);
    const unit = document === undefined ? null : this.#unitFor(document);
    if (unit !== null && !unit.view.current) this.#request(unit, 0, 0);
  }

  closed(uri: string): void {
    const document = this.documents.get(uri);
    this.documents.close(uri);
    const key = document === undefined ? null : unitKey(document);
    const unit = key === null ? undefined : this.#units.get(key);
    if (unit === undefined) return;
    if (this.documents.all().some((it) => unitKey(it) === key)) {
      this.#request(unit, this.#settings.delay);
      return;
    }
    unit.runner.dispose();
    this.#units.delete(unit.key);
    this.#publisher.publish(unit.key, new Map());
  }

  /** Files changed on disk: units that are not about open buffers alone may look different now. */
  changedOnDisk(): void {
    for (const unit of this.#units.values()) this.#request(unit, this.#settings.delay);
  }

  dispose(): void {
    for (const unit of this.#units.values()) unit.runner.dispose();
    this.#units.clear();
  }

  viewOf(uri: string): UnitView | null {
    const document = this.documents.get(uri);
    const key = document === undefined ? null : unitKey(document);
    return (key === null ? undefined : this.#units.get(key)?.view) ?? null;
  }

  /** The document's unit as it stands in the editor, and its own name in it. */
  unitAt(uri: string): { readonly unit: Unit; readonly uri: string } | null {
    const document = this.documents.get(uri);
    const key = document === undefined ? null : unitKey(document);
    if (document === undefined || key === null) return null;
    const lastEdited = this.#units.get(key)?.lastEdited ?? null;
    return {
      unit: unitOf(key, this.documents, lastEdited),
      uri: this.#engineUri(document),
    };
  }

  clientUri(uri: string): string {
    return clientUri(uri, this.documents);
  }

  findingsIn(uri: string): readonly Finding[] {
    const shown = this.viewOf(uri)?.shown ?? [];
    return shown
      .map((it) => it.finding)
      .filter((it) => this.clientUri(it.primary.span.uri) === uri);
  }

  explorationsIn(uri: string): readonly ExplorationSummary[] {
    const all = this.viewOf(uri)?.explorations ?? [];
    return all.filter((it) => this.clientUri(it.span.uri) === uri);
  }

  #engineUri(document: OpenDocument): string {
    return engineUri(document.uri, document.languageId) ?? document.uri;
  }

  #request(unit: OpenUnit, delay: number, rest?: number): void {
    if (this.#settings.enable) unit.runner.request(delay, rest);
  }

  #unitFor(document: OpenDocument): OpenUnit | null {
    const key = unitKey(document);
    if (key === null) return null;
    const known = this.#units.get(key);
    if (known !== undefined) return known;
    const unit: OpenUnit = {
      key,
      view: emptyView,
      lastEdited: null,
      problem: null,
      runner: new Runner({
        check: (explore, cancel) =>
          this.#engine.check(
            unitOf(key, this.documents, unit.lastEdited),
            {
              explore,
              limits: limitsOf(this.#settings),
              previous: unit.view.failing.map((it) => it.schedule),
              policy: this.#policy(),
            },
            cancel,
          ),
        done: (explore, result) => {
          this.#done(unit, explore, result);
        },
        failed: () => {
          unit.problem = "The last analysis failed; see the output channel.";
          this.#publish(unit);
        },
        busy: (busy) => {
          this.#report(unit, busy);
        },
        log: this.#client.log,
      }),
    };
    this.#units.set(key, unit);
    return unit;
  }

  #policy(): Policy {
    const { rules, baseline } = this.#settings;
    return { rules: new Map(Object.entries(rules)), baseline: this.baselines.read(baseline) };
  }

  #done(unit: OpenUnit, explore: boolean, result: CheckResult): void {
    unit.problem = null;
    const before = JSON.stringify(unit.view.explorations);
    const fold = explore ? afterExploring : afterAnalysis;
    unit.view = fold(unit.view, result);
    this.#publish(unit);
    if (JSON.stringify(unit.view.explorations) !== before) this.#client.lensesChanged();
  }

  #publish(unit: OpenUnit): void {
    const byUri = new Map<string, Diagnostic[]>();
    const add = (uri: string, diagnostic: Diagnostic): void => {
      const of = this.clientUri(uri);
      const list = byUri.get(of);
      if (list === undefined) byUri.set(of, [diagnostic]);
      else list.push(diagnostic);
    };
    const shown = unit.view.shown.map((it) => it.finding).sort(byPlace);
    for (const it of shown) {
      add(
        it.primary.span.uri,
        diagnosticOf(it, this.#docsUrl, (uri) => this.clientUri(uri)),
      );
    }
    if (this.#settings.showGaps) {
      for (const it of unit.view.gaps) add(it.span.uri, gapDiagnostic(it));
    }
    this.#publisher.publish(unit.key, byUri);
  }

  #report(unit: OpenUnit, busy: boolean): void {
    const bad = unit.view.shown.filter(
      (it) => it.finding.severity === "error" || it.finding.severity === "warning",
    );
    const gaps = unit.view.gaps.length;
    for (const it of this.documents.all()) {
      if (unitKey(it) !== unit.key) continue;
      this.#client.status({
        uri: it.uri,
        busy,
        text:
          unit.problem ??
          (gaps === 0 ? "" : `${gaps} place${gaps === 1 ? "" : "s"} could not be analyzed`),
        problems: bad.length,
        gaps,
        concurrent: unit.view.shown.length + unit.view.explorations.length > 0,
      });
    }
  }
}

function byPlace(a: Finding, b: Finding): number {
  const p = a.primary.span;
  const q = b.primary.span;
  return (
    compare(p.uri, q.uri) ||
    p.start.line - q.start.line ||
    p.start.character - q.start.character ||
    compare(a.code, b.code) ||
    compare(a.fingerprint, b.fingerprint)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function mentions(view: UnitView, uri: string): boolean {
  return view.shown.some(({ finding }) =>
    [finding.primary, ...finding.related].some((it) => it.span.uri === uri),
  );
}
