import type { JSX } from "preact";
import type { PanelContent } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
import { type Account, codeAt, type Place } from "../model/account.js";
import { placeLabel, threadName } from "../model/labels.js";
import { LaneMark } from "./icons.js";
import { StepLink } from "./step-link.js";

interface Props {
  readonly content: PanelContent;
  readonly witness: Witness;
  readonly account: Account;
  readonly go: (row: number) => void;
}

/** The lines at which it goes wrong, in the order of the schedule, each with who is there, what happens and its source. */
export function Places({ content, witness, account, go }: Props): JSX.Element {
  return (
    <ol class="places" aria-label="Where it goes wrong">
      {account.places.map((place, index) => (
        <li key={index}>
          <span class="place-what">
            <LaneMark lane={place.thread} />
            <What place={place} name={threadName(witness, place.thread)} go={go} />
            {place.more === "" ? null : <span class="dim">{place.more}</span>}
          </span>
          <Source content={content} witness={witness} place={place} />
        </li>
      ))}
      {account.more === 0 ? null : <li class="dim">and {account.more} more</li>}
    </ol>
  );
}

function What({
  place,
  name,
  go,
}: {
  readonly place: Place;
  readonly name: string;
  readonly go: (row: number) => void;
}): JSX.Element {
  const words = `${name} ${place.words}`;
  if (place.row === null) return <span>{words}</span>;
  return <StepLink text={`${words} (step ${place.row + 1})`} row={place.row} go={go} />;
}

/** The line by its file, its number and its text, with what is spoken of underlined. */
function Source({
  content,
  witness,
  place,
}: Pick<Props, "content" | "witness"> & { readonly place: Place }): JSX.Element {
  const parts = codeAt(content, place.span);
  return (
    <span class="place-source">
      <span class="place-line">{placeLabel(witness, place.span)}</span>
      {parts === null ? null : (
        <code>
          {parts.before}
          <mark>{parts.here}</mark>
          {parts.after}
        </code>
      )}
    </span>
  );
}
