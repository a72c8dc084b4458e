import type { Check } from "./check.js";
import { atomicSelfAssign } from "./checks/atomic-self-assign.js";
import { awaitSplitRmw } from "./checks/await-split-rmw.js";
import { capturedVariable } from "./checks/captured-variable.js";
import { checkThenAct } from "./checks/check-then-act.js";
import { concurrentMap } from "./checks/concurrent-map.js";
import { doubleLock } from "./checks/double-lock.js";
import { errgroupMisuse } from "./checks/errgroup-misuse.js";
import { fatalInGoroutine } from "./checks/fatal-in-goroutine.js";
import { lockCopied } from "./checks/lock-copied.js";
import { lockOrderCycle } from "./checks/lock-order-cycle.js";
import { lostUpdate } from "./checks/lost-update.js";
import { missingUnlock } from "./checks/missing-unlock.js";
import { nonAtomicRmw } from "./checks/non-atomic-rmw.js";
import { onceMisuse } from "./checks/once-misuse.js";
import { orderViolation } from "./checks/order-violation.js";
import { poolUseAfterPut } from "./checks/pool-use-after-put.js";
import { staleSnapshotWrite } from "./checks/stale-snapshot-write.js";
import { staleSnapshot } from "./checks/stale-snapshot.js";
import { unsynchronizedAccess } from "./checks/unsynchronized-access.js";
import { wgAddInside } from "./checks/wg-add-inside.js";
import { wgCountMismatch } from "./checks/wg-count-mismatch.js";
import { wgWaitMisplaced } from "./checks/wg-wait-misplaced.js";

/** Every check, in the order of their pages. */
export const checks: readonly Check[] = [
  atomicSelfAssign,
  awaitSplitRmw,
  capturedVariable,
  checkThenAct,
  concurrentMap,
  doubleLock,
  errgroupMisuse,
  fatalInGoroutine,
  lockCopied,
  lockOrderCycle,
  lostUpdate,
  missingUnlock,
  nonAtomicRmw,
  onceMisuse,
  orderViolation,
  poolUseAfterPut,
  staleSnapshotWrite,
  staleSnapshot,
  unsynchronizedAccess,
  wgAddInside,
  wgCountMismatch,
  wgWaitMisplaced,
];
