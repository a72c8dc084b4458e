import { fileURLToPath, pathToFileURL } from "node:url";
import { dirname } from "node:path";
import type { Unit } from "../engine/engine.js";
import type { Documents, OpenDocument } from "./documents.js";

// A unit is what the engine looks at as one: a Go package folder or a TypeScript file. The engine
// knows `file:` URIs only, so a buffer that was never saved gets one under a folder that does not
// exist, and results are translated back.

const untitledRoot = "file:///untitled-buffers";

const extensions: Readonly<Record<string, string>> = {
  go: ".go",
  typescript: ".ts",
  typescriptreact: ".tsx",
  javascript: ".js",
  javascriptreact: ".jsx",
};

/** The URI the engine knows the document by; null for schemes it cannot read (git:, http:, …). */
export function engineUri(uri: string, languageId: string): string | null {
  if (uri.startsWith("untitled:")) {
    const name = encodeURIComponent(uri.slice("untitled:".length));
    const suffix = extensions[languageId] ?? "";
    return `${untitledRoot}/${name}/${languageId === "go" ? "main" : "buffer"}${suffix}`;
  }
  return uri.startsWith("file:") ? normalFileUri(uri) : null;
}

/** Clients and Node escape paths differently; this is Node's way. */
function normalFileUri(uri: string): string | null {
  try {
    return pathToFileURL(fileURLToPath(uri)).href;
  } catch {
    return null;
  }
}

function folderOf(uri: string): string {
  return pathToFileURL(dirname(fileURLToPath(uri))).href;
}

/** Name of the unit a document belongs to; null when it belongs to none. */
export function unitKey(document: OpenDocument): string | null {
  const uri = engineUri(document.uri, document.languageId);
  if (uri === null) return null;
  return document.language === "go" ? `go ${folderOf(uri)}` : `ts ${uri}`;
}

/** The unit as it stands in the editor: unsaved buffers of its language win over the disk. */
export function unitOf(key: string, documents: Documents, lastEdited: string | null): Unit {
  const language = key.startsWith("go ") ? "go" : "ts";
  const uri = key.slice("go ".length);
  const overlays = documents
    .all()
    .filter((it) => it.language === language)
    .flatMap((it) => {
      const of = engineUri(it.uri, it.languageId);
      return of === null ? [] : [{ uri: of, text: it.text.getText() }];
    })
    .sort((a, b) => (a.uri < b.uri ? -1 : 1));
  const edited = lastEdited === null ? undefined : documents.get(lastEdited);
  const editedUri = edited === undefined ? null : engineUri(edited.uri, edited.languageId);
  return {
    language,
    uri,
    overlays,
    edited:
      edited === undefined || editedUri === null || edited.editedLine === null
        ? null
        : { uri: editedUri, line: edited.editedLine },
  };
}

/** The client's name for a file the engine speaks of. */
export function clientUri(uri: string, documents: Documents): string {
  const open = documents.all().find((it) => engineUri(it.uri, it.languageId) === uri);
  return open?.uri ?? uri;
}
