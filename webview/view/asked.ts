import { useEffect, useRef } from "preact/hooks";
import type { PanelModel } from "../model/store.js";

/** Shows the source of the step when the palette asks for it: the panel knows which step it stands on. */
export function useAsked(
  { asked, row }: PanelModel,
  reveal: (row: number, focus: boolean) => void,
): void {
  const answered = useRef(asked);
  useEffect(() => {
    if (answered.current === asked) return;
    answered.current = asked;
    reveal(row, true);
  }, [asked, row, reveal]);
}
