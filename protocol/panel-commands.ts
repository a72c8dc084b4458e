// Everything that can be done in the panel by a key is also a command, `happensBefore.<name>`. This is
// the list; the manifest repeats it for VS Code, and a test holds the two together.

export const panelCommands = {
  nextStep: "Next Step",
  previousStep: "Previous Step",
  firstStep: "First Step",
  lastStep: "Last Step",
  nextInLane: "Next Step in Lane",
  previousInLane: "Previous Step in Lane",
  nextSwitch: "Next Switch of Lanes",
  previousSwitch: "Previous Switch of Lanes",
  nextFailing: "Next Failing Schedule",
  previousFailing: "Previous Failing Schedule",
  compareSchedules: "Compare Two Schedules",
  play: "Play or Pause Schedule",
  faster: "Play Schedule Faster",
  slower: "Play Schedule Slower",
  zoomIn: "Zoom In on Lanes",
  zoomOut: "Zoom Out of Lanes",
  panEarlier: "Pan Lanes to Earlier Steps",
  panLater: "Pan Lanes to Later Steps",
  focusStep: "Focus Current Step",
  fitAll: "Fit Whole Schedule",
  search: "Search Steps",
  nextMatch: "Next Matching Step",
  previousMatch: "Previous Matching Step",
  toggleArrows: "Toggle All Happens-Before Arrows",
  goToSource: "Go to Source of Step",
  toggleKeys: "Toggle Keys and Legend of Panel",
} as const;

/** A command of the palette that the panel carries out. */
export type PanelCommand = keyof typeof panelCommands;
