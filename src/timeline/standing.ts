import type { Schedule, Witness } from "../../protocol/witness.js";

/** Where somebody stood in a panel: enough to come back to after the panel was closed or the place explored again. */
export interface Standing {
  /** The finding that was asked for, if any. */
  readonly fingerprint: string | undefined;
  /** The texts it was about, by URI of the document. */
  readonly texts: ReadonlyMap<string, string>;
  readonly schedule: Schedule;
  readonly step: number;
}

/** The same place among other witnesses: null when the text is another one, or the schedule is not among them. */
export function comeBack(
  standing: Standing,
  fingerprint: string | undefined,
  witnesses: readonly Witness[],
  texts: ReadonlyMap<string, string>,
): { readonly witness: number; readonly step: number } | null {
  if (standing.fingerprint !== fingerprint) return null;
  const changed = [...standing.texts].some(([uri, text]) => (texts.get(uri) ?? text) !== text);
  if (changed) return null;
  const wanted = nameOf(standing.schedule);
  const witness = witnesses.findIndex((it) => nameOf(it.schedule) === wanted);
  return witness < 0 ? null : { witness, step: standing.step };
}

function nameOf({ program, entry, visible, choices }: Schedule): string {
  return JSON.stringify([program, entry, visible, choices]);
}
