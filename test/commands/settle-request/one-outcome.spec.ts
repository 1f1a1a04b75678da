import { aSecondAgo, seat, told } from '../../support/builders/facts.js';
import { aPick, arrival, pickOf } from '../../support/builders/requests.js';
import { Stage } from './stage.js';

const room = { sdkAppId: 1_400_000_000, roomId: 'room-test' };
/** The mirror has user7 on seat 1. */
const occupied = told(seat(1, 'held', 'user7'));

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

describe('a request that Tencent carries out', () => {
  it('is claimed, called, settled and published, in that order', async () => {
    expect(await stage.clock.pass(stage.settle(aPick()))).toBe('settled');
    expect(stage.effects).toEqual([
      'claim req-1 #1',
      'call user2 on 1',
      'settle req-1 done',
      'publish req-1',
    ]);
    expect(stage.outcomes.bodies()).toMatchObject([
      {
        requestId: 'req-1',
        status: 'done',
        reason: null,
        advice: 'none',
        code: 0,
        decidedBy: 'tencent',
        attempts: 1,
      },
    ]);
    expect(stage.room.seats).toEqual([null, 'user2', null, null]);
  });

  it('is noted as published once Kafka has acknowledged it, not before', async () => {
    stage.outcomes.hold();
    const settled = stage.settle(aPick());
    await stage.clock.advance(100);
    expect([stage.records.outcomes.length, stage.records.publications]).toEqual([1, []]);
    stage.outcomes.release();
    await settled;
    expect(stage.records.publications).toMatchObject([{ requestId: 'req-1', publishedAt: arrival + 100 }]);
  });

  it('teaches the mirror: the next one for the seat is refused without a call', async () => {
    await stage.outcomeOf(pickOf('a', 'user2', 1));
    expect(await stage.outcomeOf(pickOf('b', 'user3', 1))).toMatchObject({
      status: 'rejected',
      reason: 'seat-occupied',
      advice: 'choose-another-seat',
      decidedBy: 'mirror',
      evidence: { source: 'own-call', occupant: 'user2' },
      attempts: 0,
    });
    expect(stage.engine.arrived).toHaveLength(1);
  });
});

describe('a request that the mirror refuses', () => {
  beforeEach(() => {
    stage.records.tell(room, [occupied]);
  });

  it('is recorded and published without a claim or a call', async () => {
    expect(await stage.outcomeOf(aPick())).toMatchObject({ status: 'rejected', predicted: null });
    expect(stage.effects).toEqual(['record req-1 rejected', 'publish req-1']);
  });

  it('is decided again when its evidence fell before it was recorded', async () => {
    const freed = {
      ...told(seat(1, 'free')),
      evidence: { source: 'read', from: arrival, to: arrival },
    } as const;
    stage.records.beforeRecord = () => {
      stage.records.tell(room, [freed]);
    };
    await stage.clock.pass(stage.settle(aPick()));
    expect(stage.effects).toEqual([
      'stale req-1 rejected',
      'claim req-1 #1',
      'call user2 on 1',
      'settle req-1 done',
      'publish req-1',
    ]);
  });
});

it('old evidence is not used: the mirror is asked only about what is fresh enough', async () => {
  stage.records.tell(room, [
    { ...occupied, evidence: { ...aSecondAgo, from: arrival - 61_000, to: arrival - 60_001 } },
  ]);
  expect(await stage.outcomeOf(aPick())).toMatchObject({ status: 'done' });
});
