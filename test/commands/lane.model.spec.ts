import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { Lane } from '../../src/commands/lane.js';
import type { Entry } from '../../src/commands/lane.js';

/** What a request of the model does once it may decide: end without a call, or call. `expires`: at which step, if at all. */
interface Plan {
  readonly seat: number;
  readonly member: number;
  readonly calls: boolean;
  readonly expires: number | null;
}

interface Modelled extends Plan {
  readonly entry: Entry;
  state: 'waiting' | 'passed' | 'calling' | 'left';
  late: boolean;
}

/** Runs the plans through a lane with a random interleaving; `disturbed` collects what must never be seen. */
class Model {
  readonly disturbed: string[] = [];
  private readonly lane = new Lane();
  private readonly all: Modelled[] = [];

  enter(plan: Plan): void {
    const entry = this.lane.enter([`seat ${plan.seat}`, `member ${plan.member}`]);
    const guest: Modelled = { ...plan, entry, state: 'waiting', late: false };
    this.all.push(guest);
    void this.decide(guest);
  }

  expire(step: number): void {
    for (const guest of this.all) if (guest.expires === step && guest.state !== 'left') guest.entry.abort();
  }

  /** One of those that are under way is recorded, or answered. */
  leave(choice: number): void {
    const busy = this.all.filter(({ state }) => state === 'passed' || state === 'calling');
    const guest = busy[choice % Math.max(1, busy.length)];
    // Of rivals, what was passed over one snapshot is recorded in order.
    if (!guest || (!guest.late && this.ahead(guest).some(({ late }) => !late))) return;
    guest.state = 'left';
    guest.entry.leave();
  }

  get stuck(): number {
    return this.all.filter(({ state }) => state !== 'left').length;
  }

  private async decide(guest: Modelled): Promise<void> {
    const room = await guest.entry.turn();
    guest.late = room === 'deadline';
    if (!guest.late) this.expect(guest, 'decided', ['passed']);
    if (!guest.calls || guest.late) {
      guest.state = 'passed';
      guest.entry.pass();
      return;
    }
    await guest.entry.first();
    guest.late = guest.entry.signal.aborted;
    if (!guest.late) this.expect(guest, 'called', []);
    guest.state = guest.late ? 'passed' : 'calling';
    if (guest.late) guest.entry.pass();
  }

  /** Earlier rivals that have not left. */
  private ahead(guest: Modelled): Modelled[] {
    return this.all
      .slice(0, this.all.indexOf(guest))
      .filter(
        ({ state, seat, member }) => state !== 'left' && (seat === guest.seat || member === guest.member),
      );
  }

  private expect(guest: Modelled, what: string, allowed: readonly string[]): void {
    const early = this.ahead(guest).filter(({ state, late }) => late || !allowed.includes(state));
    // An expired one that is not recorded yet holds nobody up but is no disturbance either.
    if (early.some(({ late }) => !late)) this.disturbed.push(`${what} before a rival ahead`);
  }
}

describe('whatever enters a lane, in whatever order it gets on', () => {
  const plan = fc.record({
    seat: fc.integer({ min: 0, max: 3 }),
    member: fc.integer({ min: 0, max: 5 }),
    calls: fc.boolean(),
    expires: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 2 }),
  });
  const step = fc.oneof(
    { weight: 2, arbitrary: plan },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }) },
  );

  it('nobody decides before its rivals ahead have, nobody calls before they have left, and nobody is stuck', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const model = new Model();
        for (const [at, each] of steps.entries()) {
          model.expire(at);
          if (typeof each === 'number') model.leave(each);
          else model.enter(each);
          await nextTurn();
        }
        for (let rest = 0; rest < 200 && model.stuck > 0; rest += 1) {
          model.leave(rest);
          await nextTurn();
        }
        expect([model.disturbed, model.stuck]).toEqual([[], 0]);
      }),
      { numRuns: 300 },
    );
  });
});
