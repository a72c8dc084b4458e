import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Witness } from "../../../protocol/witness.js";
import { labelOf, shortened, threadName } from "../../model/labels.js";
import type { Cell, Placement } from "../../model/lens/placement.js";
import { arrivalWords, cellSentence } from "../../model/lens/placement-words.js";
import { LaneMark, laneClass } from "../icons.js";

interface Props {
  readonly witness: Witness;
  readonly placement: Placement;
  readonly row: number;
  readonly go: (row: number, focus: boolean) => void;
}

const rowHeight = 26;
const gutter = 40;
/** Narrower columns than these show the mark and the number only, or not the name. */
const [roomForText, roomForName, leastColumn] = [96, 230, 46];
/** Longer ones are drawn only where they are in sight. */
const [wholeUpTo, margin] = [200, 20];

/** Time goes down, a column for each processor. */
export function PlacementGrid({ witness, placement, row, go }: Props): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height, top } = useSight(scroller);
  const now = placement.byRow[row]?.time ?? 0;
  useEffect(() => {
    const it = scroller.current;
    if (it === null) return;
    const head = it.firstElementChild?.clientHeight ?? 0;
    const [least, most] = [(now - 1) * rowHeight, (now + 2) * rowHeight + head];
    if (least < it.scrollTop) it.scrollTop = Math.max(0, least);
    else if (most > it.scrollTop + it.clientHeight) it.scrollTop = most - it.clientHeight;
  }, [now, placement, height]);
  const all = placement.length <= wholeUpTo;
  const from = all ? 0 : Math.max(0, Math.floor(top / rowHeight) - margin);
  const to = all ? placement.length : Math.ceil((top + height) / rowHeight) + margin;
  const column = Math.max(leastColumn, Math.floor((width - gutter) / placement.processors));
  const style = { gridTemplateColumns: `${gutter}px repeat(${placement.processors}, ${column}px)` };
  return (
    <div
      class="grid placement"
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label="Processors: which goroutine runs when"
      aria-rowcount={placement.length + 1}
      aria-activedescendant={`placed-${row}`}
    >
      <div class="placement-head" role="row" aria-rowindex={1} style={style}>
        <span role="columnheader">Time</span>
        {Array.from({ length: placement.processors }, (_, processor) => (
          <Head
            key={processor}
            witness={witness}
            placement={placement}
            processor={processor}
            now={now}
          />
        ))}
      </div>
      <div
        role="rowgroup"
        class="placement-rows"
        style={{ height: `${placement.length * rowHeight}px` }}
      >
        {placement.cells.slice(from, to).map((cells, it) => (
          <div
            key={from + it}
            role="row"
            class={`placement-row${from + it === now ? " now" : ""}`}
            aria-rowindex={from + it + 2}
            style={{ ...style, top: `${(from + it) * rowHeight}px`, height: `${rowHeight}px` }}
          >
            <span class="number" role="rowheader">
              {from + it}
            </span>
            {Array.from({ length: placement.processors }, (_, processor) => (
              <Slot
                key={processor}
                witness={witness}
                placement={placement}
                cell={cells.find((cell) => cell.processor === processor)}
                room={column}
                row={row}
                go={go}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface HeadProps extends Pick<Props, "witness" | "placement"> {
  readonly processor: number;
  readonly now: number;
}

/** The processor, the thread it has at the cursor, and how many goroutines wait for it. */
function Head({ witness, placement, processor, now }: HeadProps): JSX.Element {
  const cell = placement.cells[now]?.find((it) => it.processor === processor);
  const queue = placement.queues[now]?.local[processor];
  const waiting = (queue?.others.length ?? 0) + (queue?.next === null ? 0 : 1);
  const who = cell === undefined ? "idle" : `M${cell.os}`;
  const running =
    cell === undefined ? "idle" : `runs ${threadName(witness, cell.thread)} on thread M${cell.os}`;
  return (
    <span
      role="columnheader"
      title={`Processor P${processor}: ${running}, ${waiting} in its queue`}
    >
      <span class="visually-hidden">
        Processor P{processor}, {running}, {waiting} in its queue
      </span>
      <span class="seen" aria-hidden="true">
        <b>P{processor}</b>
        <span class="dim">{who}</span>
        <span class={waiting > 0 ? "waiting" : "waiting none"}>{waiting}</span>
      </span>
    </span>
  );
}

interface SlotProps extends Props {
  readonly cell: Cell | undefined;
  readonly room: number;
}

function Slot({ witness, placement, cell, room, row, go }: SlotProps): JSX.Element {
  if (cell === undefined) {
    return (
      <span class="slot idle" role="gridcell">
        <span class={room < roomForText ? "visually-hidden" : ""}>idle</span>
      </span>
    );
  }
  const { row: step, thread } = cell;
  const before = placement.cells[cell.time - 1]?.find((it) => it.processor === cell.processor);
  const moved = before?.os !== cell.os && placement.counts.threads > 1;
  const arrived = cell.arrival !== "goes on";
  const classes = [
    "slot",
    laneClass(thread),
    arrived ? "arrived" : "",
    step === null ? "early" : "",
  ];
  return (
    <span
      id={step === null ? undefined : `placed-${step}`}
      class={classes.join(" ")}
      role="gridcell"
      aria-selected={step === row}
      title={cellSentence(witness, cell)}
      onClick={() => {
        if (step !== null) go(step, false);
      }}
    >
      <span class="visually-hidden">{cellSentence(witness, cell)}</span>
      <span class="seen" aria-hidden="true">
        <LaneMark lane={thread} />
        <span class="number">{step === null ? "…" : step + 1}</span>
        {room < roomForText ? null : <Text witness={witness} cell={cell} room={room} />}
        {moved && room >= roomForText ? <span class="os">M{cell.os}</span> : null}
      </span>
    </span>
  );
}

function Text({
  witness,
  cell,
  room,
}: Pick<SlotProps, "witness" | "room"> & { readonly cell: Cell }): JSX.Element {
  const arrived = cell.arrival !== "goes on";
  const step = witness.steps[cell.row ?? -1];
  const label = step === undefined ? null : labelOf(witness, step);
  const name = shortened(threadName(witness, cell.thread), 18);
  return (
    <span class="ellipsis">
      {arrived ? <b>{name} </b> : null}
      {arrived && room < roomForName ? null : label === null ? (
        <span class="dim">after step {(cell.waitsFor ?? 0) + 1}</span>
      ) : (
        <>
          <span class="dim">{label.verb}</span> <code>{label.object}</code>
        </>
      )}
      {arrived && room >= roomForName ? <span class="how">{arrivalWords(cell)}</span> : null}
    </span>
  );
}

interface Sight {
  readonly width: number;
  readonly height: number;
  readonly top: number;
}

/** How much of the element is in sight, kept up to date. */
function useSight(element: { readonly current: HTMLDivElement | null }): Sight {
  const [sight, setSight] = useState<Sight>({ width: 300, height: 400, top: 0 });
  useEffect(() => {
    const it = element.current;
    if (it === null) return undefined;
    const look = (): void => {
      setSight({ width: it.clientWidth, height: it.clientHeight, top: it.scrollTop });
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(it);
    it.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      it.removeEventListener("scroll", look);
    };
  }, [element]);
  return sight;
}
