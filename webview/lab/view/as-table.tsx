import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

/** What is drawn, as a table; not built before somebody opens it. */
export function AsTable({
  title,
  children,
}: {
  readonly title: string;
  readonly children: () => ComponentChildren;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details
      class="as-table"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>As a table</summary>
      {open ? (
        <div class="scroll" role="region" aria-label={`Table: ${title}`} tabIndex={0}>
          {children()}
        </div>
      ) : null}
    </details>
  );
}
