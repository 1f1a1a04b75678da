import { Story, iso, lost, moment, unanswered } from './histories.js';
import { told } from './judged.js';

const byTencent = (status: string, reason: string | null = null) => ({
  status,
  reason,
  decidedBy: 'tencent',
});

/** An ending by a read that ended at that moment. */
const byRead = (readAt: number, status: string, more: object = {}) => ({
  status,
  decidedBy: 'read-back',
  evidence: { source: 'read', ageMs: 0, readAt: iso(readAt), occupant: null },
  ...more,
});

function asked(): Story {
  const story = new Story();
  story.ask(0, 'a');
  return story;
}

describe('judging done', () => {
  it('takes it for the seat that a call took', () => {
    const story = asked();
    story.call(50, 'a');
    story.settle(60, 'a', byTencent('done'));
    expect(told(story)).toEqual([]);
  });

  it('tells it without any effect, and with one that came after it', () => {
    const story = asked();
    story.call(50, 'a', { takes: false });
    story.settle(60, 'a', byTencent('done'));
    expect(told(story)).toEqual(['P5 a: done, but no call of the request had taken the seat']);
    const late = asked();
    late.call(50, 'a', { executedAt: Date.UTC(2026, 0, 1, 12, 0, 2) });
    late.settle(60, 'a', byTencent('done'));
    expect(told(late)).toEqual(['P5 a: done, but no call of the request had taken the seat']);
  });

  it('takes it by read-back if the read, stale by two seconds at most, could show the member there', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    story.change(1_000, { kind: 'seat-left', memberAccount: 'user-1', index: 1 });
    story.read(2_990);
    story.settle(3_010, 'a', byRead(3_000, 'done'));
    expect(told(story)).toEqual([]);
  });

  it('takes it by a read that was answered slowly', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    story.change(1_000, { kind: 'seat-left', memberAccount: 'user-1', index: 1 });
    const read = story.read(2_990);
    read.answeredAt = read.arrivedAt + 4_500;
    story.settle(7_600, 'a', byRead(7_500, 'done'));
    expect(told(story)).toEqual([]);
  });

  it('tells it by read-back if the member had left before, or never sat there', () => {
    const words = ['P5 a: done by read-back, but the member was not on the seat that was read'];
    const story = asked();
    story.call(50, 'a', unanswered);
    story.change(100, { kind: 'seat-left', memberAccount: 'user-1', index: 1 });
    story.read(3_000);
    story.settle(3_010, 'a', byRead(3_006, 'done'));
    expect(told(story)).toEqual(words);
    const never = asked();
    never.call(50, 'a', lost);
    never.read(3_000);
    never.settle(3_010, 'a', byRead(3_006, 'done'));
    expect(told(never)).toEqual(words);
  });

  it('tells it by a read that nobody made', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    story.settle(3_010, 'a', byRead(3_006, 'done'));
    expect(told(story)).toEqual([
      'P5 a: done by read-back, but the member was not on the seat that was read',
    ]);
  });

  it('takes it by a read whose answer lay in a stopped process', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    story.read(2_990);
    story.change(4_000, { kind: 'seat-left', memberAccount: 'user-1', index: 1 });
    story.settle(12_003, 'a', byRead(12_001, 'done'));
    expect(told(story)).toHaveLength(1);
    story.disturbances.push({ at: moment(3_000), what: 'instance one stopped', pausedUntil: moment(12_000) });
    expect(told(story)).toEqual([]);
  });

  it('tells it by a read that was answered only later', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    const read = story.read(2_990);
    read.answeredAt = moment(4_000);
    story.settle(3_010, 'a', byRead(3_006, 'done'));
    expect(told(story)).toEqual([
      'P5 a: done by read-back, but the member was not on the seat that was read',
    ]);
  });

  it('tells it if it was decided by anything else', () => {
    const story = asked();
    story.call(50, 'a');
    story.settle(60, 'a', { status: 'done', decidedBy: 'validation?' });
    story.read(70);
    expect(told(story)).toEqual([
      'P5 a: done by validation?, but the member was not on the seat that was read',
    ]);
  });
});

describe('judging endings without effect', () => {
  it.each([
    { status: 'rejected', reason: 'seat-occupied', decidedBy: 'tencent' },
    { status: 'expired', decidedBy: 'deadline' },
    { status: 'cancelled', decidedBy: 'cancel' },
    { status: 'failed', decidedBy: 'tencent' },
  ])('tells $status by $decidedBy of a request that took effect', (ending) => {
    const story = asked();
    story.call(50, 'a');
    story.settle(100, 'a', ending);
    expect(told(story)).toEqual([
      `P5 a: ${ending.status} by ${ending.decidedBy}, but the request took effect`,
    ]);
  });

  it('takes a refusal that took none', () => {
    const story = asked();
    story.call(50, 'a', { resultCode: 100210 });
    story.settle(100, 'a', byTencent('rejected', 'seat-occupied'));
    expect(told(story)).toEqual([]);
  });

  it('tells an effect of a message that has no outcome', () => {
    const story = asked();
    story.call(50, 'a');
    expect(told(story)).toContain('P5 a: an effect of a message without outcome');
  });

  it('tells nothing of a request that ended unconfirmed', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    story.settle(40_000, 'a', { status: 'unconfirmed', decidedBy: 'read-back' });
    expect(told(story)).toEqual([]);
  });
});

describe('judging endings by read-back without effect', () => {
  it('takes one whose effect another hand had undone before the read', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    story.change(1_000, { kind: 'seat-left', memberAccount: 'user-1', index: 1 });
    story.change(1_500, { kind: 'seat-taken', memberAccount: 'user-2', index: 1 });
    story.read(10_100);
    story.settle(10_110, 'a', byRead(10_106, 'rejected', { reason: 'seat-occupied' }));
    expect(told(story)).toEqual([]);
  });

  it('tells an effect that stood when the seats were read', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    story.read(10_100);
    story.settle(10_110, 'a', byRead(10_106, 'expired'));
    expect(told(story)).toEqual(['P5 a: expired by read-back, but the effect stood at readAt']);
  });

  it('tells an effect that landed after the read', () => {
    const story = asked();
    story.read(2_000);
    story.settle(2_010, 'a', byRead(2_006, 'rejected', { reason: 'seat-locked' }));
    story.call(3_000, 'a', unanswered);
    expect(told(story)).toEqual([
      'P5 a: rejected by read-back, and an effect landed later',
      'P5 a: rejected by read-back for seat-locked, which no read can have shown',
    ]);
  });

  it('tells one without a read, and one whose read the twin never answered', () => {
    const story = asked();
    story.call(50, 'a', lost);
    story.settle(10_110, 'a', { status: 'expired', decidedBy: 'read-back' });
    expect(told(story)).toEqual(['P5 a: expired by read-back, and no evidence.readAt']);
    const unread = asked();
    unread.call(50, 'a', lost);
    unread.read(10_100, 'room-1');
    unread.settle(10_110, 'a', byRead(10_106, 'expired'));
    expect(told(unread)).toEqual(['P5 a: read-back: the twin answered no read that ended at readAt']);
  });

  it('tells a reason that no read can have shown', () => {
    const story = asked();
    story.call(50, 'a', lost);
    story.read(10_100);
    story.settle(10_110, 'a', byRead(10_106, 'rejected', { reason: 'seat-occupied' }));
    expect(told(story)).toEqual([
      'P5 a: rejected by read-back for seat-occupied, which no read can have shown',
    ]);
  });
});

describe('judging more than one effect', () => {
  const twice = (leaves: boolean, firstAnswer: object): Story => {
    const story = asked();
    story.call(50, 'a', firstAnswer);
    if (leaves) story.change(1_000, { kind: 'seat-left', memberAccount: 'user-1', index: 1 });
    story.read(10_100);
    story.call(10_200, 'a');
    story.settle(10_300, 'a', byTencent('done'));
    return story;
  };

  it('tells two effects of one request', () => {
    expect(told(twice(false, unanswered))).toEqual(['P5 a: two effects of one request']);
  });

  it('takes the second after a read that showed the first undone', () => {
    expect(told(twice(true, unanswered))).toEqual([]);
  });

  it('tells it if the first had been answered and nothing kept the answer away', () => {
    expect(told(twice(true, {}))).toContain('P5 a: two effects of one request');
    const cut = twice(true, {});
    cut.disturbances.push({ at: moment(55), what: 'connections to the twin cut' });
    expect(told(cut)).toEqual([]);
  });

  it('takes the second after a first whose answer contradicted itself', () => {
    expect(told(twice(true, { fault: 'fail-status' }))).toEqual([]);
  });

  it('tells a refusal after an effect that was undone and never read back', () => {
    const story = asked();
    story.call(50, 'a', unanswered);
    story.change(1_000, { kind: 'seat-left', memberAccount: 'user-1', index: 1 });
    story.call(1_100, 'a', { resultCode: 100210 });
    story.settle(1_200, 'a', byTencent('rejected', 'seat-occupied'));
    expect(told(story)).toContain('P5 a: rejected by tencent, but the request took effect');
  });
});

it('does not judge requests that share a member and a seat by their calls', () => {
  const story = asked();
  story.ask(10, 'b');
  story.call(50, 'a', { takes: false });
  story.settle(60, 'a', byTencent('done'));
  story.settle(61, 'b', byTencent('done'));
  expect(told(story)).toEqual([]);
});
