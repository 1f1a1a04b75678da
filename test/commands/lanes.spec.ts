import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lanes } from '../../src/commands/lanes.js';
import { Stopped } from '../../src/commands/stopped.js';
import type { Place } from '../../src/commands/lanes.js';
import { aPick, anInvalidRequest, arrival } from '../support/builders/requests.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fakes/fake-clock.js';
import { FakeSeatRecords } from '../support/fakes/fake-seat-records.js';

const freshness = { seatsMs: 2_000, absenceMs: 1_000, auditShare: 0 };

/** Counts how often a room is loaded. */
class CountedRecords extends FakeSeatRecords {
  loads = 0;

  override room(...room: Parameters<FakeSeatRecords['room']>): ReturnType<FakeSeatRecords['room']> {
    this.loads += 1;
    return super.room(...room);
  }
}

function stage(): { lanes: Lanes; records: CountedRecords; clock: FakeClock } {
  const clock = new FakeClock();
  const records = new CountedRecords(clock);
  return { lanes: new Lanes(records, { freshness }, clock), records, clock };
}

/** What a promise has come to after a while without any time passing. */
async function stateOf(work: Promise<unknown>): Promise<string> {
  let state = 'waiting';
  work.then(
    (value) => (state = value === null ? 'no sight' : 'resolved'),
    (error: unknown) => (state = error instanceof Stopped ? 'stopped' : String(error)),
  );
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  return state;
}

let ids = 0;
/** A pick of its own of the same member for the same seat. */
function rivalling(): ReturnType<typeof aPick> {
  ids += 1;
  return aPick({ requestId: `rival-${ids}` });
}

describe('a place in the lane of a room', () => {
  it('shows the room, the time and how old evidence may be', async () => {
    const { lanes, clock } = stage();
    clock.step(5);
    const place = lanes.enter(aPick());
    expect(await place.turn()).toMatchObject({ room: { existence: null }, now: arrival + 5, freshness });
    place.leave();
  });

  it.each([
    ['another room', aPick({ roomId: 'room-other' })],
    ['the same room of another application', aPick({ sdkAppId: 1_400_000_001 })],
    ['another seat and member', aPick({ requestId: 'req-2', index: 2, memberAccount: 'user3' })],
    ['nothing but an id of its own, being invalid', anInvalidRequest({ requestId: 'req-2' })],
  ])('does not make those wait who want %s', async (_, request) => {
    const { lanes } = stage();
    const places = [lanes.enter(aPick()), lanes.enter(request)];
    for (const place of places) {
      expect(place.isFirst()).toBe(true);
      expect(await place.turn()).not.toBeNull();
    }
    for (const place of places) place.leave();
  });

  it('makes a rival wait for its turn, and for being the first', async () => {
    const { lanes } = stage();
    const [one, other] = [lanes.enter(aPick()), lanes.enter(rivalling())];
    const [turn] = [other.turn()];
    expect(await stateOf(turn)).toBe('waiting');
    one.pass();
    expect(await stateOf(turn)).toBe('resolved');
    const first = other.first();
    expect(await stateOf(first)).toBe('waiting');
    one.leave();
    expect(await stateOf(first)).toBe('resolved');
    other.leave();
  });

  it('makes a copy with the same id wait until the earlier one has left, even beyond its own deadline', async () => {
    const { lanes, clock } = stage();
    const [one, copy] = [lanes.enter(aPick()), lanes.enter(aPick({ deadline: arrival + 1_000 }))];
    const turn = copy.turn();
    one.pass();
    await clock.advance(1_100);
    await eventually(() => copy.signal.aborted, { within: 2_000, what: 'the deadline' });
    expect(await stateOf(turn)).toBe('waiting');
    one.leave();
    expect(await turn).toBeNull();
    copy.leave();
  });

  it('loads the room once for 5,000 rivals that are decided one after the other, in their order', async () => {
    const { lanes, records } = stage();
    const places = Array.from({ length: 5_000 }, () => lanes.enter(rivalling()));
    const order: number[] = [];
    const decide = async (place: Place, at: number): Promise<void> => {
      await place.turn();
      order.push(at);
      place.pass();
    };
    await Promise.all(places.map(decide));
    expect(records.loads).toBe(1);
    expect(order).toEqual(places.map((_, at) => at));
    for (const place of places) place.leave();
  });

  it('loads the room anew for one that has no rival ahead any more', async () => {
    const { lanes, records } = stage();
    const [one, other] = [lanes.enter(aPick()), lanes.enter(rivalling())];
    await one.turn();
    one.leave();
    await other.turn();
    expect(records.loads).toBe(2);
    other.leave();
  });

  it('stays in force when an earlier request of the room leaves a second time', () => {
    const { lanes } = stage();
    const one = lanes.enter(aPick());
    one.leave();
    const other = lanes.enter(aPick());
    one.leave();
    const rival = lanes.enter(aPick());
    expect([other.isFirst(), rival.isFirst()]).toEqual([true, false]);
    other.leave();
    rival.leave();
  });
});

describe('the deadline of a request that waits', () => {
  const soon = aPick({ requestId: 'soon', deadline: arrival + 1_000 });

  it('ends its waiting without a sight of the room, and aborts its signal', async () => {
    const { lanes, clock } = stage();
    const [one, other] = [lanes.enter(aPick()), lanes.enter(soon)];
    const turn = other.turn();
    await clock.advance(999);
    expect([await stateOf(turn), other.signal.aborted]).toEqual(['waiting', false]);
    await clock.advance(100);
    await eventually(() => other.signal.aborted, { within: 2_000, what: 'the abort' });
    expect(await turn).toBeNull();
    one.leave();
    other.leave();
  });

  it('ends its waiting for being the first', async () => {
    const { lanes, clock } = stage();
    const [one, other] = [lanes.enter(aPick()), lanes.enter(soon)];
    const first = other.first();
    await clock.advance(1_100);
    await first;
    expect(other.isFirst()).toBe(false);
    one.leave();
    other.leave();
  });

  it('does not concern an invalid request: it is told its errors however late', async () => {
    const { lanes, clock } = stage();
    const [late, place] = [
      lanes.enter(soon),
      lanes.enter(anInvalidRequest({ requestId: 'req-2', deadline: soon.deadline })),
    ];
    await clock.advance(1_100);
    await eventually(() => late.signal.aborted, { within: 2_000, what: 'the abort' });
    expect(await place.turn()).not.toBeNull();
    late.leave();
    place.leave();
  });
});

describe('a stop', () => {
  it('sends away whoever waits, and whoever comes', async () => {
    const { lanes } = stage();
    const [one, other, third] = [lanes.enter(aPick()), lanes.enter(rivalling()), lanes.enter(rivalling())];
    const [turn, first] = [other.turn(), third.first()];
    expect(lanes.stopped.aborted).toBe(false);
    lanes.stop();
    expect([await stateOf(turn), await stateOf(first)]).toEqual(['stopped', 'stopped']);
    expect([lanes.stopped.aborted, other.signal.aborted]).toEqual([true, true]);
    expect(() => lanes.enter(aPick())).toThrow(Stopped);
    expect(() => lanes.enter(aPick())).toThrow('the process is stopping');
    for (const place of [one, other, third]) place.leave();
  });

  it('sends away one that was about to see the room', async () => {
    const { lanes } = stage();
    const place = lanes.enter(aPick());
    lanes.stop();
    expect(await stateOf(place.turn())).toBe('stopped');
    place.leave();
  });
});
