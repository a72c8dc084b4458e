import type { FormName } from "../../../protocol/crawl.js";
import { formWords } from "../../../protocol/lab.js";

/** What a form is called. */
export function labelOf(form: FormName): string {
  return formWords.find((it) => it.name === form)?.label ?? form;
}

/** `1 page`, `2 pages` */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
