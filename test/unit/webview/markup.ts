import { type ComponentChild, isValidElement, type VNode } from "preact";

// Components without state, as the markup they stand for: what a screen reader and a style sheet see, without a browser.

/** An element with the text in it. */
export interface Element {
  readonly tag: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly inside: readonly Element[];
}

type Props = Readonly<Record<string, unknown>> & { readonly children?: ComponentChild };

/** All elements of a tree, outer ones before what is in them. */
export function elements(node: ComponentChild): readonly Element[] {
  return expand(node).elements.flatMap(within);
}

function within(it: Element): readonly Element[] {
  return [it, ...it.inside.flatMap(within)];
}

interface Expanded {
  readonly text: string;
  readonly elements: readonly Element[];
}

function expand(node: ComponentChild | readonly ComponentChild[]): Expanded {
  if (Array.isArray(node)) return joined(node.map((it: ComponentChild) => expand(it)));
  if (typeof node === "string" || typeof node === "number")
    return { text: `${node}`, elements: [] };
  if (!isValidElement(node)) return { text: "", elements: [] };
  const { type, props } = node as VNode<Props>;
  if (typeof type === "function") {
    const component = type as (props: Props) => ComponentChild;
    return expand(component(props));
  }
  const { text, elements: inside } = expand(props.children);
  return { text, elements: [{ tag: type, props, text, inside }] };
}

function joined(parts: readonly Expanded[]): Expanded {
  return {
    text: parts.map((it) => it.text).join(""),
    elements: parts.flatMap((it) => it.elements),
  };
}
