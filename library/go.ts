// `happens-before/go`: Go's ways to work side by side, for TypeScript. Everything runs on the event loop: a task goes on
// until its next `await`. The extension analyses what imports this as goroutines, or as tasks where the file says so.

export { chan, Chan, type Received } from "./channel.js";
export { Cond } from "./cond.js";
export {
  after,
  background,
  canceled,
  deadlineExceeded,
  withCancel,
  withTimeout,
  type CancelFunc,
  type Context,
} from "./context.js";
export { Mutex, type Locker } from "./mutex.js";
export { Once } from "./once.js";
export { RWMutex } from "./rw-mutex.js";
export { onReceive, onSend, otherwise, select, type Case } from "./select.js";
export { Semaphore } from "./semaphore.js";
export { go, sleep } from "./spawn.js";
export { WaitGroup } from "./wait-group.js";
