import type { JSX } from "preact";
import { serialSpeed } from "../model/compare.js";
import { type Curve, type Frame, kneeSentence, scalesOf, workerCounts } from "../model/curve.js";
import type { LabModel } from "../model/store.js";
import { labelOf } from "../model/words.js";
import { AsTable } from "./as-table.js";
import { useWidth } from "./drawing.js";

const margins = { height: 190, left: 38, right: 14, top: 16, bottom: 34 };
const widest = 460;

/** How many workers until throughput stops rising. */
export function Throughput({ model }: { readonly model: LabModel }): JSX.Element {
  const [place, width] = useWidth();
  const curves = [...model.curves.values()];
  const serial = serialSpeed(model);
  return (
    <section class="room throughput" aria-labelledby="throughput-title">
      <h2 id="throughput-title">Pages a second by workers</h2>
      <div class="drawing-place" ref={place}>
        {curves.length === 0 || width === 0 ? null : (
          <Chart
            curves={curves}
            serial={serial}
            frame={{ ...margins, width: Math.min(width, widest) }}
          />
        )}
      </div>
      {curves.length === 0 ? (
        <p class="dim">
          {model.work === "measure"
            ? "Being measured…"
            : "Measure throughput to see how many workers pay."}
        </p>
      ) : (
        <>
          {curves.map((it, index) => (
            <p key={it.form} class={`curve-words curve-${index}`}>
              <svg class="curve-key" width="16" height="12" aria-hidden="true">
                <Marker index={index} x={8} y={6} />
              </svg>
              <span>
                <b>{labelOf(it.form)}</b> {kneeSentence(it, serial)}
              </span>
            </p>
          ))}
          <AsTable title="Pages a second by workers">
            {() => <CurveTable curves={curves} serial={serial} />}
          </AsTable>
        </>
      )}
    </section>
  );
}

interface CurvesProps {
  readonly curves: readonly Curve[];
  readonly serial: number | null;
}

function Chart({ curves, serial, frame }: CurvesProps & { readonly frame: Frame }): JSX.Element {
  const most = Math.max(
    serial ?? 0,
    ...curves.flatMap((it) => it.points.map((point) => point.throughput)),
  );
  const { x, y, ticks } = scalesOf(most, frame);
  return (
    <svg
      class="chart"
      width={frame.width}
      height={frame.height}
      role="img"
      aria-label={curves.map((it) => `${labelOf(it.form)}: ${kneeSentence(it, serial)}`).join(" ")}
    >
      {ticks.map((it) => (
        <g key={it} class="tick">
          <line x1={frame.left} x2={frame.width - frame.right} y1={y(it)} y2={y(it)} />
          <text x={frame.left - 5} y={y(it) + 3.5} text-anchor="end">
            {it}
          </text>
        </g>
      ))}
      {workerCounts.map((it) => (
        <text key={it} class="worker-count" x={x(it)} y={frame.height - frame.bottom + 14}>
          {it}
        </text>
      ))}
      <text class="worker-count" x={(frame.left + frame.width) / 2} y={frame.height - 4}>
        workers
      </text>
      {serial === null ? null : (
        <g class="serial">
          <line x1={frame.left} x2={frame.width - frame.right} y1={y(serial)} y2={y(serial)} />
          <text x={frame.width - frame.right} y={y(serial) - 4} text-anchor="end">
            serial {Math.round(serial)}/s
          </text>
        </g>
      )}
      {curves.map((curve, index) => (
        <g key={curve.form} class={`curve curve-${index}`}>
          {curve.knee === null ? null : (
            <g class="knee">
              <line
                x1={x(curve.knee.workers)}
                x2={x(curve.knee.workers)}
                y1={y(curve.knee.throughput)}
                y2={y(0)}
              />
              <text x={x(curve.knee.workers)} y={y(curve.knee.throughput) - 9}>
                knee {curve.knee.workers}
              </text>
            </g>
          )}
          <polyline
            points={curve.points.map((it) => `${x(it.workers)},${y(it.throughput)}`).join(" ")}
          />
          {curve.points.map((it) => (
            <Marker key={it.workers} index={index} x={x(it.workers)} y={y(it.throughput)} />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** Each curve has a shape of its own beside its colour. */
function Marker({
  index,
  x,
  y,
}: {
  readonly index: number;
  readonly x: number;
  readonly y: number;
}): JSX.Element {
  if (index === 0) return <circle class="marker" cx={x} cy={y} r="3.2" />;
  if (index === 1) return <rect class="marker" x={x - 3} y={y - 3} width="6" height="6" />;
  return <path class="marker" d={`M${x} ${y - 4}l4 7h-8z`} />;
}

function CurveTable({ curves, serial }: CurvesProps): JSX.Element {
  return (
    <table class="facts-table">
      <thead>
        <tr>
          <th scope="col">Workers</th>
          {curves.map((it) => (
            <th key={it.form} scope="col">
              {labelOf(it.form)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {workerCounts.map((workers) => (
          <tr key={workers}>
            <th scope="row">{workers}</th>
            {curves.map((it) => (
              <td key={it.form}>{cellOf(it, workers)}</td>
            ))}
          </tr>
        ))}
        {serial === null ? null : (
          <tr>
            <th scope="row">serial</th>
            <td colSpan={curves.length}>{Math.round(serial)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function cellOf({ points, knee }: Curve, workers: number): string {
  const point = points.find((it) => it.workers === workers);
  if (point === undefined) return "";
  return `${Math.round(point.throughput)}${knee?.workers === workers ? " (knee)" : ""}`;
}
