import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Schedule, Witness } from "../../../protocol/witness.js";
import { lineLabel, objectName, shortened, threadName } from "../../model/labels.js";
import {
  type Seen,
  type Sight,
  type Visibility,
  variablesOf,
  visibilityAt,
  type Write,
} from "../../model/lens/visibility.js";
import {
  readWords,
  seenWords,
  sightSentence,
  summaryOf,
  writeWords,
} from "../../model/lens/visibility-words.js";
import { orderEdges } from "../../model/order.js";
import { Icon, LaneMark } from "../icons.js";
import type { LensProps } from "./processors-lens.js";

interface Props extends LensProps {
  readonly show: (schedule: Schedule) => void;
}

/** More writes than this are not listed: the older ones that nobody can see any more are counted. */
const mostWrites = 40;

/** Of one variable, at the step of the cursor: which write each thread sees, may see, or cannot see any more. */
export function MemoryLens({ witness, lens, row, go, set, show }: Props): JSX.Element {
  const variables = useMemo(() => variablesOf(witness), [witness]);
  const edges = useMemo(() => orderEdges(witness), [witness]);
  const object =
    lens.variable !== null && variables.includes(lens.variable) ? lens.variable : variables[0];
  const visibility = useMemo(
    () => (object === undefined ? null : visibilityAt(witness, object, row, edges)),
    [witness, object, row, edges],
  );
  if (visibility === null) {
    return (
      <section class="lens" aria-label="Memory">
        <p class="lens-note">No step of this schedule reads or writes a variable by itself.</p>
      </section>
    );
  }
  return (
    <section class="lens" aria-label="Memory">
      <div class="lens-controls">
        <label>
          Variable{" "}
          <select
            value={visibility.object}
            onChange={({ currentTarget }) => {
              set({ variable: Number(currentTarget.value) });
            }}
          >
            {variables.map((it) => (
              <option key={it} value={it}>
                {objectName(witness, it)}
              </option>
            ))}
          </select>
        </label>
        <span>
          After step {row + 1}. {summaryOf(witness, visibility)}
        </span>
      </div>
      {witness.language === "ts" ? (
        <p class="lens-note">
          One thread runs every task: what was written last is what everybody sees. What goes wrong
          here is a value that was read before an await and used after it.
        </p>
      ) : null}
      <div class="lens-scroll" role="region" aria-label="Who sees which write" tabIndex={0}>
        <Table witness={witness} visibility={visibility} row={row} go={go} />
        <Ways witness={witness} visibility={visibility} />
        {witness.stale === null ? null : (
          <p class="ways">
            <button
              type="button"
              class="link"
              onClick={() => {
                if (witness.stale !== null) show(witness.stale.schedule);
              }}
            >
              Show the run in which the newest write is never seen
            </button>
          </p>
        )}
      </div>
    </section>
  );
}

interface TableProps {
  readonly witness: Witness;
  readonly visibility: Visibility;
  readonly row: number;
  readonly go: (row: number, focus: boolean) => void;
}

interface Listed {
  readonly write: Write;
  readonly sights: readonly Sight[];
}

/** Newest first, and what is left out. */
function listed({ writes, sights }: Visibility): {
  readonly rows: readonly Listed[];
  readonly cut: number;
} {
  const all = writes.map((write, it) => ({ write, sights: sights[it] ?? [] })).reverse();
  const seen = (it: Listed): boolean =>
    it.sights.some(({ seen: s }) => s === "sees" || s === "may");
  const rows = all.filter((it, index) => index < mostWrites || seen(it));
  return { rows, cut: all.length - rows.length };
}

function Table({ witness, visibility, row, go }: TableProps): JSX.Element {
  const { rows, cut } = listed(visibility);
  return (
    <table class="facts-table sights">
      <thead>
        <tr>
          <th scope="col">Write, newest first</th>
          {witness.threads.map((_, thread) => (
            <th key={thread} scope="col" title={threadName(witness, thread)}>
              <LaneMark lane={thread} />{" "}
              <span class="name">{shortened(threadName(witness, thread), 16)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr class="reads">
          <th scope="row">a read now gives</th>
          {witness.threads.map((_, thread) => (
            <td key={thread}>
              <code>{readWords(visibility, thread)}</code>
            </td>
          ))}
        </tr>
        {rows.map(({ write, sights }) => (
          <tr key={write.row ?? -1} class={write.row === row ? "chosen" : ""}>
            <th scope="row">
              <WriteName witness={witness} write={write} go={go} />
            </th>
            {sights.map((it, thread) => (
              <td
                key={thread}
                class={`sight ${it.seen}`}
                title={sightSentence(witness, write, it, thread)}
              >
                <SeenMark seen={it.seen} />
                {seenWords(it.seen)}
                {it.known === null || it.known.by.length === 0 ? null : (
                  <span class="since"> since {it.known.row + 1}</span>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {cut === 0 ? null : (
        <caption>{cut} older writes, which nobody can see any more, are not listed.</caption>
      )}
    </table>
  );
}

function WriteName({
  witness,
  write,
  go,
}: Pick<TableProps, "witness" | "go"> & { readonly write: Write }): JSX.Element {
  const { row, by } = write;
  const words = writeWords(write);
  if (row === null || by === null) return <span class="dim">{words}</span>;
  const step = witness.steps[row];
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        go(row, false);
      }}
    >
      <LaneMark lane={by} /> step {row + 1}: {words}
      <span class="place">, by {threadName(witness, by)}</span>
      {step === undefined ? null : <span class="dim place"> {lineLabel(step.span)}</span>}
    </button>
  );
}

const marks: Readonly<Record<Seen, string>> = {
  sees: "check",
  may: "question",
  gone: "cross",
  nobody: "",
};

function SeenMark({ seen }: { readonly seen: Seen }): JSX.Element | null {
  return marks[seen] === "" ? null : <Icon name={marks[seen]} />;
}

/** Of what each thread can see: why, and by which steps it came to be known. */
function Ways({ witness, visibility }: Pick<TableProps, "witness" | "visibility">): JSX.Element {
  const { rows } = listed(visibility);
  const sentences = rows.flatMap(({ write, sights }) =>
    sights.flatMap((it, thread) =>
      (it.seen === "sees" || it.seen === "may") && write.row !== null && write.by !== thread
        ? [
            {
              thread,
              key: `${write.row} ${thread}`,
              text: sightSentence(witness, write, it, thread),
            },
          ]
        : [],
    ),
  );
  return (
    <ul class="ways">
      {sentences.map(({ thread, key, text }) => (
        <li key={key}>
          <LaneMark lane={thread} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
