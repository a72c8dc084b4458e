import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Everything the page may load lies here. */
export function pageRoot(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, "dist");
}

/** What every panel of ours looks like from outside, and may load. */
export function setUpPanel(panel: vscode.WebviewPanel, extension: vscode.Uri): void {
  panel.iconPath = vscode.Uri.joinPath(extension, "media", "icon.png");
  panel.webview.options = { enableScripts: true, localResourceRoots: [pageRoot(extension)] };
}

/**
 * A panel's document: scripts only with the nonce and what they load, no inline styles, nothing from elsewhere.
 * @param bundle its script and style sheet
 */
export function pageHtml(
  webview: vscode.Webview,
  extension: vscode.Uri,
  bundle: "webview" | "lab",
  title: string,
): string {
  const nonce = randomBytes(16).toString("base64url");
  const file = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(pageRoot(extension), name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${file(`${bundle}.css`)}">
  <title>${title}</title>
</head>
<body>
  <div id="root"></div>
  <script type="module" nonce="${nonce}" src="${file(`${bundle}.js`)}"></script>
</body>
</html>`;
}
