import * as vscode from "vscode";

/** No person answers within this time, in milliseconds. */
const nobodyAnswers = 400;

/**
 * Asks, and asks once more when the question is gone before anybody can have answered. A command that runs from the
 * palette while the panel has the keyboard needs it: the palette gives the keyboard back as it closes, which takes its
 * time for a web page and then closes whatever list is open. A list that follows another needs it as well; one that a
 * button of the panel opens does not, and there a quick Escape is meant.
 */
export async function ask<Answer>(
  question: () => Thenable<Answer | undefined>,
): Promise<Answer | undefined> {
  const asked = Date.now();
  const answer = await question();
  return answer === undefined && Date.now() - asked < nobodyAnswers ? question() : answer;
}

/** `vscode.window.showQuickPick`, asked so. */
export async function choose<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  options: vscode.QuickPickOptions,
): Promise<Item | undefined> {
  return ask(() => vscode.window.showQuickPick(items, options));
}
