/** The colours of a drawing that stands alone. Those of lanes and marks are what the manifest contributes. */
export interface Palette {
  readonly ink: string;
  readonly dim: string;
  readonly paper: string;
  readonly raised: string;
  readonly rule: string;
  readonly lanes: readonly string[];
  readonly race: string;
  readonly good: string;
  readonly blocked: string;
  readonly lock: string;
  readonly order: string;
  readonly here: string;
}

export const light: Palette = {
  ink: "#24292f",
  dim: "#59616b",
  paper: "#ffffff",
  raised: "#f6f7f9",
  rule: "#d8dde3",
  lanes: ["#0b63c5", "#8f5600", "#00735a", "#7a36c2", "#b3400f", "#467300", "#006b85", "#b0206b"],
  race: "#c4161c",
  good: "#1a7431",
  blocked: "#67707d",
  lock: "#2f3540",
  order: "#4a607f",
  here: "#0066cc",
};

export const dark: Palette = {
  ink: "#d7dbe0",
  dim: "#9ba3ad",
  paper: "#1c1f24",
  raised: "#24282e",
  rule: "#3a4048",
  lanes: ["#6cb6ff", "#f2b134", "#5ed3a8", "#d79bff", "#ff9e7a", "#a4dc63", "#73dcec", "#f79ac4"],
  race: "#ff7070",
  good: "#6fcf85",
  blocked: "#8d97a5",
  lock: "#dfe4ec",
  order: "#9db2cf",
  here: "#4da3ff",
};
