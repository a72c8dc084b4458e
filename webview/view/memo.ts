import { type ComponentChildren, h, type VNode } from "preact";
import { useRef } from "preact/hooks";

/** A component that is rendered again only when one of its properties is another one. */
export function memo<P extends object>(
  component: (props: P) => ComponentChildren,
): (props: P) => VNode<P> {
  return (props) => {
    const last = useRef<{ readonly props: P; readonly node: VNode<P> } | null>(null);
    // The same node tells preact that nothing below has changed.
    if (last.current === null || !sameProps(last.current.props, props)) {
      last.current = { props, node: h(component, props) };
    }
    return last.current.node;
  };
}

function sameProps(a: object, b: object): boolean {
  const names = Object.keys(b);
  return (
    names.length === Object.keys(a).length &&
    names.every((it) => Object.is(Reflect.get(a, it), Reflect.get(b, it)))
  );
}
