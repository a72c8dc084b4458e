import type { Check } from "./check.js";
import { atomicSelfAssign } from "./checks/atomic-self-assign.js";
import { awaitSplitRmw } from "./checks/await-split-rmw.js";
import { busyWaitOnPlainFlag } from "./checks/busy-wait-on-plain-flag.js";
import { capturedVariable } from "./checks/captured-variable.js";
import { checkThenAct } from "./checks/check-then-act.js";
import { concurrentMap } from "./checks/concurrent-map.js";
import { doubleCheckedInit } from "./checks/double-checked-init.js";
import { doubleLock } from "./checks/double-lock.js";
import { errgroupMisuse } from "./checks/errgroup-misuse.js";
import { fatalInGoroutine } from "./checks/fatal-in-goroutine.js";
import { guardedReferenceEscapes } from "./checks/guarded-reference-escapes.js";
import { inconsistentGuard } from "./checks/inconsistent-guard.js";
import { lockCopied } from "./checks/lock-copied.js";
import { lockOrderCycle } from "./checks/lock-order-cycle.js";
import { loopVariableCapture } from "./checks/loop-variable-capture.js";
import { lostUpdate } from "./checks/lost-update.js";
import { missingUnlock } from "./checks/missing-unlock.js";
import { mixedAtomicPlain } from "./checks/mixed-atomic-plain.js";
import { nonAtomicRmw } from "./checks/non-atomic-rmw.js";
import { onceMisuse } from "./checks/once-misuse.js";
import { orderViolation } from "./checks/order-violation.js";
import { parallelSubtestShare } from "./checks/parallel-subtest-share.js";
import { poolUseAfterPut } from "./checks/pool-use-after-put.js";
import { resultVarVsTimeout } from "./checks/result-var-vs-timeout.js";
import { sliceAppendRace } from "./checks/slice-append-race.js";
import { staleSnapshotWrite } from "./checks/stale-snapshot-write.js";
import { staleSnapshot } from "./checks/stale-snapshot.js";
import { unsafeStdTypeShared } from "./checks/unsafe-std-type-shared.js";
import { unsynchronizedAccess } from "./checks/unsynchronized-access.js";
import { useAfterHandoff } from "./checks/use-after-handoff.js";
import { wgAddInside } from "./checks/wg-add-inside.js";
import { wgCountMismatch } from "./checks/wg-count-mismatch.js";
import { wgWaitMisplaced } from "./checks/wg-wait-misplaced.js";
import { writeUnderRlock } from "./checks/write-under-rlock.js";

/** Every check, in the order of their pages. */
export const checks: readonly Check[] = [
  atomicSelfAssign,
  awaitSplitRmw,
  busyWaitOnPlainFlag,
  capturedVariable,
  checkThenAct,
  concurrentMap,
  doubleCheckedInit,
  doubleLock,
  errgroupMisuse,
  fatalInGoroutine,
  guardedReferenceEscapes,
  inconsistentGuard,
  lockCopied,
  lockOrderCycle,
  loopVariableCapture,
  lostUpdate,
  missingUnlock,
  mixedAtomicPlain,
  nonAtomicRmw,
  onceMisuse,
  orderViolation,
  parallelSubtestShare,
  poolUseAfterPut,
  resultVarVsTimeout,
  sliceAppendRace,
  staleSnapshotWrite,
  staleSnapshot,
  unsafeStdTypeShared,
  unsynchronizedAccess,
  useAfterHandoff,
  wgAddInside,
  wgCountMismatch,
  wgWaitMisplaced,
  writeUnderRlock,
];
