import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { Lane } from '../../src/commands/lane.js';
import type { Entry } from '../../src/commands/lane.js';
import { roomOf } from '../../src/seating/room.js';
import { eventually } from '../support/eventually.js';

/** One request in a lane, and what was seen of it. */
class Guest {
  readonly seen: string[] = [];
  private readonly entry: Entry;

  constructor(lane: Lane, wanted: readonly string[]) {
    this.entry = lane.enter(wanted);
  }

  /** Waits for its turn in the background. */
  decides(): this {
    void this.entry.turn().then((room) => this.seen.push(room === 'deadline' ? 'deadline' : 'turn'));
    return this;
  }

  calls(): this {
    void this.entry.first().then(() => this.seen.push('first'));
    return this;
  }

  passes(): void {
    this.entry.pass();
  }

  leaves(): void {
    this.entry.leave();
  }

  expires(): void {
    this.entry.abort();
  }

  get isFirst(): boolean {
    return this.entry.isFirst();
  }
}

async function settleDown(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

describe('a lane', () => {
  let lane = new Lane();
  beforeEach(() => {
    lane = new Lane();
  });
  const enter = (...wanted: string[]): Guest => new Guest(lane, wanted);

  it('lets those that want different things decide side by side', async () => {
    const guests = [enter('seat 1', 'member a'), enter('seat 2', 'member b')].map((guest) => guest.decides());
    await settleDown();
    expect(guests.map(({ seen, isFirst }) => [seen, isFirst])).toEqual([
      [['turn'], true],
      [['turn'], true],
    ]);
    for (const guest of guests) guest.leaves();
  });

  it.each([
    ['the seat', ['seat 1', 'member b']],
    ['the member', ['seat 2', 'member a']],
  ])('makes those wait that want %s of an earlier one, until it leaves', async (_, wanted) => {
    const one = enter('seat 1', 'member a');
    const other = enter(...wanted).decides();
    await settleDown();
    expect([other.seen, other.isFirst]).toEqual([[], false]);
    one.leaves();
    await settleDown();
    expect([other.seen, other.isFirst]).toEqual([['turn'], true]);
    other.leaves();
  });

  it('lets the next one decide behind a passed one, and call only when that one has left', async () => {
    const one = enter('seat 1').decides();
    const other = enter('seat 1').decides();
    await settleDown();
    one.passes();
    await settleDown();
    expect(other.seen).toEqual(['turn']);
    other.calls();
    await settleDown();
    expect(other.seen).toEqual(['turn']);
    one.leaves();
    await settleDown();
    expect(other.seen).toEqual(['turn', 'first']);
    other.leaves();
  });

  it('makes those behind wait again when a passed one decides again', async () => {
    const one = enter('seat 1').decides();
    await settleDown();
    one.passes();
    one.decides();
    const other = enter('seat 1').decides();
    await settleDown();
    expect(other.seen).toEqual([]);
    one.passes();
    await settleDown();
    expect(other.seen).toEqual(['turn']);
    one.leaves();
    other.leaves();
  });

  it('hands the snapshot of the one ahead to the next one, and none to the first', async () => {
    const room = roomOf([]);
    const one = lane.enter(['seat 1']);
    const other = lane.enter(['seat 1']);
    expect(await one.turn()).toBeNull();
    one.sees(room);
    one.pass();
    expect(await other.turn()).toBe(room);
    one.leave();
    expect(await other.turn()).toBeNull();
    other.leave();
  });

  it('sends one that expires ahead of its rivals, and nobody else: those behind wait for those ahead', async () => {
    const [one, late, other] = [enter('seat 1'), enter('seat 1').decides(), enter('seat 1').decides()];
    late.expires();
    await settleDown();
    late.passes();
    await settleDown();
    expect([late.seen, other.seen]).toEqual([['deadline'], []]);
    late.leaves();
    await settleDown();
    expect([other.seen, other.isFirst]).toEqual([[], false]);
    one.leaves();
    await settleDown();
    expect(other.seen).toEqual(['turn']);
    other.leaves();
  });

  it('never waits for one that has left, whatever an expired one waited for', async () => {
    const [one, late] = [enter('seat 1', 'member a'), enter('seat 1', 'member b')];
    late.leaves();
    one.leaves();
    const other = enter('seat 2', 'member b').decides();
    await settleDown();
    expect(other.seen).toEqual(['turn']);
    other.leaves();
  });

  it('does not make those behind an expired one wait for what they do not want', async () => {
    const one = enter('member a', 'seat 1');
    const late = enter('member a', 'seat 2');
    const other = enter('member b', 'seat 2').decides();
    late.leaves();
    await settleDown();
    expect(other.seen).toEqual(['turn']);
    one.leaves();
    other.leaves();
  });

  it('aborts the signal of one that expires, also when it is asked for afterwards', () => {
    const entry = lane.enter(['seat 1']);
    const early = entry.signal;
    expect(early.aborted).toBe(false);
    entry.abort();
    const other = lane.enter(['seat 9']);
    other.abort();
    expect([early.aborted, entry.signal.aborted, other.signal.aborted]).toEqual([true, true, true]);
    entry.leave();
    other.leave();
  });

  it('is empty when everybody has left, once or twice', () => {
    const one = lane.enter(['seat 1']);
    expect(lane.isEmpty()).toBe(false);
    one.leave();
    one.leave();
    expect(lane.isEmpty()).toBe(true);
  });

  it('lets the event loop run within a long row of decisions', async () => {
    const guests = Array.from({ length: 500 }, () => lane.enter(['seat 1']));
    let turns = 0;
    let decided = 0;
    const count = (): void => {
      turns += 1;
      if (decided < guests.length && turns < 1_000) setImmediate(count);
    };
    setImmediate(count);
    for (const guest of guests) {
      void guest.turn().then(() => {
        decided += 1;
        guest.pass();
      });
    }
    await eventually(() => decided === guests.length, { within: 5_000, what: '500 decisions' });
    expect(turns).toBeGreaterThanOrEqual(10);
    for (const guest of guests) guest.leave();
  });
});

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
