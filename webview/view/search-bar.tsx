import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { matchWords, type Search } from "../model/search.js";
import type { PanelEvent } from "../model/store.js";
import { Icon } from "./icons.js";

interface Props {
  readonly search: Search;
  readonly row: number;
  readonly send: (event: PanelEvent) => void;
  /** Gives the keyboard back to the lanes. */
  readonly leave: () => void;
}

/** Looks for steps by what they say, what they touch, or their line. */
export function SearchBar({ search, row, send, leave }: Props): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    input.current?.focus();
  }, []);
  const close = (): void => {
    send({ type: "close" });
    leave();
  };
  const button = (name: string, title: string, act: () => void, off: boolean): JSX.Element => (
    <button
      type="button"
      class="tool"
      title={title}
      aria-label={title}
      disabled={off}
      onClick={act}
    >
      <Icon name={name} />
    </button>
  );
  const match = (direction: 1 | -1) => (): void => {
    send({ type: "match", direction });
  };
  const none = search.rows.length === 0;
  return (
    <div class="search" role="search" aria-label="Steps">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        aria-label="Search steps"
        placeholder="Words, a variable, or L22"
        spellcheck={false}
        value={search.query}
        onInput={(event) => {
          send({ type: "search", query: event.currentTarget.value });
        }}
        onKeyDown={(event) => {
          // What is written here is no command.
          event.stopPropagation();
          if (event.key === "Escape") close();
          if (event.key === "Enter") match(event.shiftKey ? -1 : 1)();
        }}
      />
      <span class="count" role="status">
        {matchWords(search, row)}
      </span>
      {button("up", "Previous match (Shift+Enter)", match(-1), none)}
      {button("down", "Next match (Enter)", match(1), none)}
      {button("cross", "Close search (Esc)", close, false)}
    </div>
  );
}
