import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Lesson, parseLesson } from "../../protocol/lesson.js";

/** A lesson that comes with the extension. */
export interface ListedLesson {
  /** Of its folder; what is done is kept by it. */
  readonly name: string;
  /** From the folder of the samples. */
  readonly file: string;
  readonly lesson: Lesson;
}

/** The lessons below the folder of the samples, in their order. */
export async function lessonsIn(samples: string): Promise<readonly ListedLesson[]> {
  const files = (await readdir(path.join(samples, "lessons"), { recursive: true }))
    .map((it) => it.replaceAll(path.sep, "/"))
    .filter((it) => /^[^/]+\/main\.(?:go|ts)$/.test(it))
    .sort();
  const lessons = await Promise.all(files.map(async (it) => lessonAt(samples, `lessons/${it}`)));
  return lessons.filter((it) => it !== null);
}

async function lessonAt(samples: string, file: string): Promise<ListedLesson | null> {
  const parsed = parseLesson(await readFile(path.join(samples, file), "utf8"));
  if (parsed.kind === "problems") return null;
  return { name: nameIn(file) ?? file, file, lesson: parsed.lesson };
}

/** Of a lesson whose file a path names, wherever its copy is; null: it names none. */
export function nameIn(file: string): string | null {
  return /(?:^|[\\/])lessons[\\/](\d+-[^\\/]+)[\\/]main\.(?:go|ts)$/.exec(file)?.[1] ?? null;
}

/** The lesson to go on with: the next one that is not done, from the beginning again if need be. */
export function nextAfter(
  lessons: readonly ListedLesson[],
  name: string,
  done: ReadonlySet<string>,
): ListedLesson | null {
  const at = lessons.findIndex((it) => it.name === name);
  const order = [...lessons.slice(at + 1), ...lessons.slice(0, at + 1)];
  return order.find((it) => !done.has(it.name)) ?? null;
}
