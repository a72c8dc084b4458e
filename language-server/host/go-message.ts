// What crosses between Node and `gossa`: one line of JSON, a newline, and the bytes it announces.
// `gossa/protocol.go` is the other end.

export interface GoPackage {
  readonly path: string;
  readonly goVersion: string;
  readonly files: readonly { readonly name: string; readonly text: Uint8Array }[];
  readonly tests: boolean;
  readonly typesOnly: boolean;
  /** The files were sent before and have not changed. */
  readonly kept: boolean;
}

export interface GoExport {
  readonly path: string;
  readonly imports: readonly string[];
  readonly data: Uint8Array;
}

export interface GoRequest {
  readonly packages: readonly GoPackage[];
  readonly exports: readonly GoExport[];
  readonly check: readonly string[];
  readonly edited: { readonly file: string; readonly line: number } | null;
}

export interface GoReply {
  readonly images: readonly string[];
  readonly missing: readonly string[];
  readonly error: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeRequest(request: GoRequest): Uint8Array {
  const payload: Uint8Array[] = [];
  const announce = (bytes: Uint8Array): number => {
    payload.push(bytes);
    return bytes.byteLength;
  };
  const head = {
    packages: request.packages.map((it) => ({
      ...it,
      files: it.files.map(({ name, text }) => ({ name, bytes: announce(text) })),
    })),
    check: request.check,
    exports: request.exports.map(({ path, imports, data }) => ({
      path,
      imports,
      bytes: announce(data),
    })),
    edited: request.edited,
  };
  const line = encoder.encode(`${JSON.stringify(head)}\n`);
  const message = new Uint8Array(payload.reduce((n, it) => n + it.byteLength, line.byteLength));
  message.set(line);
  let at = line.byteLength;
  for (const bytes of payload) {
    message.set(bytes, at);
    at += bytes.byteLength;
  }
  return message;
}

/** The head of a reply as `protocol.go` writes it. */
interface ReplyHead {
  readonly images: readonly { readonly bytes: number }[];
  readonly missing: readonly string[];
  readonly error: string;
}

export function decodeReply(message: Uint8Array): GoReply {
  const end = message.indexOf(10);
  const head = JSON.parse(decoder.decode(message.subarray(0, end))) as ReplyHead;
  let at = end + 1;
  const images = head.images.map(({ bytes }) => {
    at += bytes;
    return decoder.decode(message.subarray(at - bytes, at));
  });
  return { images, missing: head.missing, error: head.error };
}
