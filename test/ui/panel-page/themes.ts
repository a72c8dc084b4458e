import { readFileSync } from "node:fs";
import { join } from "node:path";

// The variables of VS Code's default themes that the panel uses, and our contributed colours from the
// manifest: enough to look at the panel in a plain browser.

export const themes = [
  "vscode-dark",
  "vscode-light",
  "vscode-high-contrast",
  "vscode-high-contrast-light",
] as const;
export type Theme = (typeof themes)[number];

/** Name in the manifest's `defaults` of a contributed colour. */
const manifestNames: Readonly<Record<Theme, string>> = {
  "vscode-dark": "dark",
  "vscode-light": "light",
  "vscode-high-contrast": "highContrast",
  "vscode-high-contrast-light": "highContrastLight",
};

const fonts = {
  "font-family": "system-ui, 'DejaVu Sans', sans-serif",
  "font-size": "13px",
  "editor-font-family": "'DejaVu Sans Mono', monospace",
};

const variables: Readonly<Record<Theme, Readonly<Record<string, string>>>> = {
  "vscode-dark": {
    ...fonts,
    "editor-foreground": "#cccccc",
    foreground: "#cccccc",
    descriptionForeground: "#9d9d9d",
    "editor-background": "#1f1f1f",
    "sideBar-background": "#181818",
    "panel-border": "#2b2b2b",
    "list-hoverBackground": "#2a2d2e",
    "list-inactiveSelectionBackground": "#37373d",
    "textLink-foreground": "#4daafc",
    focusBorder: "#0078d4",
    "toolbar-hoverBackground": "#5a5d5e50",
    "icon-foreground": "#cccccc",
    "editorLineNumber-foreground": "#8a8f98",
    "badge-background": "#616161",
    "badge-foreground": "#f8f8f8",
    "editorWidget-background": "#202020",
    "inputOption-activeBackground": "#2489db82",
    "inputOption-activeBorder": "#2488db",
    "inputOption-activeForeground": "#ffffff",
    "inputValidation-warningBackground": "#352a05",
    "inputValidation-warningBorder": "#b89500",
    "editorWarning-foreground": "#cca700",
    "progressBar-background": "#0078d4",
    "button-background": "#0078d4",
    "button-foreground": "#ffffff",
    "widget-shadow": "#0000005c",
    "panelTitle-activeBorder": "#0078d4",
  },
  "vscode-light": {
    ...fonts,
    "editor-foreground": "#3b3b3b",
    foreground: "#3b3b3b",
    descriptionForeground: "#5f5f5f",
    "editor-background": "#ffffff",
    "sideBar-background": "#f8f8f8",
    "panel-border": "#e5e5e5",
    "list-hoverBackground": "#f2f2f2",
    "list-inactiveSelectionBackground": "#e4e6f1",
    "textLink-foreground": "#005fb8",
    focusBorder: "#005fb8",
    "toolbar-hoverBackground": "#b8b8b850",
    "icon-foreground": "#3b3b3b",
    "editorLineNumber-foreground": "#6e7681",
    "badge-background": "#cccccc",
    "badge-foreground": "#3b3b3b",
    "editorWidget-background": "#f8f8f8",
    "inputOption-activeBackground": "#bed6ed",
    "inputOption-activeBorder": "#005fb8",
    "inputOption-activeForeground": "#000000",
    "inputValidation-warningBackground": "#fdf6e3",
    "inputValidation-warningBorder": "#b89500",
    "editorWarning-foreground": "#7a5b00",
    "progressBar-background": "#005fb8",
    "button-background": "#005fb8",
    "button-foreground": "#ffffff",
    "widget-shadow": "#00000029",
    "panelTitle-activeBorder": "#005fb8",
  },
  "vscode-high-contrast": {
    ...fonts,
    "editor-foreground": "#ffffff",
    foreground: "#ffffff",
    descriptionForeground: "#ffffffb3",
    "editor-background": "#000000",
    "sideBar-background": "#000000",
    contrastBorder: "#6fc3df",
    contrastActiveBorder: "#f38518",
    "panel-border": "#6fc3df",
    "textLink-foreground": "#21a6ff",
    focusBorder: "#f38518",
    "icon-foreground": "#ffffff",
    "editorLineNumber-foreground": "#ffffff",
    "badge-background": "#000000",
    "badge-foreground": "#ffffff",
    "editorWidget-background": "#0c141f",
    "inputValidation-warningBorder": "#6fc3df",
    "editorWarning-foreground": "#ffd370",
    "progressBar-background": "#6fc3df",
    "button-foreground": "#ffffff",
    "button-border": "#6fc3df",
    "inputOption-activeBackground": "#00000000",
    "inputOption-activeForeground": "#ffffff",
    "inputOption-activeBorder": "#6fc3df",
  },
  "vscode-high-contrast-light": {
    ...fonts,
    "editor-foreground": "#292929",
    foreground: "#292929",
    descriptionForeground: "#292929b3",
    "editor-background": "#ffffff",
    "sideBar-background": "#ffffff",
    contrastBorder: "#0f4a85",
    contrastActiveBorder: "#006bbd",
    "panel-border": "#0f4a85",
    "list-hoverBackground": "#dff0ff",
    "textLink-foreground": "#0f4a85",
    focusBorder: "#006bbd",
    "icon-foreground": "#292929",
    "editorLineNumber-foreground": "#292929",
    "badge-background": "#0f4a85",
    "badge-foreground": "#ffffff",
    "editorWidget-background": "#ffffff",
    "inputValidation-warningBorder": "#0f4a85",
    "editorWarning-foreground": "#895503",
    "progressBar-background": "#0f4a85",
    "button-background": "#0f4a85",
    "button-foreground": "#ffffff",
    "inputOption-activeBackground": "#00000000",
    "inputOption-activeForeground": "#292929",
    "inputOption-activeBorder": "#0f4a85",
  },
};

interface Manifest {
  readonly contributes: {
    readonly colors: readonly { readonly id: string; readonly defaults: Record<string, string> }[];
  };
}

/** The theme's variables, with the manifest's colours, as VS Code would set them. */
export function themeVariables(theme: Theme): Record<string, string> {
  const manifest = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"),
  ) as Manifest;
  const own = manifest.contributes.colors.map((it): [string, string] => [
    it.id.replaceAll(".", "-"),
    it.defaults[manifestNames[theme]] ?? "",
  ]);
  return { ...variables[theme], ...Object.fromEntries(own) };
}
