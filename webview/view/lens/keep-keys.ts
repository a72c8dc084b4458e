/** What is pressed in a list or a group of radio buttons is for it alone, but for the way out. */
export function keepKeys(event: KeyboardEvent): void {
  if (event.key !== "Escape") event.stopPropagation();
}
