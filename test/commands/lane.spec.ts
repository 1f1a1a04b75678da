import { setImmediate as nextTurn } from 'node:timers/promises';
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

  holds(): void {
    this.entry.hold();
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

  it('makes those behind wait again when a passed one was not recorded', async () => {
    const one = enter('seat 1').decides();
    await settleDown();
    one.passes();
    one.holds();
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
    const guests = Array.from({ length: 1_000 }, () => lane.enter(['seat 1']));
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
    await eventually(() => decided === guests.length, { within: 5_000, what: 'all decisions' });
    expect(turns).toBeGreaterThanOrEqual(10);
    for (const guest of guests) guest.leave();
  });
});
