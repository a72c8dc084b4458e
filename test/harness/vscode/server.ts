// A real VS Code without a desktop: its server and extension host run here, its workbench is a
// web page. Every server has folders of its own, so tests do not see each other or the user's VS Code.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hostFolder, root } from "./paths.js";
import { temporaryFolder } from "./workspace.js";

const node24 = path.join(root, "node_modules", "node", "bin", "node");
const codeServer = path.join(hostFolder, "node_modules", "code-server", "out", "node", "entry.js");

/** Settings that keep VS Code still: no network, no side bars, nothing written unasked. */
const quietSettings = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  // VS Code in a browser saves after a second by default.
  "files.autoSave": "off",
  "editor.minimap.enabled": false,
};

export interface ServerOptions {
  /** Packaged extensions to install before the start. */
  readonly vsix?: readonly string[];
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Seen by the extension host, and so by a suite that runs in it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lets the workbench take an extension under development and its tests from the page's address. */
  readonly runsTests?: boolean;
  /** A fixed port; a free one otherwise. */
  readonly port?: number;
}

export interface Server {
  readonly port: number;
  /** The address of the workbench that shows `folder`; `payload` is VS Code's list of start-up keys. */
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** A local file as the workbench names it. */
  remote(file: string): string;
  /** What the server has written so far. */
  log(): string;
  /** Ends the server and everything it started. */
  stop(): Promise<void>;
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  if (!existsSync(codeServer)) {
    throw new Error("VS Code is not installed: run `node scripts/vscode-host/install.mjs`");
  }
  const folder = temporaryFolder("hb-vscode-");
  const folders = prepareFolders(folder, { ...quietSettings, ...options.settings });
  const env = environment(folder, options.env ?? {});
  for (const vsix of options.vsix ?? []) installExtension(vsix, folders, env);

  const port = options.port ?? (await freePort());
  const logFile = path.join(folder, "server.log");
  const log = openSync(logFile, "w");
  const flags = ["--bind-addr", `127.0.0.1:${port}`, "--auth", "none", ...still];
  // A release build ignores extensionTestsPath in the page's address unless this is set.
  if (options.runsTests === true) flags.push("--vscode-option", "enable-smoke-test-driver");
  const child = spawn(node24, [codeServer, ...folders, ...flags], {
    env,
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const killOnExit = (): void => {
    signalGroup(child, "SIGKILL");
  };
  process.once("exit", killOnExit);

  const stop = async (): Promise<void> => {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    signalGroup(child, "SIGTERM");
    if (child.exitCode === null) await Promise.race([exited, sleep(5000)]);
    signalGroup(child, "SIGKILL");
    process.removeListener("exit", killOnExit);
  };
  const server = makeServer(port, logFile, stop);
  await waitUntilHealthy(server, child);
  return server;
}

const still = [
  "--disable-telemetry",
  "--disable-update-check",
  "--disable-workspace-trust",
  "--disable-getting-started-override",
];

function makeServer(port: number, logFile: string, stop: () => Promise<void>): Server {
  const authority = `127.0.0.1:${port}`;
  return {
    port,
    url(folder, payload = []) {
      const query = new URLSearchParams({ folder: path.resolve(folder) });
      if (payload.length > 0) query.set("payload", JSON.stringify(payload));
      return `http://${authority}/?${query.toString()}`;
    },
    remote: (file) => `vscode-remote://${authority}${path.resolve(file)}`,
    log: () => readFileSync(logFile, "utf8"),
    stop,
  };
}

function prepareFolders(folder: string, settings: Readonly<Record<string, unknown>>): string[] {
  const userData = path.join(folder, "user-data");
  const extensions = path.join(folder, "extensions");
  const config = path.join(folder, "config.yaml");
  mkdirSync(path.join(userData, "User"), { recursive: true });
  mkdirSync(extensions);
  mkdirSync(path.join(folder, "tmp"));
  writeFileSync(path.join(userData, "User", "settings.json"), JSON.stringify(settings, null, 2));
  // Without a configuration of its own the server writes one into the user's home folder.
  writeFileSync(config, "");
  return ["--config", config, "--user-data-dir", userData, "--extensions-dir", extensions];
}

function environment(folder: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    // A VS Code that runs these tests in its terminal must not talk to the one under test, and
    // vitest's variables must not reach the language server.
    ([name]) => !/^(VSCODE_|ELECTRON_|VITEST|NODE_OPTIONS$|NODE_ENV$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    TMPDIR: path.join(folder, "tmp"),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...extra,
  };
}

function installExtension(vsix: string, folders: string[], env: NodeJS.ProcessEnv): void {
  const flags = [codeServer, ...folders, "--install-extension", vsix];
  const result = spawnSync(node24, flags, { env, encoding: "utf8" });
  if (result.status !== 0) {
    throw new Error(`VS Code does not install ${vsix}: ${result.stdout}${result.stderr}`);
  }
}

async function waitUntilHealthy(server: Server, child: ChildProcess): Promise<void> {
  const end = Date.now() + 120_000;
  while ((await status(`http://127.0.0.1:${server.port}/healthz`)) !== 200) {
    if (child.exitCode !== null || Date.now() > end) {
      const log = server.log();
      await server.stop();
      throw new Error(`VS Code's server did not start:\n${log}`);
    }
    await sleep(100);
  }
}

function status(url: string): Promise<number> {
  return new Promise((resolve) => {
    const request = http.get(url, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once("error", () => {
      resolve(0);
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("the system gives no free port"));
      });
    });
  });
}

/** The server is a process group of its own: extension hosts and watchers end with it. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}
