import type { JSX } from "preact";
import type { FormName } from "../../../protocol/crawl.js";
import { duration, endWords, type Row, rowsOf } from "../model/compare.js";
import { millisOf } from "../model/run.js";
import type { LabModel } from "../model/store.js";

interface SideBySideProps {
  readonly model: LabModel;
  readonly show: (form: FormName) => void;
}

/** All forms on one clock: a bar is as long as its crawl took. */
export function SideBySide({ model, show }: SideBySideProps): JSX.Element {
  return (
    <section class="room side-by-side">
      <h2 id="side-title">Side by side, on one clock</h2>
      <div class="scroll" role="region" aria-labelledby="side-title" tabIndex={0}>
        <table class="facts-table one-clock">
          <thead>
            <tr>
              <th scope="col">Crawler</th>
              <th scope="col" class="time-head">
                Time
              </th>
              <th scope="col">Pages/s</th>
              <th scope="col">Times serial</th>
              <th scope="col">Pages</th>
              <th scope="col">Twice</th>
              <th scope="col">Failed</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(model).map((it) => (
              <FormRow key={it.words.name} row={it} shown={model.shown} show={show} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function FormRow({
  row,
  shown,
  show,
}: {
  readonly row: Row;
  readonly shown: FormName | null;
  readonly show: (form: FormName) => void;
}): JSX.Element {
  const { words, run, running, share, speed, timesSerial } = row;
  const isShown = shown === words.name;
  const twice = run === null ? 0 : (run.result?.duplicates ?? run.duplicates);
  return (
    <tr class={isShown ? "chosen" : ""} aria-current={isShown ? "true" : undefined}>
      <th scope="row">
        {run === null ? (
          <span title={words.about}>{words.label}</span>
        ) : (
          <button
            type="button"
            class="link"
            aria-pressed={isShown}
            title={`${words.about}. Shows its pages and workers.`}
            onClick={() => {
              show(words.name);
            }}
          >
            {words.label}
          </button>
        )}
      </th>
      <td class="time">
        <svg class="time-bar" aria-hidden="true" height="12">
          <rect width={`${(share * 100).toFixed(1)}%`} height="12" class={running ? "on" : ""} />
        </svg>
        <span>{run === null ? "" : duration(millisOf(run))}</span>
      </td>
      <td>{run === null ? "" : Math.round(speed)}</td>
      <td>{timesSerial === null ? "" : timesSerial.toFixed(1)}</td>
      <td>{run === null ? "" : (run.result?.pages ?? run.begun)}</td>
      <td class={twice > 0 ? "bad" : ""}>{run === null ? "" : twice > 0 ? `${twice} !` : 0}</td>
      <td>{run === null ? "" : (run.result?.failed ?? run.failed)}</td>
      <td class="state">{endWords(run, running)}</td>
    </tr>
  );
}
