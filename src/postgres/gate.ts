import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Slot } from '../commands/ports.js';
import type { DatabaseClock } from './database-clock.js';
import { Lead, mostLeadMs } from './lead.js';
import { Turns } from './turns.js';

/** Of the jitter allowance the mapping of the clock takes 5 ms and the path to Tencent 10; what is left is the grace. */
const mappingAndPathMs = 15;
/** Beyond the lead, nothing farther ahead is reserved: a crash loses, and a failover forgets, little more than this. */
const aheadMs = 50;
/** Slots given before a step of the clock may still be used after it: nothing new is given until they are a second old. */
export const holdMs = mostLeadMs + aheadMs + 1000;
/** Requests a statement at the most. */
const most = 10;
/** The next statement goes out so long before the last moment at which it leaves no gap behind what was reserved. */
const earlyMs = 15;

/** How long after it began a slot may be used, milliseconds. */
export function graceOf(jitterAllowanceMs: number): number {
  return jitterAllowanceMs - mappingAndPathMs;
}

/** What became of one item: `at` is its slot (database time), null where it got none because it needs none any more. */
export interface Granted<Result> {
  readonly result: Result;
  readonly at: number | null;
}

/** What the budget's statement grants, in the order of the items. */
export interface Grant<Result> {
  /** Null: no slot was left for this item, it keeps its turn. */
  readonly results: readonly (Granted<Result> | null)[];
  /** Database time, epoch milliseconds: when the next slot begins, and when the statement looked at the clock (null: it did not). */
  readonly nextAt: number;
  readonly nowAt: number | null;
}

/** One statement that reserves slots and commits the claims bound to them. `leadMs`, `aheadMs`: no slot nearer, none farther. */
export type Reserve<Item, Result> = (
  items: readonly Item[],
  bounds: { readonly leadMs: number; readonly aheadMs: number },
) => Promise<Grant<Result>>;

/** What came of an application. */
export type Admission<Result> = { readonly result: Result; readonly slot: Slot | null } | 'aborted';

/** Who may go out now, besides the budget: `free` how many, `freed` resolves when that may have changed. */
export interface Door {
  free(): number;
  freed(): Promise<void>;
}

/** What the gate needs of the clock. */
export type GateClock = Pick<DatabaseClock, 'monotonic' | 'wait' | 'toMonotonic' | 'agrees' | 'onStep'>;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly room: string;
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** True while a statement is under way for it: then it cannot be sent away any more. */
  taken: boolean;
  readonly resolve: (admission: Admission<Result>) => void;
  readonly reject: (error: Error) => void;
}

/** Who asks for a slot. */
export interface Applicant {
  readonly room: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/**
 * The way to Tencent for one application and command. Requests wait here without a claim; the few whose turn it is are
 * claimed together, each bound to a slot of the budget that all instances share.
 */
export class Gate<Item, Result> {
  private readonly turns = new Turns<Waiting<Item, Result>>();
  private readonly lead = new Lead();
  private running = false;
  /** Monotonic moment before which the budget has nothing to give. */
  private notBefore = 0;
  /** Monotonic moment before which nothing may be given: the database's clock was set. */
  private heldUntil = 0;

  constructor(
    private readonly clock: GateClock,
    private readonly reserve: Reserve<Item, Result>,
    private readonly door: Door,
    private readonly graceMs: number,
  ) {
    // Here as well as in the budget's row: by the row alone, a statement that overtakes the one that holds it gets slots.
    clock.onStep(() => {
      this.heldUntil = clock.monotonic() + holdMs;
    });
  }

  /** Resolves when the item's claim is committed, or as soon as the signal aborts while it still waits. */
  apply(item: Item, { room, deadline, signal }: Applicant): Promise<Admission<Result>> {
    if (signal.aborted) return Promise.resolve('aborted');
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        if (waiting.taken) return;
        this.turns.remove(waiting);
        resolve('aborted');
      };
      const forget = (): void => {
        signal.removeEventListener('abort', leave);
      };
      const waiting: Waiting<Item, Result> = {
        item,
        room,
        deadline,
        signal,
        taken: false,
        resolve: (admission) => {
          forget();
          resolve(admission);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.turns.add(waiting);
      if (!this.running) void this.pass();
    });
  }

  private async pass(): Promise<void> {
    this.running = true;
    while (this.turns.roomsWaiting > 0) {
      const free = this.door.free();
      if (free < 1) {
        await this.door.freed();
        continue;
      }
      const waitMs = Math.max(this.notBefore, this.heldUntil) - this.clock.monotonic();
      if (waitMs > 0) {
        await this.clock.wait(waitMs);
        continue;
      }
      const batch = this.turns.take(Math.min(most, free));
      await this.serve(batch);
      // Whoever got a slot takes its place now, before the next ones are counted.
      await nextTurn();
    }
    this.running = false;
  }

  private async serve(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    for (const waiting of batch) waiting.taken = true;
    try {
      const sentAt = this.clock.monotonic();
      const items = batch.map(({ item }) => item);
      const leadMs = this.lead.ms;
      const grant = await this.reserve(items, { leadMs, aheadMs: leadMs + aheadMs });
      const receivedAt = this.clock.monotonic();
      this.lead.note(receivedAt - sentAt);
      const clockStands = grant.nowAt === null || this.isInTime(grant.nowAt, sentAt, receivedAt);
      this.notBefore = this.clock.toMonotonic(grant.nextAt) - leadMs - earlyMs;
      this.handOut(batch, grant, clockStands);
    } catch (error) {
      const [only, ...others] = batch;
      if (others.length === 0) only?.reject(error instanceof Error ? error : new Error(String(error)));
      // One that cannot be stored must not fail its neighbours.
      else for (const each of batch) await this.serve([each]);
    }
  }

  /** After a long statement its slots are past, and the time it took could hide a step of the clock. */
  private isInTime(databaseNow: number, sentAt: number, receivedAt: number): boolean {
    return this.clock.agrees(databaseNow, sentAt, receivedAt) && receivedAt - sentAt <= mostLeadMs + aheadMs;
  }

  private handOut(
    batch: readonly Waiting<Item, Result>[],
    { results }: Grant<Result>,
    clockStands: boolean,
  ): void {
    const left: Waiting<Item, Result>[] = [];
    batch.forEach((waiting, index) => {
      const granted = results[index];
      waiting.taken = false;
      if (granted)
        waiting.resolve({
          result: granted.result,
          slot: this.slot(granted.at, waiting.deadline, clockStands),
        });
      else if (waiting.signal.aborted) waiting.resolve('aborted');
      else left.push(waiting);
    });
    this.turns.giveBack(left);
  }

  /** The slot on this process's clock. Never used after the deadline; not at all if the database's clock may have been set meanwhile. */
  private slot(at: number | null, deadline: number, clockStands: boolean): Slot | null {
    if (at === null) return null;
    const sendBy = Math.min(at + this.graceMs, deadline);
    if (!clockStands) return { at, sendBy, monotonicAt: -Infinity, monotonicSendBy: -Infinity };
    return {
      at,
      sendBy,
      monotonicAt: this.clock.toMonotonic(at),
      monotonicSendBy: this.clock.toMonotonic(sendBy),
    };
  }
}
