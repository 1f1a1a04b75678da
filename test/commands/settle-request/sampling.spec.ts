import { seat, told } from '../../support/builders/facts.js';
import { aPick, pickOf } from '../../support/builders/requests.js';
import { Stage } from './stage.js';

const room = { sdkAppId: 1_400_000_000, roomId: 'room-test' };
/** The mirror has user7 on seat 1. */
const occupied = told(seat(1, 'held', 'user7'));

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

describe('a piece of evidence that is drawn as a sample', () => {
  beforeEach(() => {
    stage.records.draw = 0;
    stage.records.tell(room, [occupied]);
  });

  it('is put to the test: Tencent decides, and the outcome tells what the mirror would have said', async () => {
    stage.room.seats[1] = 'user7';
    expect(await stage.outcomeOf(aPick())).toMatchObject({
      status: 'rejected',
      reason: 'seat-occupied',
      decidedBy: 'tencent',
      predicted: 'seat-occupied',
      attempts: 1,
    });
    expect(stage.records.attempts.rows[0]).toMatchObject({ purpose: 'audit' });
  });

  it('shows when the mirror was wrong', async () => {
    expect(await stage.outcomeOf(aPick())).toMatchObject({ status: 'done', predicted: 'seat-occupied' });
  });

  it('is tested once, however many rivals it refuses', async () => {
    stage.room.seats[1] = 'user7';
    const rivals = Array.from({ length: 20 }, (_, at) => pickOf(`r${at}`, at === 0 ? 'user2' : `u${at}`, 1));
    await stage.clock.pass(Promise.all(rivals.map((rival) => stage.settle(rival))));
    expect(stage.effects.filter((effect) => effect.startsWith('call'))).toHaveLength(1);
    expect(stage.outcomes.bodies().filter(({ predicted }) => predicted !== null)).toHaveLength(1);
  });

  it('is not tested again when another instance was faster: the request is decided again', async () => {
    stage.room.seats[1] = 'user7';
    const other = stage.start();
    await stage.clock.pass(
      Promise.all([stage.settle(pickOf('a', 'user2', 1)), other.settle(pickOf('b', 'user3', 1))]),
    );
    expect(stage.effects.filter((effect) => effect.startsWith('call'))).toHaveLength(1);
    expect(stage.effects).toContain('spent b');
    expect(stage.outcomes.bodies().find(({ requestId }) => requestId === 'b')).toMatchObject({
      decidedBy: 'mirror',
      predicted: null,
    });
  });
});
