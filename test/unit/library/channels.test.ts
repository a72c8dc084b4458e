import { describe, expect, it } from "vitest";
import {
  after,
  background,
  canceled,
  chan,
  deadlineExceeded,
  go,
  onReceive,
  onSend,
  otherwise,
  select,
  sleep,
  withCancel,
  withTimeout,
} from "happens-before/go";
import { diary, settle } from "./settle.js";

describe("chan", () => {
  it("hands over from sender to receiver, the longest waiting first", async () => {
    const c = chan<number>();
    for (let i = 0; i < 3; i++) go(() => c.send(i));
    await settle();
    for (let i = 0; i < 3; i++) expect(await c.receive()).toEqual({ value: i, ok: true });
  });

  it("serves receivers in order", async () => {
    const c = chan<string>();
    const { lines, note } = diary();
    for (const name of ["a", "b"]) {
      go(async () => {
        note(`${name} ${(await c.receive()).value ?? ""}`);
      });
    }
    await settle();
    await c.send("1");
    await c.send("2");
    await settle();
    expect(lines).toEqual(["a 1", "b 2"]);
  });

  it("waits to send until there is room", async () => {
    const c = chan<number>(1);
    await c.send(1);
    expect(c.length).toBe(1);
    expect(c.trySend(2)).toBe(false);
    let sent = false;
    go(async () => {
      await c.send(2);
      sent = true;
    });
    await settle();
    expect(sent).toBe(false);
    expect(await c.receive()).toEqual({ value: 1, ok: true });
    await settle();
    expect(sent).toBe(true);
    expect(c.tryReceive()).toEqual({ value: 2, ok: true });
    expect(c.tryReceive()).toBe(null);
  });

  it("gives what is in it after it is closed, then that it is", async () => {
    const c = chan<number>(2);
    await c.send(1);
    c.close();
    expect(await c.receive()).toEqual({ value: 1, ok: true });
    expect(await c.receive()).toEqual({ value: undefined, ok: false });
    expect(await c.receive()).toEqual({ value: undefined, ok: false });
  });

  it("wakes all who wait to receive when it is closed", async () => {
    const c = chan<number>();
    const both = Promise.all([c.receive(), c.receive()]);
    c.close();
    expect((await both).map((it) => it.ok)).toEqual([false, false]);
  });

  it("is gone through until it is closed", async () => {
    const c = chan<number>();
    go(async () => {
      for (let i = 0; i < 3; i++) await c.send(i);
      c.close();
    });
    const all: number[] = [];
    for await (const it of c) all.push(it);
    expect(all).toEqual([0, 1, 2]);
  });

  it("says what Go says when it is closed twice or sent on afterwards", async () => {
    const c = chan<number>();
    const waiting = expect(c.send(1)).rejects.toThrow("send on closed channel");
    c.close();
    await waiting;
    expect(() => {
      c.close();
    }).toThrow("close of closed channel");
    await expect(c.send(1)).rejects.toThrow("send on closed channel");
  });
});

describe("select", () => {
  it("takes the case that is ready", async () => {
    const [a, b] = [chan<number>(1), chan<number>(1)];
    await b.send(2);
    const got = await select(
      onReceive(a, () => "a"),
      onReceive(b, (value) => `b ${value ?? ""}`),
    );
    expect(got).toBe("b 2");
  });

  it("takes any of those that are ready, and leaves the others alone", async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const [a, b] = [chan<number>(1), chan<number>(1)];
      await a.send(1);
      await b.send(1);
      seen.add(
        await select(
          onReceive(a, () => "a"),
          onReceive(b, () => "b"),
        ),
      );
      expect(a.length + b.length).toBe(1);
    }
    expect([...seen].sort()).toEqual(["a", "b"]);
  });

  it("waits for the first case that becomes ready, and withdraws the others", async () => {
    const [a, b] = [chan<number>(), chan<number>()];
    const chosen = select(
      onReceive(a, () => "received"),
      onSend(b, 1, () => "sent"),
    );
    await settle();
    expect(await b.receive()).toEqual({ value: 1, ok: true });
    expect(await chosen).toBe("sent");
    expect(a.trySend(1)).toBe(false);
  });

  it("goes on by `otherwise` when nothing is ready", async () => {
    const c = chan<number>();
    const never = select(
      onReceive(c, () => "received"),
      otherwise(() => "otherwise"),
    );
    expect(await never).toBe("otherwise");
  });

  it("never takes a channel that is null", async () => {
    const c = chan<number>(1);
    await c.send(1);
    const got = await select(
      onReceive(null, () => "null"),
      onSend(null, 1, () => "null too"),
      onReceive(c, () => "c"),
    );
    expect(got).toBe("c");
  });

  it("tells a closed channel by `ok`, and throws when it would send on one", async () => {
    const c = chan<number>();
    const waits = select(onSend(c, 1, () => undefined));
    const failed = expect(waits).rejects.toThrow("send on closed channel");
    await settle();
    c.close();
    await failed;
    expect(await select(onReceive(c, (value, ok) => [value, ok] as const))).toEqual([
      undefined,
      false,
    ]);
    await expect(select(onSend(c, 1, () => undefined))).rejects.toThrow("send on closed channel");
  });
});

describe("context", () => {
  it("is cancelled with all that come of it", async () => {
    const [parent, cancel] = withCancel(background());
    const [child] = withCancel(parent);
    expect(child.err()).toBe(null);
    cancel();
    expect([parent.err(), child.err()]).toEqual([canceled, canceled]);
    expect((await child.done.receive()).ok).toBe(false);
  });

  it("does not cancel what it comes of", () => {
    const [parent] = withCancel(background());
    const [child, cancel] = withCancel(parent);
    cancel();
    expect([parent.err(), child.err()]).toEqual([null, canceled]);
  });

  it("comes cancelled of one that is", () => {
    const [parent, cancel] = withCancel(background());
    cancel();
    expect(withCancel(parent)[0].err()).toBe(canceled);
  });

  it("may be cancelled again, and only the first reason counts", async () => {
    const [ctx, cancel] = withTimeout(background(), 1);
    await ctx.done.receive();
    cancel();
    cancel();
    expect(ctx.err()).toBe(deadlineExceeded);
    expect(background().err()).toBe(null);
  });
});

describe("time", () => {
  it("sleeps, and sends once", async () => {
    await sleep(1);
    const timer = after(1);
    expect((await timer.receive()).ok).toBe(true);
    expect(timer.tryReceive()).toBe(null);
  });
});

it("starts tasks soon, in the order in which they are given", async () => {
  const { lines, note } = diary();
  for (const name of ["a", "b"]) {
    go(() => {
      note(name);
    });
  }
  note("caller");
  await settle();
  expect(lines).toEqual(["caller", "a", "b"]);
});
