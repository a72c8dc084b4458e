import type { JSX } from "preact";

interface Props {
  readonly text: string;
  readonly row: number;
  readonly go: (row: number) => void;
}

/** A button in running text: a real one would not break over lines. */
export function StepLink({ text, row, go }: Props): JSX.Element {
  return (
    <span
      class="link"
      role="button"
      tabIndex={0}
      onClick={() => {
        go(row);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        go(row);
      }}
    >
      {text}
    </span>
  );
}
