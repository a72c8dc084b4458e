import { sync, syncOn, type Models } from "./model.js";

/** Package time: the clock is the machine's, and moves when nothing else can. Signals come like ticks. */
export const timeModels: Models = {
  "time.Sleep": sync("sleep", 1),
  "internal/synctest.settle": sync("settle", 1),
  "time.virtualNow": sync("now", 0, "int64"),
  "time.timerStart": syncOn("timer-start", 5),
  "time.timerStop": syncOn("timer-stop", 1, "bool"),
  "os/signal.start": syncOn("timer-start", 6),
  "os/signal.stop": syncOn("timer-stop", 1, "bool"),
};
