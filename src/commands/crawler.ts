import * as vscode from "vscode";
import { firstChoice, formWords, type LabChoice, type LabSite } from "../../protocol/lab.js";
import type { Analyzer } from "../client.js";
import type { Lab } from "../lab/lab.js";
import { addressOf } from "../lab/orders.js";
import { goodForms, type Sample, twins } from "../lab/sample-list.js";
import { explore, type SampleFolder } from "../lab/samples.js";
import { ask, choose } from "./ask.js";

/** The crawlers: run on a website, or with all their orders searched. */
export function registerCrawler(
  lab: Lab,
  samples: SampleFolder,
  analyzer: Analyzer,
): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("happensBefore.runCrawlerDemo", async () => {
      const choice = await pickChoice();
      if (choice !== null) await lab.run(choice);
    }),
    vscode.commands.registerCommand(
      "happensBefore.exploreCrawler",
      async (name?: unknown, how?: unknown) => {
        // While somebody picks.
        analyzer.warmUp();
        const named = [...twins, ...goodForms].find(
          (it) => it.file === `crawler/${String(name)}/main.go`,
        );
        const sample = named ?? (await ask(() => pickSample(samples)));
        if (sample !== undefined) await explore(samples, sample, how === "scheduler");
      },
    ),
    vscode.commands.registerCommand("happensBefore.stopCrawler", () => {
      lab.stop();
    }),
  );
}

interface FormItem extends vscode.QuickPickItem {
  readonly form: LabChoice["form"];
}

interface SiteItem extends vscode.QuickPickItem {
  readonly site: LabSite;
}

const title = "Run Crawler Demo";

/** Null: the user wants nothing any more. */
async function pickChoice(): Promise<LabChoice | null> {
  const forms: readonly FormItem[] = [
    { label: "All side by side", description: "every form, on one clock", form: "all" },
    ...formWords.map(({ name, label, about }) => ({ label, description: about, form: name })),
  ];
  const form = await choose(forms, { title, placeHolder: "Which crawler?" });
  if (form === undefined) return null;
  const sites: readonly SiteItem[] = [
    {
      label: "Small website",
      description: "40 pages, made up and served on this machine",
      site: "small",
    },
    { label: "Large website", description: "500 pages with cycles and errors", site: "large" },
    {
      label: "Pages that compute",
      description: "60 pages that cost processor time",
      site: "heavy",
    },
    {
      label: "Website of your choice…",
      description: "up to 60 pages of one site, 5 a second",
      site: "url",
    },
  ];
  const site = await choose(sites, { title, placeHolder: "Which website?" });
  if (site === undefined) return null;
  const choice: LabChoice = { ...firstChoice, form: form.form, site: site.site };
  if (site.site !== "url") return choice;
  const url = await pickUrl();
  return url === undefined ? null : { ...choice, url: addressOf(url) ?? url };
}

async function pickUrl(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt:
      "Where to begin. Only pages of the same origin are fetched, and only those that its robots.txt allows.",
    placeHolder: "https://example.org/",
    validateInput: (text) =>
      addressOf(text) === null ? "This is not the address of a page." : null,
  });
}

interface SampleItem extends vscode.QuickPickItem {
  readonly sample?: Sample;
}

/** Undefined: the user wants nothing any more. */
async function pickSample(samples: SampleFolder): Promise<Sample | undefined> {
  const pick = vscode.window.createQuickPick<SampleItem>();
  pick.title = "Explore Crawler";
  pick.placeholder = "Every order of its steps is searched, whatever the network would do";
  pick.matchOnDescription = true;
  pick.items = await sampleItems(samples);
  const picked = new Promise<Sample | undefined>((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.sample);
    });
    pick.onDidTriggerItemButton(({ item: { sample } }) => {
      if (sample === undefined) return;
      void samples.startOver(sample.file).then(() => {
        resolve(sample);
      });
    });
    pick.onDidHide(() => {
      resolve(undefined);
    });
  });
  pick.show();
  try {
    return await picked;
  } finally {
    pick.dispose();
  }
}

async function sampleItems(samples: SampleFolder): Promise<readonly SampleItem[]> {
  const separator = (label: string): SampleItem => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
  });
  const items = async (list: readonly Sample[]): Promise<SampleItem[]> =>
    Promise.all(list.map(async (it) => itemOf(it, await samples.isEdited(it.file))));
  return [
    separator("With a bug"),
    ...(await items(twins)),
    separator("Right"),
    ...(await items(goodForms)),
  ];
}

function itemOf(sample: Sample, edited: boolean): SampleItem {
  const { label, about } = sample;
  if (!edited) return { label, description: about, sample };
  const restore = {
    iconPath: new vscode.ThemeIcon("discard"),
    tooltip: "Start over with the original",
  };
  return { label, description: `${about} (edited by you)`, sample, buttons: [restore] };
}
