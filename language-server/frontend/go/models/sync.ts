import {
  acquire,
  arg,
  release,
  syncConst,
  syncOn,
  tryAcquire,
  type Model,
  type Models,
  type Site,
} from "./model.js";

/** `wg.Go(f)`: counts, then starts f in a goroutine that is known by f's name. */
const waitGroupGo: Model = {
  params: 2,
  results: 0,
  emit: (site) => {
    const { fb, span } = site;
    const [group, f] = [arg(site, 0), arg(site, 1)];
    const one = fb.reg(site.types.basic("int"));
    fb.emit({ op: "const", dst: one, value: 1, span });
    fb.emit({ op: "sync", dst: null, fn: "wg-add", object: group, args: [one], span });
    const display = site.closureName(f) ?? "(*WaitGroup).Go";
    const func = site.thunk({ name: "Go", display, args: [group, f], emit: runInGroup });
    fb.emit({ op: "spawn", callee: { kind: "static", func }, args: [group, f], span });
  },
};

function runInGroup(site: Site): void {
  const { fb, span } = site;
  const [group, f] = [arg(site, 0), arg(site, 1)];
  const func = site.thunk({
    name: "done",
    display: "(*WaitGroup).Done",
    args: [group],
    emit: doneUnlessPanicking,
  });
  fb.emit({ op: "defer", callee: { kind: "static", func }, args: [group], span });
  const callee = { kind: "dynamic", value: f, self: null } as const;
  fb.emit({ op: "call", dst: null, callee, args: [], span });
  fb.emit({ op: "run-defers", span });
}

/** A panic ends the program: it is raised again before a waiter could run on. */
function doneUnlessPanicking(site: Site): void {
  const { fb, span, types } = site;
  const [panicked, ordinary] = [fb.block(), fb.block()];
  const [value, nil] = [fb.reg(types.emptyInterface), fb.reg(types.emptyInterface)];
  const isPanic = fb.reg(types.basic("bool"));
  fb.emit({ op: "recover", dst: value, span });
  fb.emit({ op: "const", dst: nil, value: null, span });
  const type = types.emptyInterface;
  fb.emit({ op: "prim", dst: isPanic, fn: "ne", args: [value, nil], type, span });
  const to = (block: typeof panicked) => ({ block, args: [] });
  fb.exit({ op: "branch", cond: isPanic, then: to(panicked), else: to(ordinary), span });
  fb.enter(panicked);
  fb.exit({ op: "panic", value, span });
  fb.enter(ordinary);
  const less = fb.reg(types.basic("int"));
  fb.emit({ op: "const", dst: less, value: -1, span });
  fb.emit({ op: "sync", dst: null, fn: "wg-add", object: arg(site, 0), args: [less], span });
}

/** Package sync: what the bundled `sync` leaves without a body, and its primitives. */
export const syncModels: Models = {
  "(*sync.Mutex).Lock": acquire(false),
  "(*sync.Mutex).Unlock": release(false),
  "(*sync.Mutex).TryLock": tryAcquire(false),

  "(*sync.RWMutex).Lock": acquire(false),
  "(*sync.RWMutex).Unlock": release(false),
  "(*sync.RWMutex).TryLock": tryAcquire(false),
  "(*sync.RWMutex).RLock": acquire(true),
  "(*sync.RWMutex).RUnlock": release(true),
  "(*sync.RWMutex).TryRLock": tryAcquire(true),

  "(*sync.WaitGroup).Add": syncOn("wg-add", 2),
  "(*sync.WaitGroup).Done": syncConst("wg-add", -1),
  "(*sync.WaitGroup).Wait": syncOn("wg-wait", 1),
  "(*sync.WaitGroup).Go": waitGroupGo,

  "sync.onceBegin": syncOn("once-begin", 1, "bool"),
  "sync.onceEnd": syncOn("once-end", 1),

  "sync.condEnqueue": syncOn("cond-enqueue", 1),
  "sync.condPark": syncOn("cond-park", 1),
  "(*sync.Cond).Signal": syncOn("cond-signal", 1),
  "(*sync.Cond).Broadcast": syncOn("cond-broadcast", 1),
};
