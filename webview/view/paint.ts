import type { Drawing, Painted } from "../../protocol/webview.js";

/** Browsers make no canvas with longer sides, or of more pixels. */
const longestSide = 16_384;
const mostPixels = 2 ** 28;

/** Sharp on screens with two pixels to one; smaller only where there is no room, and never so small that text is lost. */
const [wanted, least] = [2, 0.6];

/** A drawing as PNG. */
export async function paint({ svg, width, height }: Drawing): Promise<Painted> {
  const scale = Math.min(
    wanted,
    longestSide / width,
    longestSide / height,
    Math.sqrt(mostPixels / (width * height)),
  );
  if (scale < least) {
    return { problem: "The schedule is too long for a PNG picture; SVG has no such bound." };
  }
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(width * scale);
  canvas.height = Math.floor(height * scale);
  const context = canvas.getContext("2d");
  if (context === null) return { problem: "There is no canvas to paint on." };
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => {
    canvas.toBlob(done, "image/png");
  });
  if (blob === null) return { problem: "The picture could not be written as PNG." };
  return { png: new Uint8Array(await blob.arrayBuffer()), scale };
}
