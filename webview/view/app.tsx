import type { JSX } from "preact";
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { FromWebview, PanelState, PlayMemory } from "../../protocol/webview.js";
import { webviewProtocol } from "../../protocol/webview.js";
import type { Schedule, Witness } from "../../protocol/witness.js";
import { rowsOnLine } from "../model/cursor.js";
import { witnessOf } from "../model/ends.js";
import { effects } from "../model/commands.js";
import { type Form, formOf } from "../model/geometry.js";
import { keyAction } from "../model/keys.js";
import { memoryOf, type PlayModel } from "../model/scheduler.js";
import { levelsOf } from "../model/levels.js";
import { pauseOf } from "../model/speed.js";
import {
  currentWitness,
  emptyModel,
  type PanelEvent,
  type PanelModel,
  reduce,
} from "../model/store.js";
import { litWords, stepSentence } from "../model/story.js";
import { marksIn } from "../model/marks.js";
import { type Edge, orderEdges } from "../model/order.js";
import { layOut, type Timeline } from "../model/timeline.js";
import { useAsked } from "./asked.js";
import { ComparePage } from "./compare-page.js";
import { Grid } from "./grid.js";
import { Headline } from "./headline.js";
import { Help, Legend } from "./help.js";
import { Scheduler } from "./scheduler.js";
import { Lenses } from "./lens/lenses.js";
import { memo } from "./memo.js";
import { usePainted } from "./painted.js";
import { Schedules } from "./schedules.js";
import { SearchBar } from "./search-bar.js";
import { Sight } from "./sight.js";
import { StatePane } from "./state-pane.js";
import { onThemeChange, wantsStill } from "./theme.js";
import { Toolbar } from "./toolbar.js";

/** The way out of the page. */
export interface Host {
  post(message: FromWebview): void;
  save(state: PanelState): void;
  /** What was saved last, also before a reload; null: nothing. */
  saved(): PanelState | null;
  /** Calls back for every message until the returned function is called. */
  listen(listener: (event: PanelEvent) => void): () => void;
}

const State = memo(StatePane);
const noEdges: readonly Edge[] = [];

/** Below this height, in pixels, the drawer begins closed: the lanes need the room more. */
const shortPanel: Readonly<Record<Form, number>> = { narrow: 900, medium: 560, wide: 0 };

export function App({ host }: { readonly host: Host }): JSX.Element {
  const [model, send] = useReducer(reduce, emptyModel, (it) => ({
    ...it,
    lens: host.saved()?.lens ?? it.lens,
  }));
  useEffect(() => host.listen(send), [host]);
  useEffect(() => {
    if (!model.playing) return undefined;
    const timer = setInterval(() => {
      send({ type: "tick" });
    }, pauseOf(model.speed));
    return () => {
      clearInterval(timer);
    };
  }, [model.playing, model.speed]);
  useStill(send);
  useReturn(host, model, send);
  const witness = currentWitness(model);
  const timeline = useMemo(() => (witness === null ? null : layOut(witness)), [witness]);
  useEffect(() => {
    const { wanted } = model;
    if (wanted !== null) host.post({ type: "replay", schedule: wanted.schedule, compare: true });
  }, [host, model.wanted]);
  if (model.compare !== null && model.content !== null) {
    return (
      <ComparePage
        host={host}
        model={model}
        content={model.content}
        compared={model.compare}
        send={send}
      />
    );
  }
  if (model.play !== null) {
    return <Playing host={host} model={model} play={model.play} send={send} />;
  }
  if (witness === null || timeline === null || model.content === null) {
    return (
      <Empty
        model={model}
        refresh={() => {
          host.post({ type: "refresh" });
        }}
      />
    );
  }
  return <Panel host={host} model={model} witness={witness} timeline={timeline} send={send} />;
}

function Empty({
  model,
  refresh,
}: {
  readonly model: PanelModel;
  readonly refresh: () => void;
}): JSX.Element {
  if (model.problem !== null) {
    return (
      <main class="empty">
        <h1>Nothing to show</h1>
        <p role="status">{model.problem}</p>
        <button type="button" class="primary" onClick={refresh}>
          Explore again
        </button>
      </main>
    );
  }
  return (
    <main class="empty" aria-busy={model.busy !== null}>
      {model.busy === null ? null : <div class="progress" />}
      <p role="status">
        {model.busy === null ? "" : `Exploring the interleavings of ${model.busy}…`}
      </p>
    </main>
  );
}

interface PanelProps {
  readonly host: Host;
  readonly model: PanelModel;
  readonly witness: Witness;
  readonly timeline: Timeline;
  readonly send: (event: PanelEvent) => void;
}

function Panel({ host, model, witness, timeline, send }: PanelProps): JSX.Element {
  const root = useRef<HTMLElement>(null);
  const form = useForm(root);
  const { content, row } = model;
  const lit = useMemo(
    () =>
      model.cursor === null
        ? new Set<number>()
        : rowsOnLine(witness, model.cursor.uri, model.cursor.line),
    [witness, model.cursor],
  );
  const painted = usePainted();
  const levels = useMemo(() => levelsOf(timeline), [timeline]);
  const edges = useMemo(() => (painted ? orderEdges(witness) : noEdges), [witness, painted]);
  const occurs = useMemo(() => marksIn(timeline, edges), [timeline, edges]);
  const sight = useMemo(() => new Sight(), []);
  useReports(host, model);
  const { to, go, reveal } = useGoing(host, witness, send);
  useAsked(model, reveal);
  if (content === null) return <main ref={root} />;
  const pressed = (event: KeyboardEvent): void => {
    if (answersItself(event)) return;
    const action = keyAction(event, model.settings.singleLetterKeys);
    if (action === null) return;
    event.preventDefault();
    if (typeof action === "string") reveal(row, true);
    else send(action);
    if (action === effects.search) focusOn(".search input");
    if (action === "leave") host.post({ type: "leave" });
  };
  const sentence = stepSentence(witness, row);
  const refresh = (): void => {
    host.post({ type: "refresh" });
  };
  const toggleHelp = (): void => {
    send({ type: "help" });
  };
  const show = (schedule: Schedule): void => {
    const known = witnessOf(content, schedule);
    if (known < 0) host.post({ type: "replay", schedule });
    else send({ type: "choose", witness: known });
  };
  // Columns of a fixed width; elsewhere what is in a drawer decides how much room the lanes have.
  const beside = painted || form !== "wide";
  const schedules = !beside ? null : (
    <Schedules
      content={content}
      selected={model.witness}
      choose={(it) => {
        send({ type: "choose", witness: it });
      }}
      show={show}
      compare={(other) => {
        send({ type: "compare", with: other });
      }}
    />
  );
  const state = beside ? <State witness={witness} row={row} /> : null;
  return (
    <main class={`panel ${form}`} ref={root} onKeyDown={pressed}>
      <Headline
        content={content}
        witness={witness}
        stale={model.stale}
        go={(at) => {
          go(at, false);
        }}
        refresh={refresh}
        show={show}
        compare={() => {
          send({ type: "compare", with: null });
        }}
      />
      <div class="stepping">
        <Toolbar
          {...{ model, timeline, levels, sentence, sight, send, to }}
          exportTrace={() => {
            host.post({ type: "export" });
          }}
        />
        {model.search === null ? null : (
          <SearchBar search={model.search} row={row} send={send} leave={focusOnLanes} />
        )}
      </div>
      {form === "wide" ? <div class="left">{schedules}</div> : null}
      <div class="lanes">
        <Lenses lens={model.lens} witness={witness} row={row} go={go} show={show} send={send}>
          <Grid {...{ witness, timeline, levels, edges, model, lit, sight, go, send }} />
          {form === "wide" ? <Legend occurs={occurs} /> : null}
        </Lenses>
      </div>
      <p class="transcript" aria-live="polite">
        {sentence}
      </p>
      {model.notice === "" ? null : (
        <p class="notice" role="status">
          {model.notice}
        </p>
      )}
      <p class="visually-hidden" aria-live="polite">
        {litWords(model.cursor?.line ?? null, lit)}
      </p>
      {form === "wide" ? (
        <div class="right" role="group" aria-label="State" tabIndex={0}>
          {state}
        </div>
      ) : (
        <Drawer form={form} state={state} schedules={schedules} />
      )}
      {model.busy === null ? null : <div class="progress" role="status" aria-label="Exploring" />}
      {model.help ? <Help settings={model.settings} close={toggleHelp} /> : null}
    </main>
  );
}

interface PlayingProps {
  readonly host: Host;
  readonly model: PanelModel;
  readonly play: PlayModel;
  readonly send: (event: PanelEvent) => void;
}

/** The page while somebody is the scheduler. */
function Playing({ host, model, play, send }: PlayingProps): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const form = useForm(root);
  useSaved(host, model);
  return (
    <div class="page" ref={root}>
      <Scheduler
        play={play}
        form={form}
        stale={model.stale}
        busy={model.busy !== null}
        post={(message) => {
          host.post(message);
        }}
        send={(event) => {
          send({ type: "scheduler", event });
        }}
        close={() => {
          send({ type: "scheduler-close" });
        }}
      />
    </div>
  );
}

/** Where there is no room for columns: state and schedules behind two tabs. */
function Drawer({
  form,
  state,
  schedules,
}: {
  readonly form: Form;
  readonly state: JSX.Element | null;
  readonly schedules: JSX.Element | null;
}): JSX.Element {
  const [tab, setTab] = useState<"state" | "schedules" | null>(
    window.innerHeight < shortPanel[form] ? null : "state",
  );
  const button = (name: "state" | "schedules", words: string): JSX.Element => (
    <button
      type="button"
      role="tab"
      id={`tab-${name}`}
      aria-selected={tab === name}
      {...(tab === name ? { "aria-controls": "drawer" } : {})}
      onClick={() => {
        setTab(tab === name ? null : name);
      }}
    >
      {words}
    </button>
  );
  return (
    <div class="drawer">
      <div class="tabs" role="tablist" aria-label="Details">
        {button("state", "State")}
        {button("schedules", "Schedules")}
      </div>
      {tab === null ? null : (
        <div id="drawer" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
          {tab === "state" ? state : schedules}
        </div>
      )}
    </div>
  );
}

/** Tells the editor where the panel stands, and remembers it for a reload of the window. */
function useReports(host: Host, model: PanelModel): void {
  const { content, witness, row } = model;
  const first = useRef(true);
  useSaved(host, model);
  useEffect(() => {
    if (content === null) return;
    host.post({ type: "selected", witness, step: row });
    if (first.current) {
      first.current = false;
      // Asked for in between, it would have the page laid out once more.
      requestAnimationFrame(focusOnLanes);
    }
  }, [host, content, witness, row]);
}

function useSaved(host: Host, model: PanelModel): void {
  const { content, witness, row, lens } = model;
  const memory = useMemory(model);
  useEffect(() => {
    if (content === null) return;
    const play = memory === null ? {} : { play: memory };
    host.save({ ...content.origin, protocol: webviewProtocol, witness, step: row, lens, ...play });
  }, [host, content, witness, row, lens, memory]);
}

interface Going {
  /** Moves the cursor to a row. */
  readonly to: (row: number) => void;
  /** Shows a row's line in the editor, and with `focus` moves the keyboard there. */
  readonly reveal: (row: number, focus: boolean) => void;
  /** Both. */
  readonly go: (row: number, focus: boolean) => void;
}

/** The same functions as long as the schedule is the same, so that rows need not be rendered again. */
function useGoing(host: Host, witness: Witness, send: (event: PanelEvent) => void): Going {
  return useMemo(() => {
    const reveal = (row: number, focus: boolean): void => {
      const step = witness.steps[row];
      if (step !== undefined) host.post({ type: "reveal", span: step.span, focus });
    };
    const to = (row: number): void => {
      send({ type: "move", move: { kind: "to", row } });
    };
    const go = (row: number, focus: boolean): void => {
      to(row);
      reveal(row, focus);
    };
    return { reveal, to, go };
  }, [host, witness, send]);
}

function useStill(send: (event: PanelEvent) => void): void {
  useEffect(() => {
    const tell = (): void => {
      send({ type: "still", still: wantsStill() });
    };
    tell();
    return onThemeChange(tell);
  }, [send]);
}

function focusOnLanes(): void {
  focusOn(".grid");
}

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
}

function useForm(element: { readonly current: HTMLElement | null }): Form {
  const [form, setForm] = useState<Form>(formOf(window.innerWidth));
  useEffect(() => {
    const it = element.current;
    if (it === null) return undefined;
    const observer = new ResizeObserver(() => {
      setForm(formOf(it.clientWidth));
    });
    observer.observe(it);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return form;
}

/** What to remember of somebody who is the scheduler; the same object until it changes. */
function useMemory({ play }: PanelModel): PlayMemory | null {
  return useMemo(
    () => (play === null ? null : memoryOf(play)),
    [play?.schedule, play?.marks, play?.at, play?.goal],
  );
}

/** Somebody was the scheduler or compared when the page was hidden or the window reloaded: he goes on where he was. */
function useReturn(host: Host, { content }: PanelModel, send: (event: PanelEvent) => void): void {
  const [saved] = useState(() => host.saved());
  const first = useRef(true);
  useEffect(() => {
    if (content === null || !first.current) return;
    first.current = false;
    const { uri, line } = content.origin;
    const same = saved?.uri === uri && saved.line === line;
    if (!same) return;
    if (saved.play !== undefined) send({ type: "scheduler-open", memory: saved.play });
    if (saved.compare !== undefined) {
      const { schedule, note } = saved.compare;
      // The panel was told to open at the side that had the cursor, which may be the other one.
      send({ type: "choose", witness: saved.witness });
      send({ type: "compare", with: schedule, note });
    }
  }, [content, saved, send]);
}

/** Buttons take Enter and Space, a scrolled pane its arrows, and lists and radio buttons all but Esc. */
function answersItself(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.target.closest("[role=tabpanel], .right, input, select") !== null) {
    return event.key !== "Escape";
  }
  const button = event.target.closest("button") !== null;
  return button && (event.key === "Enter" || event.key === " ");
}
