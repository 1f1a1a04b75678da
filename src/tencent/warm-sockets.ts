import type { Connection } from './connect.js';
import { HeldConnection } from './held-connection.js';
import type { Watcher } from './held-connection.js';
import { usualLimits } from './warmth-limits.js';
import type { WarmthLimits } from './warmth-limits.js';

/** Idle connections are replaced one after the other: each rests one of eight times between 75 and 100 % of the idle time. */
const steps = 8;

/**
 * Connections to one server, ready before they are needed. A caller takes one at once or gets none: there is no queue.
 * The one used last is taken first, for it is the surest to be alive; the others age and are replaced.
 */
export class WarmSockets {
  private readonly all = new Set<HeldConnection>();
  private readonly idle: HeldConnection[] = [];
  private idleMs: number;
  private rests = 0;
  private failures = 0;
  private pause: NodeJS.Timeout | null = null;
  private closed = false;
  /** Why the last useless connection was useless, in words for a message. */
  lastFailure = 'none has failed';

  /** `onReady`: a connection can be taken. */
  constructor(
    private readonly connect: () => Connection,
    private readonly limits: WarmthLimits = usualLimits,
    private readonly onReady: () => void = () => undefined,
  ) {
    this.idleMs = limits.idleMs;
  }

  private readonly watcher: Watcher = {
    free: (held) => {
      this.shelve(held);
    },
    gone: (held, failure) => {
      this.forget(held, failure);
    },
  };

  /** Connections that could be taken now. */
  get ready(): number {
    return this.idle.length;
  }

  /** Opens what is missing. */
  refill(): void {
    let coming = 0;
    for (const held of this.all) if (held.state === 'connecting') coming += 1;
    for (let missing = this.limits.warm - this.idle.length - coming; missing > 0; missing -= 1) this.add();
  }

  /** A connected connection for one request, or null. Opening others comes after, so that it cannot delay this request. */
  take(): HeldConnection | null {
    let held = this.idle.pop();
    while (held && !held.usable) {
      held.end();
      held = this.idle.pop();
    }
    held?.work();
    setImmediate(() => {
      if (held) this.refill();
      else this.add();
    });
    return held ?? null;
  }

  /** Back on the shelf: served, or taken and not used. */
  shelve(held: HeldConnection): void {
    this.rest(held);
    if (this.closed || !held.usable) {
      held.end();
      return;
    }
    this.idle.push(held);
    this.onReady();
  }

  /** The server told how long it keeps an idle connection: ours are replaced a second earlier. */
  obey(serverKeepsMs: number): void {
    const idleMs = Math.min(this.limits.idleMs, Math.max(serverKeepsMs - 1_000, serverKeepsMs / 2));
    if (idleMs === this.idleMs) return;
    this.idleMs = idleMs;
    for (const held of this.idle) this.rest(held);
  }

  /** Ends the idle connections now and the busy ones as they become free. */
  close(): void {
    this.closed = true;
    if (this.pause) clearTimeout(this.pause);
    this.idle.length = 0;
    for (const held of this.all) held.end();
  }

  private rest(held: HeldConnection): void {
    const step = (this.rests++ % steps) / steps;
    held.rest(this.idleMs * (1 - step / 4));
  }

  private add(): void {
    if (this.closed || this.pause || this.all.size >= this.limits.cap) return;
    this.all.add(new HeldConnection(this.connect(), this.limits, this.watcher));
  }

  private forget(held: HeldConnection, failure: string | null): void {
    this.all.delete(held);
    const at = this.idle.indexOf(held);
    if (at >= 0) this.idle.splice(at, 1);
    if (failure === null) this.failures = 0;
    else this.holdOff(failure);
    this.refill();
  }

  private holdOff(failure: string): void {
    this.lastFailure = failure;
    if (this.pause || this.closed) return;
    const { shortestPauseMs, longestPauseMs } = this.limits;
    const ms = Math.min(shortestPauseMs * 2 ** this.failures, longestPauseMs);
    this.failures += 1;
    this.pause = setTimeout(() => {
      this.pause = null;
      this.refill();
    }, ms);
  }
}
