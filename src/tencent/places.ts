import { CallPlaces } from '../commands/ports.js';
import type { CallKind, Clock } from '../commands/ports.js';
import { Breaker } from './breaker.js';

/**
 * Most calls in flight of each kind, from their claim to their answer. Together they are fewer than the connections; the
 * reads' share is reserved: picks that hang must not keep the seats from being read back.
 */
const mostInFlight: Readonly<Record<CallKind, number>> = { call: 100, read: 24 };
/** Connections that calls leave to the reads. */
const keptForReads = 2;

/** How a call ended, for the breaker: `unsent` says nothing about Tencent. */
type End = 'answered' | 'failed' | 'unsent';

/** One call from its claim to its end. */
export interface Place {
  /** Its slot has come: it takes a connection now, or never. */
  departs(): void;
  ends(how: End): void;
}

/** Who may call: bounded by the connections that are ready, by the calls in flight, and by the breaker. */
export class Places extends CallPlaces {
  private readonly inFlight = { call: 0, read: 0 };
  /** Begun, and waiting for their slots: each will take a connection. */
  private waiting = 0;
  private waiters: (() => void)[] = [];
  private readonly breakers: Readonly<Record<CallKind, Breaker>>;

  /** `ready`: connections that a call could leave on now. */
  constructor(
    private readonly clock: Clock,
    private readonly ready: () => number,
  ) {
    super();
    const onChange = (): void => {
      this.changed();
    };
    this.breakers = { call: new Breaker(clock, onChange), read: new Breaker(clock, onChange) };
  }

  isOpen(kind: CallKind): boolean {
    return this.breakers[kind].isOpen;
  }

  free(kind: CallKind): number {
    const bound = Math.min(mostInFlight[kind], this.breakers[kind].most) - this.inFlight[kind];
    const connections = this.ready() - this.waiting - (kind === 'call' ? keptForReads : 0);
    return Math.max(0, Math.min(bound, connections));
  }

  freed(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  /** A call was claimed. */
  begin(kind: CallKind): Place {
    this.inFlight[kind] += 1;
    this.waiting += 1;
    const begunAt = this.clock.monotonic();
    let waits = true;
    const departs = (): void => {
      if (waits) this.waiting -= 1;
      waits = false;
    };
    return {
      departs,
      ends: (how) => {
        departs();
        this.inFlight[kind] -= 1;
        if (how !== 'unsent') this.breakers[kind].note(how === 'failed', begunAt);
        this.changed();
      },
    };
  }

  /** Somebody may find a place now: a connection became ready, a call ended, the breaker lets one through. */
  changed(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const resolve of waiters) resolve();
  }
}
