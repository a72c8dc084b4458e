import type { JSX } from "preact";
import { formWords, type LabChoice, labLimits, type LabSite } from "../../../protocol/lab.js";
import { type LabEvent, type LabModel } from "../model/store.js";
import { labelOf } from "../model/words.js";
import type { LabHost } from "./app.js";

interface ControlsProps {
  readonly host: LabHost;
  readonly model: LabModel;
  readonly send: (event: LabEvent) => void;
}

const sites: readonly { readonly site: LabSite; readonly label: string }[] = [
  { site: "small", label: "Small website (40 pages)" },
  { site: "large", label: "Large website (500 pages)" },
  { site: "heavy", label: "Pages that compute (60)" },
  { site: "url", label: "Website of your choice" },
];

export function Controls({ host, model, send }: ControlsProps): JSX.Element {
  const { choice } = model;
  const choose = (it: Partial<LabChoice>): void => {
    send({ type: "choose", choice: it });
  };
  return (
    <form
      class="controls"
      aria-label="What to run"
      onSubmit={(event) => {
        event.preventDefault();
        host.post({ type: "do", work: "run", choice });
      }}
    >
      <FormAndSite choice={choice} choose={choose} />
      {choice.site === "url" ? (
        <label class="address">
          Address
          <input
            type="text"
            inputMode="url"
            value={choice.url}
            placeholder="https://example.org/"
            onInput={({ currentTarget }) => {
              choose({ url: currentTarget.value });
            }}
          />
        </label>
      ) : (
        <>
          <Amount label="Latency, ms" name="latency" least={0} choice={choice} choose={choose} />
          <Amount label="Seed" name="seed" least={0} choice={choice} choose={choose} />
        </>
      )}
      <Buttons host={host} model={model} />
    </form>
  );
}

interface ChoiceProps {
  readonly choice: LabChoice;
  readonly choose: (it: Partial<LabChoice>) => void;
}

function FormAndSite({ choice, choose }: ChoiceProps): JSX.Element {
  return (
    <>
      <label>
        Crawler
        <select
          value={choice.form}
          onChange={({ currentTarget }) => {
            choose({ form: currentTarget.value as LabChoice["form"] });
          }}
        >
          <option value="all">All side by side</option>
          {formWords.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Website
        <select
          value={choice.site}
          onChange={({ currentTarget }) => {
            choose({ site: currentTarget.value as LabSite });
          }}
        >
          {sites.map(({ site, label }) => (
            <option key={site} value={site}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <Amount label="Workers" name="workers" least={1} choice={choice} choose={choose} />
    </>
  );
}

interface AmountProps extends ChoiceProps {
  readonly label: string;
  readonly name: "workers" | "latency" | "seed";
  readonly least: number;
}

function Amount({ label, name, least, choice, choose }: AmountProps): JSX.Element {
  return (
    <label>
      {label}
      <input
        type="number"
        min={least}
        max={labLimits[name]}
        value={choice[name]}
        onInput={({ currentTarget }) => {
          const value = currentTarget.valueAsNumber;
          if (Number.isInteger(value)) choose({ [name]: value });
        }}
      />
    </label>
  );
}

function Buttons({ host, model }: Omit<ControlsProps, "send">): JSX.Element {
  const { choice, work, shown } = model;
  const form = choice.form === "all" ? (shown ?? "mutex") : choice.form;
  const words = formWords.find((it) => it.name === choice.form);
  const measured = choice.site !== "url" && (words === undefined || words.hasWorkers);
  const why =
    choice.site === "url"
      ? "Only on a generated website: other sites are asked for few pages a second"
      : `${labelOf(form)} has no number of workers`;
  return (
    <div class="buttons">
      <button type="submit" class="button primary" disabled={work !== null}>
        Run
      </button>
      <button
        type="button"
        class="button"
        disabled={work === null}
        onClick={() => {
          host.post({ type: "stop" });
        }}
      >
        Stop
      </button>
      <button
        type="button"
        class="button"
        disabled={work !== null || !measured}
        title={measured ? "The same site with 1, 2, 4 … 32 workers, and the serial crawler" : why}
        onClick={() => {
          host.post({ type: "do", work: "measure", choice });
        }}
      >
        Measure throughput
      </button>
      <button
        type="button"
        class="button"
        title={`Every order of ${labelOf(form)} on a site of three pages`}
        onClick={() => {
          host.post({ type: "sample", form, explore: true });
        }}
      >
        Explore this form
      </button>
      <button
        type="button"
        class="button"
        title={`The code of ${labelOf(form)} that runs here`}
        onClick={() => {
          host.post({ type: "sample", form, explore: false });
        }}
      >
        Open source
      </button>
    </div>
  );
}
