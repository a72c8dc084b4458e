import mermaid from "mermaid";

// Mermaid writes its looks as a <style> element and style attributes, both of which the panel's
// content security policy forbids in markup. Setting the same through the style object and a
// constructed sheet is allowed, so the drawing is taken apart and dressed again.

let drawn = 0;

/** The diagram as an element that may be put into the document. */
export async function drawDiagram(text: string): Promise<Element> {
  const style = getComputedStyle(document.body);
  const color = (name: string, or: string): string => style.getPropertyValue(name).trim() || or;
  const ink = color("--vscode-editor-foreground", "#888888");
  const paper = color("--vscode-editor-background", "#ffffff");
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    htmlLabels: false,
    theme: "base",
    fontFamily: color("--vscode-font-family", "sans-serif"),
    themeVariables: {
      fontSize: "13px",
      primaryColor: paper,
      primaryTextColor: ink,
      primaryBorderColor: color("--vscode-happensBefore-blocked", ink),
      lineColor: color("--vscode-happensBefore-race", ink),
      edgeLabelBackground: paper,
      background: paper,
    },
  });
  drawn += 1;
  const { svg } = await mermaid.render(`wait-for-${drawn}`, text);
  return dressed(svg);
}

function dressed(svg: string): Element {
  const root = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
  if (root === null) throw new Error("mermaid drew nothing");
  document.adoptNode(root);
  for (const style of root.querySelectorAll("style")) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.textContent);
    // Every rule starts with the drawing's own id, so sheets of older drawings do no harm.
    document.adoptedStyleSheets = [...document.adoptedStyleSheets.slice(-1), sheet];
    style.remove();
  }
  for (const element of root.querySelectorAll("[style]")) {
    const text = element.getAttribute("style") ?? "";
    element.removeAttribute("style");
    if (element instanceof SVGElement || element instanceof HTMLElement) {
      element.style.cssText = text;
    }
  }
  root.removeAttribute("style");
  return root;
}
