import type { Check } from "./check.js";
import { abandonedSender } from "./checks/abandoned-sender.js";
import { asyncListener } from "./checks/async-listener.js";
import { atomicSelfAssign } from "./checks/atomic-self-assign.js";
import { awaitNeedsMyLock } from "./checks/await-needs-my-lock.js";
import { awaitSplitRmw } from "./checks/await-split-rmw.js";
import { blockingUnderLock } from "./checks/blocking-under-lock.js";
import { brokenSpinlock } from "./checks/broken-spinlock.js";
import { busyWaitOnPlainFlag } from "./checks/busy-wait-on-plain-flag.js";
import { callbackUnderLock } from "./checks/callback-under-lock.js";
import { capturedVariable } from "./checks/captured-variable.js";
import { checkAwaitAct } from "./checks/check-await-act.js";
import { checkThenAct } from "./checks/check-then-act.js";
import { concurrentMap } from "./checks/concurrent-map.js";
import { condWaitMisuse } from "./checks/cond-wait-misuse.js";
import { doubleCheckedInit } from "./checks/double-checked-init.js";
import { doubleClose } from "./checks/double-close.js";
import { doubleLock } from "./checks/double-lock.js";
import { errgroupMisuse } from "./checks/errgroup-misuse.js";
import { eventBeforeListener } from "./checks/event-before-listener.js";
import { fatalInGoroutine } from "./checks/fatal-in-goroutine.js";
import { guardedReferenceEscapes } from "./checks/guarded-reference-escapes.js";
import { inconsistentGuard } from "./checks/inconsistent-guard.js";
import { lockCopied } from "./checks/lock-copied.js";
import { lockNotReleasedOnThrow } from "./checks/lock-not-released-on-throw.js";
import { lockOrderCycle } from "./checks/lock-order-cycle.js";
import { lockPerCall } from "./checks/lock-per-call.js";
import { listenerTooLate } from "./checks/listener-too-late.js";
import { loopVariableCapture } from "./checks/loop-variable-capture.js";
import { lostCancel } from "./checks/lost-cancel.js";
import { lostUpdate } from "./checks/lost-update.js";
import { lostWakeup } from "./checks/lost-wakeup.js";
import { mainDoesNotWait } from "./checks/main-does-not-wait.js";
import { missingUnlock } from "./checks/missing-unlock.js";
import { mixedAtomics } from "./checks/mixed-atomics.js";
import { mixedAtomicPlain } from "./checks/mixed-atomic-plain.js";
import { mutateWhileIterating } from "./checks/mutate-while-iterating.js";
import { neverSettles } from "./checks/never-settles.js";
import { neverTerminatingPool } from "./checks/never-terminating-pool.js";
import { nilChannel } from "./checks/nil-channel.js";
import { noPartner } from "./checks/no-partner.js";
import { nonAtomicRmw } from "./checks/non-atomic-rmw.js";
import { onceAwaitMissed } from "./checks/once-await-missed.js";
import { onceMisuse } from "./checks/once-misuse.js";
import { orderViolation } from "./checks/order-violation.js";
import { outsideLock } from "./checks/outside-lock.js";
import { parallelSubtestShare } from "./checks/parallel-subtest-share.js";
import { plainSharedAccess } from "./checks/plain-shared-access.js";
import { poolUseAfterPut } from "./checks/pool-use-after-put.js";
import { promiseWaitCycle } from "./checks/promise-wait-cycle.js";
import { raceLoserContinues } from "./checks/race-loser-continues.js";
import { rangeNeverClosed } from "./checks/range-never-closed.js";
import { reacquireNonreentrant } from "./checks/reacquire-nonreentrant.js";
import { releaseMisuse } from "./checks/release-misuse.js";
import { recursiveRlock } from "./checks/recursive-rlock.js";
import { requestStateInSingleton } from "./checks/request-state-in-singleton.js";
import { resultVarVsTimeout } from "./checks/result-var-vs-timeout.js";
import { semaphoreMisuse } from "./checks/semaphore-misuse.js";
import { sendOnClosed } from "./checks/send-on-closed.js";
import { sliceAppendRace } from "./checks/slice-append-race.js";
import { staleLockComment } from "./checks/stale-lock-comment.js";
import { staleSnapshotWrite } from "./checks/stale-snapshot-write.js";
import { staleSnapshot } from "./checks/stale-snapshot.js";
import { timerPitfalls } from "./checks/timer-pitfalls.js";
import { typoLock } from "./checks/typo-lock.js";
import { uncancellableLoop } from "./checks/uncancellable-loop.js";
import { unlockMismatch } from "./checks/unlock-mismatch.js";
import { unsafeStdTypeShared } from "./checks/unsafe-std-type-shared.js";
import { unsynchronizedAccess } from "./checks/unsynchronized-access.js";
import { useAfterHandoff } from "./checks/use-after-handoff.js";
import { useAfterTransfer } from "./checks/use-after-transfer.js";
import { waitCycle } from "./checks/wait-cycle.js";
import { waitNotifyMisuse } from "./checks/wait-notify-misuse.js";
import { waitOnMain } from "./checks/wait-on-main.js";
import { wgAddInside } from "./checks/wg-add-inside.js";
import { wgCountMismatch } from "./checks/wg-count-mismatch.js";
import { wgWaitMisplaced } from "./checks/wg-wait-misplaced.js";
import { writeUnderRlock } from "./checks/write-under-rlock.js";

/** Every check, in the order of their pages. */
export const checks: readonly Check[] = [
  abandonedSender,
  asyncListener,
  atomicSelfAssign,
  awaitNeedsMyLock,
  awaitSplitRmw,
  blockingUnderLock,
  brokenSpinlock,
  busyWaitOnPlainFlag,
  callbackUnderLock,
  capturedVariable,
  checkAwaitAct,
  checkThenAct,
  concurrentMap,
  condWaitMisuse,
  doubleCheckedInit,
  doubleClose,
  doubleLock,
  errgroupMisuse,
  eventBeforeListener,
  fatalInGoroutine,
  guardedReferenceEscapes,
  inconsistentGuard,
  lockCopied,
  lockNotReleasedOnThrow,
  lockOrderCycle,
  lockPerCall,
  listenerTooLate,
  loopVariableCapture,
  lostCancel,
  lostUpdate,
  lostWakeup,
  mainDoesNotWait,
  missingUnlock,
  mixedAtomics,
  mixedAtomicPlain,
  mutateWhileIterating,
  neverSettles,
  neverTerminatingPool,
  nilChannel,
  noPartner,
  nonAtomicRmw,
  onceAwaitMissed,
  onceMisuse,
  orderViolation,
  outsideLock,
  parallelSubtestShare,
  plainSharedAccess,
  poolUseAfterPut,
  promiseWaitCycle,
  raceLoserContinues,
  rangeNeverClosed,
  reacquireNonreentrant,
  releaseMisuse,
  recursiveRlock,
  requestStateInSingleton,
  resultVarVsTimeout,
  semaphoreMisuse,
  sendOnClosed,
  sliceAppendRace,
  staleLockComment,
  staleSnapshot,
  staleSnapshotWrite,
  timerPitfalls,
  typoLock,
  uncancellableLoop,
  unlockMismatch,
  unsafeStdTypeShared,
  unsynchronizedAccess,
  useAfterHandoff,
  useAfterTransfer,
  waitCycle,
  waitNotifyMisuse,
  waitOnMain,
  wgAddInside,
  wgCountMismatch,
  wgWaitMisplaced,
  writeUnderRlock,
];
