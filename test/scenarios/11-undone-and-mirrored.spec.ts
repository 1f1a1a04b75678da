import { Stage } from '../support/stage/stage.js';
import type { WireOutcome } from '../support/stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  // Seats predict for as long as they may: what is shown here does not come of forgetting quickly.
  stage = await Stage.set({ settings: { MIRROR_MAX_AGE_WITHOUT_CALLBACKS_MS: '60000' } });
}, 90_000);
afterAll(() => stage.close());

/** "Room not found" and "not a member" predict for so long. */
const absenceMs = 1000;

/** The most that a read may lag. */
const staleness = { kind: 'stale-read', stalenessMs: 2000 } as const;

async function ask(...pick: Parameters<Stage['pick']>): Promise<WireOutcome> {
  const [outcome] = await stage.ask([stage.pick(...pick)]);
  if (!outcome) throw new Error('there is no outcome');
  return outcome;
}

/** Picks again and again, one after the other, until one is done; all outcomes. */
async function askUntilDone(...pick: Parameters<Stage['pick']>): Promise<WireOutcome[]> {
  const outcomes: WireOutcome[] = [];
  const isDone = async (): Promise<boolean> => {
    outcomes.push(await ask(...pick));
    return outcomes.at(-1)?.status === 'done';
  };
  await stage.until(isDone, `the pick of ${pick[1]} is done`, 10_000);
  return outcomes;
}

/** How long after the twin's last change of that kind each rejection was decided, in milliseconds: all of them were untrue. */
async function lateness(outcomes: readonly WireOutcome[], roomId: string, kind: string): Promise<number[]> {
  const change = (await stage.twin.effects()).findLast(
    (each) => each.roomId === roomId && each.kind === kind,
  );
  const rejected = outcomes.filter(({ status }) => status === 'rejected');
  return rejected.map(({ settledAt }) => Date.parse(String(settledAt)) - (change?.at ?? NaN));
}

describe('scenario 11: kicks, comings and goings that nobody tells: no false rejection beyond a second', () => {
  it('100005, then the member enters', async () => {
    const roomId = await stage.room();
    expect(await ask(roomId, 'mia', 0)).toMatchObject({ reason: 'not-a-member', decidedBy: 'tencent' });
    await stage.twin.changeMembers(roomId, { enter: ['mia'] });
    const late = await lateness(await askUntilDone(roomId, 'mia', 0), roomId, 'member-entered');
    expect(late.length).toBeGreaterThan(0);
    expect(Math.max(...late)).toBeLessThan(absenceMs);
  });

  it('100004, then the room is created again: neither its absence nor its former seats are believed', async () => {
    const roomId = await stage.room({ members: ['tom', 'mia'] });
    expect(await ask(roomId, 'tom', 0)).toMatchObject({ status: 'done' });
    await stage.twin.destroyRoom(roomId);
    expect(await ask(roomId, 'mia', 1)).toMatchObject({ reason: 'room-not-found', decidedBy: 'tencent' });
    await stage.twin.createRoom({ roomId, seats: 8, members: ['mia'] });
    const late = await lateness(await askUntilDone(roomId, 'mia', 0), roomId, 'room-created');
    expect(late.length).toBeGreaterThan(0);
    expect(Math.max(...late)).toBeLessThan(absenceMs);
  });

  it('100005 of somebody who sat: the seat is theirs no more', async () => {
    const roomId = await stage.room({ members: ['tom', 'mia'] });
    expect(await ask(roomId, 'tom', 0)).toMatchObject({ status: 'done' });
    await stage.twin.changeMembers(roomId, { leave: ['tom'] });
    expect(await ask(roomId, 'tom', 0)).toMatchObject({ reason: 'not-a-member', decidedBy: 'tencent' });
    expect(await ask(roomId, 'mia', 0)).toMatchObject({ status: 'done' });
  });

  it('a kick, seen by a read, then a stale read: the seat is asked for', async () => {
    const roomId = await stage.room({ members: ['tom', 'mia', 'eve', 'bob'] });
    await stage.twin.changeSeats(roomId, [{ index: 0, member: 'tom' }]);
    const since = Date.now();
    await stage.until(() => Date.now() - since > staleness.stalenessMs, 'tom has sat for a while');
    await stage.twin.changeSeats(roomId, [{ index: 0, member: null }]);
    // Whoever hears 100210 has the seats read: eve as they are, bob as they were a moment ago.
    await stage.twin.addFaults(
      ...['eve', 'bob'].map((memberAccount) => ({
        fault: { kind: 'code', code: 100210 } as const,
        roomId,
        memberAccount,
      })),
    );
    expect(await ask(roomId, 'eve', 1)).toMatchObject({ reason: 'seat-occupied', decidedBy: 'tencent' });
    await stage.twin.addFaults({ fault: staleness, roomId, command: 'get_seat_list' });
    expect(await ask(roomId, 'bob', 2)).toMatchObject({ reason: 'seat-occupied', decidedBy: 'tencent' });
    expect(await ask(roomId, 'mia', 0)).toMatchObject({ status: 'done' });
  });
});
