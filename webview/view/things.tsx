import type { JSX } from "preact";
import type { ThreadId, Witness } from "../../protocol/witness.js";
import { objectName, threadName } from "../model/labels.js";
import { type ChannelAt, contentWords, lockWord, type ThingsAt } from "../model/shared-things.js";
import { Icon, LaneMark } from "./icons.js";

interface Props {
  readonly witness: Witness;
  readonly things: ThingsAt;
}

/** Who holds and wants the locks, what is in the channels, where counters stand, who awaits what. */
export function Things({ witness, things }: Props): JSX.Element {
  const { locks, channels, counters, awaits } = things;
  return (
    <>
      <Block title="Locks" shown={locks.length > 0}>
        {locks.map((it) => (
          <li key={it.object}>
            <span class={it.holders.length > 0 ? "lock-icon held" : "lock-icon"}>
              <Icon name="lock" />
            </span>
            <code>{objectName(witness, it.object)}</code>
            <span class={it.holders.length > 0 ? "" : "dim"}>{lockWord(it)}</span>
            {it.holders.map((thread) => (
              <Who key={thread} witness={witness} thread={thread} />
            ))}
            <Waiters witness={witness} waiters={it.waiters} />
          </li>
        ))}
      </Block>
      <Block title="Channels" shown={channels.length > 0}>
        {channels.map((it) => (
          <li key={it.object}>
            <code>{objectName(witness, it.object)}</code>
            <Fill channel={it} />
            <Changed changed={it.changed} />
            <Waiters witness={witness} waiters={it.waiters} />
          </li>
        ))}
      </Block>
      <Block title="Wait groups" shown={counters.length > 0}>
        {counters.map((it) => (
          <li key={it.object}>
            <code>{objectName(witness, it.object)}</code>
            <span>at {it.value}</span>
            <Changed changed={it.changed} />
            <Waiters witness={witness} waiters={it.waiters} />
          </li>
        ))}
      </Block>
      <Block title="Awaiting" shown={awaits.length > 0}>
        {awaits.map((it) => (
          <li key={it.thread}>
            <Who witness={witness} thread={it.thread} />
            {it.text === "" ? null : <code>{it.text}</code>}
            <span class="dim">since step {it.since + 1}</span>
          </li>
        ))}
      </Block>
    </>
  );
}

function Block({
  title,
  shown,
  children,
}: {
  readonly title: string;
  readonly shown: boolean;
  readonly children: readonly JSX.Element[];
}): JSX.Element | null {
  if (!shown) return null;
  return (
    <div class="block">
      <h3>{title}</h3>
      <ul class="facts">{children}</ul>
    </div>
  );
}

/** `1/2 [a]`. */
function Fill({ channel }: { readonly channel: ChannelAt }): JSX.Element {
  const { values, capacity, closed } = channel;
  return (
    <>
      {capacity === 0 ? (
        <span class="dim">unbuffered</span>
      ) : (
        <span class="fill">
          {`${values.length}/${capacity}`} <code>{contentWords(values)}</code>
        </span>
      )}
      {closed ? <span class="next">closed</span> : null}
    </>
  );
}

function Waiters({
  witness,
  waiters,
}: {
  readonly witness: Witness;
  readonly waiters: readonly ThreadId[];
}): JSX.Element | null {
  if (waiters.length === 0) return null;
  return (
    <span class="queue">
      waited for by
      {waiters.map((it) => (
        <Who key={it} witness={witness} thread={it} />
      ))}
    </span>
  );
}

export function Who({
  witness,
  thread,
}: {
  readonly witness: Witness;
  readonly thread: ThreadId;
}): JSX.Element {
  return (
    <span class="who">
      <LaneMark lane={thread} />
      {threadName(witness, thread)}
    </span>
  );
}

/** A mark and a word: no state by colour alone. */
export function Changed({ changed }: { readonly changed: boolean }): JSX.Element | null {
  if (!changed) return null;
  return (
    <>
      <span class="star" title="changed by this step" aria-hidden="true">
        *
      </span>
      <span class="visually-hidden"> changed</span>
    </>
  );
}
