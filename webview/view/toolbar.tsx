import type { JSX } from "preact";
import type { PanelCommand } from "../../protocol/panel-commands.js";
import { effects } from "../model/commands.js";
import type { Levels } from "../model/levels.js";
import type { PanelEvent, PanelModel } from "../model/store.js";
import type { Timeline } from "../model/timeline.js";
import { Icon } from "./icons.js";
import { memo } from "./memo.js";
import type { Sight } from "./sight.js";
import { Strip } from "./strip.js";

interface Props {
  readonly model: PanelModel;
  readonly timeline: Timeline;
  readonly levels: Levels;
  readonly sentence: string;
  readonly sight: Sight;
  readonly send: (event: PanelEvent) => void;
  /** Moves the cursor to a row. */
  readonly to: (row: number) => void;
  readonly exportTrace: () => void;
}

const Overview = memo(Strip);

/** Stepping, playing, zooming, and the whole schedule in one strip to scrub over. */
export function Toolbar({
  model,
  timeline,
  levels,
  sentence,
  sight,
  send,
  to,
  exportTrace,
}: Props): JSX.Element {
  const last = timeline.rows.length - 1;
  const button = (
    icon: string,
    title: string,
    command: PanelCommand,
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
        const effect = effects[command];
        if (typeof effect !== "string") send(effect);
      }}
    >
      <Icon name={icon} />
    </button>
  );
  const atStart = model.row <= 0;
  const atEnd = model.row >= last;
  const { factor, least } = model.zoom;
  return (
    <div class="toolbar" role="toolbar" aria-label="Steps">
      <div class="tools">
        {button("first", "First step (Home)", "firstStep", atStart)}
        {button("previous", "Previous step (↑)", "previousStep", atStart)}
        {playButton(model, button, last < 1)}
        {button("next", "Next step (↓)", "nextStep", atEnd)}
        {button("last", "Last step (End)", "lastStep", atEnd)}
      </div>
      <span class="counter" style={{ minWidth: `${2 * `${last + 1}`.length + 3}ch` }}>
        <b>{last < 0 ? 0 : model.row + 1}</b> / {last + 1}
      </span>
      <Overview
        timeline={timeline}
        levels={levels}
        row={model.row}
        sentence={sentence}
        sight={sight}
        go={to}
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
      <button
        type="button"
        class="tool speed"
        title="Speed of playing"
        aria-label={`Speed of playing: ${model.speed} times`}
        onClick={() => {
          send({ type: "speed" });
        }}
      >
        {model.speed}×
      </button>
      <div class="tools more">
        <div class="tools zoom">
          {button("minus", "Zoom out (S)", "zoomOut", factor <= least)}
          {button("plus", "Zoom in (W)", "zoomIn", factor >= 2)}
          {button("fit", "Fit whole schedule (0)", "fitAll", factor <= least)}
        </div>
        {button("search", "Search (/)", "search", false, model.search !== null)}
        {button(
          "compare",
          "Compare with the nearest passing schedule (C)",
          "compareSchedules",
          false,
        )}
        {button("arrows", "All happens-before arrows (H)", "toggleArrows", false, model.allArrows)}
        <button
          type="button"
          class="tool"
          title="Export schedule…"
          aria-label="Export schedule…"
          onClick={exportTrace}
        >
          <Icon name="export" />
        </button>
        {button("help", "Keys and legend (?)", "toggleKeys", false, model.help)}
      </div>
    </div>
  );
}

/** Without motion there is no playing, only going on to where another thread takes over. */
function playButton(
  { playing, still }: PanelModel,
  button: (icon: string, title: string, command: PanelCommand, disabled: boolean) => JSX.Element,
  disabled: boolean,
): JSX.Element {
  const words = still ? "Next switch of lanes (Space)" : playing ? "Pause (Space)" : "Play (Space)";
  return button(still ? "swap" : playing ? "pause" : "play", words, "play", disabled);
}
