// What is read as data goes into the package with a better compression than a .vsix has: `FILE.br` beside each `FILE`.
// `language-server/host/bundled.ts` and the bundles' way to ts-morph read both.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { cacheFolder, root } from "./setup.mjs";

const dist = path.join(root, "dist");
/** What was compressed before: the highest quality takes a minute. */
const cache = cacheFolder("brotli");

/** Writes them all. */
export function packBundled() {
  for (const name of ["gossa.wasm", "std/std.types", "ts-morph.cjs"]) {
    const file = path.join(dist, name);
    writeFileSync(`${file}.br`, compressed(readFileSync(file)));
  }
  packImages();
}

/** Each image by itself, so that one can be read without the others; the index says where it lies. */
function packImages() {
  const plain = path.join(dist, "std", "std-images");
  const images = readFileSync(`${plain}.json`);
  const index = JSON.parse(readFileSync(`${plain}.index.json`, "utf8"));
  const packed = {};
  const parts = [];
  let at = 0;
  for (const [name, [offset, length]] of Object.entries(index)) {
    const part = compressed(images.subarray(offset, offset + length));
    packed[name] = [at, part.length];
    parts.push(part);
    at += part.length;
  }
  writeFileSync(`${plain}.br`, Buffer.concat(parts));
  writeFileSync(`${plain}.br.index.json`, `${JSON.stringify(packed)}\n`);
}

function compressed(bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex");
  const file = path.join(cache, `${hash}.br`);
  if (existsSync(file)) return readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const result = brotliCompressSync(bytes, { params });
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, result);
  return result;
}
