import type { JSX } from "preact";
import { useEffect, useReducer, useState } from "preact/hooks";
import type { FormName } from "../../../protocol/crawl.js";
import type { FromLab, LabChoice } from "../../../protocol/lab.js";
import { onThemeChange } from "../../view/theme.js";
import { emptyLab, type LabEvent, type LabModel, reduceLab } from "../model/store.js";
import { Controls } from "./controls.js";
import { Figures } from "./figures.js";
import { Pages } from "./pages.js";
import { SideBySide } from "./side-by-side.js";
import { Throughput } from "./throughput.js";
import { Workers } from "./workers.js";

/** The way out of the page. */
export interface LabHost {
  post(message: FromLab): void;
  save(choice: LabChoice): void;
  /** What was chosen last, also before a reload; null: nothing. */
  saved(): LabChoice | null;
  /** Calls back once a frame at most, until the returned function is called. */
  listen(listener: (event: LabEvent) => void): () => void;
}

export function App({ host }: { readonly host: LabHost }): JSX.Element {
  const [model, send] = useReducer(reduceLab, host.saved(), emptyLab);
  useEffect(() => host.listen(send), [host]);
  useEffect(() => {
    host.save(model.choice);
  }, [host, model.choice]);
  const theme = useThemes();
  const run = model.shown === null ? null : (model.runs.get(model.shown) ?? null);
  const show = (form: FormName): void => {
    send({ type: "show", form });
  };
  return (
    <main class="lab">
      <h1 class="visually-hidden">Crawler lab</h1>
      <Controls host={host} model={model} send={send} />
      <Notes model={model} />
      <Figures model={model} run={run} />
      <div class="rooms">
        <Pages run={run} theme={theme} />
        <Workers run={run} theme={theme} />
        <Throughput model={model} />
      </div>
      <SideBySide model={model} show={show} />
      <p class="visually-hidden" role="status">
        {model.said}
      </p>
    </main>
  );
}

function Notes({ model }: { readonly model: LabModel }): JSX.Element {
  const { problem, gap } = model;
  return (
    <>
      {problem === null ? null : (
        <p class="note" role="alert">
          {problem}
        </p>
      )}
      {gap === 0 ? null : (
        <p class="note">
          This view was hidden for long: {gap} events are not drawn. The figures of finished crawls
          are whole.
        </p>
      )}
    </>
  );
}

/** How often the theme has changed: what is painted must be painted again. */
function useThemes(): number {
  const [count, setCount] = useState(0);
  useEffect(
    () =>
      onThemeChange(() => {
        setCount((it) => it + 1);
      }),
    [],
  );
  return count;
}
