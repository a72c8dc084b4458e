import type { JSX } from "preact";
import type { Timeline } from "../model/timeline.js";
import type { PanelEvent, PanelModel } from "../model/store.js";
import { Icon } from "./icons.js";
import { Strip } from "./strip.js";

interface Props {
  readonly model: PanelModel;
  readonly timeline: Timeline;
  readonly sentence: string;
  readonly send: (event: PanelEvent) => void;
  readonly exportTrace: () => void;
}

/** Stepping, playing, and the whole schedule in one strip to scrub over. */
export function Toolbar({ model, timeline, sentence, send, exportTrace }: Props): JSX.Element {
  const last = timeline.rows.length - 1;
  const to = (row: number): PanelEvent => ({ type: "move", move: { kind: "to", row } });
  const by = (rows: number): PanelEvent => ({ type: "move", move: { kind: "by", rows } });
  const compare: PanelEvent = { type: "compare", with: null };
  const button = (
    name: string,
    title: string,
    event: PanelEvent,
    disabled: boolean,
    pressed?: boolean,
  ): JSX.Element => (
    <button
      type="button"
      class="tool"
      title={title}
      aria-label={title}
      disabled={disabled}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      onClick={() => {
        send(event);
      }}
    >
      <Icon name={name} />
    </button>
  );
  const atStart = model.row <= 0;
  const atEnd = model.row >= last;
  return (
    <div class="toolbar" role="toolbar" aria-label="Steps">
      <div class="tools">
        {button("first", "First step (Home)", to(0), atStart)}
        {button("previous", "Previous step (↑)", by(-1), atStart)}
        {button(
          model.playing ? "pause" : "play",
          model.playing ? "Pause (Space)" : "Play (Space)",
          { type: "play" },
          last < 1,
        )}
        {button("next", "Next step (↓)", by(1), atEnd)}
        {button("last", "Last step (End)", to(last), atEnd)}
      </div>
      <span class="counter">
        <b>{last < 0 ? 0 : model.row + 1}</b> / {last + 1}
      </span>
      <Strip
        timeline={timeline}
        row={model.row}
        sentence={sentence}
        go={(row) => {
          send(to(row));
        }}
      />
      <button
        type="button"
        class="tool be-scheduler"
        title="Be the scheduler: pick who runs next"
        aria-label="Be the scheduler"
        onClick={() => {
          send({ type: "scheduler-open", memory: null });
        }}
      >
        <Icon name="pick" />
        <span class="words">Be the scheduler</span>
      </button>
      <div class="tools">
        {button("compare", "Compare with the nearest passing schedule (C)", compare, false)}
        {button(
          "arrows",
          "All happens-before arrows (H)",
          { type: "arrows" },
          false,
          model.allArrows,
        )}
        <button
          type="button"
          class="tool"
          title="Export schedule…"
          aria-label="Export schedule…"
          onClick={exportTrace}
        >
          <Icon name="export" />
        </button>
        {button("help", "Keys and legend (?)", { type: "help" }, false, model.help)}
      </div>
    </div>
  );
}
