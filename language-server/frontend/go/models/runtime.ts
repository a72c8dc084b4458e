import { nothing, sync, type Models } from "./model.js";

/** Packages runtime and os: scheduling and the end of the program. */
export const runtimeModels: Models = {
  "runtime.Gosched": sync("yield", 0),
  "runtime.Goexit": sync("goexit", 0),
  "runtime.NumGoroutine": sync("goroutines", 0, "int"),
  "runtime.KeepAlive": nothing(1),
  "os.Exit": sync("exit", 1),
};
