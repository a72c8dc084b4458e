import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Witness } from "../../protocol/witness.js";
import { waits } from "../model/story.js";
import { waitForDiagram } from "../model/wait-for.js";

/** Who waits for whom when everything is stuck; the same in words for those who cannot see it. */
export function WaitFor({ witness }: { readonly witness: Witness }): JSX.Element | null {
  const diagram = waitForDiagram(witness);
  const box = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (diagram === "" || element === null) return undefined;
    let wanted = true;
    // A megabyte of drawing code: fetched only when there is a graph to draw.
    import("./diagram.js")
      .then(({ drawDiagram }) => drawDiagram(diagram))
      .then((svg) => {
        if (wanted) element.replaceChildren(svg);
      })
      .catch(() => {
        if (wanted) setFailed(true);
      });
    return () => {
      wanted = false;
    };
  }, [diagram]);
  const { outcome } = witness;
  if (diagram === "" || (outcome.kind !== "deadlock" && outcome.kind !== "leak")) return null;
  return (
    <div class="block">
      <h3>Who waits for whom</h3>
      {failed ? null : <div class="diagram" ref={box} aria-hidden="true" />}
      <p class="visually-hidden">{waits(witness, outcome.blocked)}.</p>
    </div>
  );
}
