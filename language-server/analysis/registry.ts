import type { Check } from "./check.js";
import { awaitSplitRmw } from "./checks/await-split-rmw.js";
import { busyWaitOnPlainFlag } from "./checks/busy-wait-on-plain-flag.js";
import { capturedVariable } from "./checks/captured-variable.js";
import { concurrentMap } from "./checks/concurrent-map.js";
import { doubleCheckedInit } from "./checks/double-checked-init.js";
import { doubleLock } from "./checks/double-lock.js";
import { guardedReferenceEscapes } from "./checks/guarded-reference-escapes.js";
import { inconsistentGuard } from "./checks/inconsistent-guard.js";
import { lockOrderCycle } from "./checks/lock-order-cycle.js";
import { loopVariableCapture } from "./checks/loop-variable-capture.js";
import { lostUpdate } from "./checks/lost-update.js";
import { missingUnlock } from "./checks/missing-unlock.js";
import { mixedAtomicPlain } from "./checks/mixed-atomic-plain.js";
import { parallelSubtestShare } from "./checks/parallel-subtest-share.js";
import { resultVarVsTimeout } from "./checks/result-var-vs-timeout.js";
import { sliceAppendRace } from "./checks/slice-append-race.js";
import { staleSnapshot } from "./checks/stale-snapshot.js";
import { unsafeStdTypeShared } from "./checks/unsafe-std-type-shared.js";
import { unsynchronizedAccess } from "./checks/unsynchronized-access.js";
import { useAfterHandoff } from "./checks/use-after-handoff.js";
import { writeUnderRlock } from "./checks/write-under-rlock.js";

/** Every check, in the order of their pages. */
export const checks: readonly Check[] = [
  awaitSplitRmw,
  busyWaitOnPlainFlag,
  capturedVariable,
  concurrentMap,
  doubleCheckedInit,
  doubleLock,
  guardedReferenceEscapes,
  inconsistentGuard,
  lockOrderCycle,
  loopVariableCapture,
  lostUpdate,
  missingUnlock,
  mixedAtomicPlain,
  parallelSubtestShare,
  resultVarVsTimeout,
  sliceAppendRace,
  staleSnapshot,
  unsafeStdTypeShared,
  unsynchronizedAccess,
  useAfterHandoff,
  writeUnderRlock,
];
