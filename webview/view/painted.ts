import { useLayoutEffect, useState } from "preact/hooks";

/** False until the first picture is on the screen: what that one does not need is not made before. */
export function usePainted(): boolean {
  const [painted, setPainted] = useState(false);
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    // What runs in a frame runs before it is painted, and a task from there may, too: a task from the next one cannot.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        timer = setTimeout(() => {
          setPainted(true);
        });
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
  return painted;
}
