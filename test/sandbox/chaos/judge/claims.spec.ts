import { Story, moment } from './histories.js';
import type { CallChoice } from './histories.js';
import { told } from './judged.js';

/** Asked at 0, called at 10 s, done. */
function called(choice: CallChoice): Story {
  const story = new Story();
  story.ask(0, 'a');
  story.call(10_000, 'a', choice);
  story.settle(10_100, 'a', { status: 'done', decidedBy: 'tencent' });
  return story;
}

const pick = 'room_engine_http_mic/pick_user_on_seat';

describe('judging claims', () => {
  it('takes a call within its grace and a busy path', () => {
    expect(told(called({ slot: 9_995 }))).toEqual([]);
    expect(told(called({ slot: 9_000 }))).toEqual([]);
  });

  it('tells a call without a claim', () => {
    expect(told(called({ slot: null }))).toEqual([`P4 a: call 1 (${pick}) arrived without a claim`]);
  });

  it('tells a late slot that was sent', () => {
    expect(told(called({ slot: 7_000 }))).toEqual([
      `P4 a: late slot sent: call 1 (${pick}) arrived 3000 ms after the slot of its claim`,
    ]);
  });

  it('tells a call that went out before its slot', () => {
    expect(told(called({ slot: 10_006 }))).toEqual([`P4 a: call 1 (${pick}) arrived without a claim`]);
  });

  it('tells a call that went out before its claim was committed', () => {
    const story = called({ slot: 9_995 });
    const claims = story.claims.map((claim) => ({ ...claim, committedAt: moment(10_010) }));
    expect(told(story, { claims })).toEqual([
      `P4 a: call 1 (${pick}) arrived 8.0 ms before its claim was committed`,
    ]);
  });

  it('wants a claim for each of two calls', () => {
    const story = new Story();
    story.ask(0, 'a');
    story.call(100, 'a', { resultCode: 60007 });
    story.call(150, 'a', { slot: null });
    story.settle(300, 'a', { status: 'done', decidedBy: 'tencent' });
    // Which of them went out without cannot be told: they are less than a second apart.
    expect(told(story)).toEqual([expect.stringMatching(/^P4 a: call \d .*arrived without a claim$/)]);
  });

  it('takes a claim that was never used beside one that was', () => {
    const story = called({ slot: 9_995 });
    story.claim(9_500, { requestId: 'a' });
    story.claim(9_998, { requestId: 'a' });
    expect(told(story)).toEqual([]);
  });

  it('wants a claim for a read of the very room', () => {
    const story = new Story();
    story.read(0, 'room-0');
    story.read(100, 'room-1', { slot: null });
    story.claim(99, { requestId: null, roomId: 'room-0', command: 'get_seat_list' });
    expect(told(story)).toEqual([
      'P4 -: call 2 (room_engine_http_mic/get_seat_list) arrived without a claim',
    ]);
  });

  it('pairs a call whose body never came with any unused claim of its command', () => {
    const story = new Story();
    story.read(0, 'room-0', { body: null, executedAt: null, answeredAt: null });
    expect(told(story)).toEqual([]);
    story.read(10, 'room-0', { body: null, executedAt: null, answeredAt: null, slot: null });
    expect(told(story)).toEqual([expect.stringMatching(/^P4 -: call \d .*arrived without a claim$/)]);
  });

  it('tells a call and a claim that no request asked for', () => {
    const story = new Story();
    story.wishes.set('ghost', { roomId: 'room-0', memberAccount: 'user-9', index: 9 });
    story.call(0, 'ghost');
    expect(told(story)).toEqual([
      `P4 -: a call that no request asked for: call 1 (${pick})`,
      'P4 ghost: claim nonce-0 is for a request that nobody made',
    ]);
  });

  it('tells a call of an unknown command', () => {
    const story = new Story();
    story.read(0, 'room-0', { command: null, slot: null });
    expect(told(story)).toEqual(['P4 -: call 1 (an unknown command) arrived without a claim']);
  });

  it('excuses a late call only if a stop began within the grace of its slot and ended just before its arrival', () => {
    const stopped = (at: number, until: number): Story => {
      const story = called({ slot: 7_000 });
      story.disturbances.push({ at: moment(at), what: 'instance one stopped', pausedUntil: moment(until) });
      return story;
    };
    const late = [expect.stringContaining('late slot sent') as string];
    expect(told(stopped(7_005, 9_990))).toEqual([]);
    expect(told(stopped(6_900, 9_990))).toEqual(late);
    expect(told(stopped(7_100, 9_990))).toEqual(late);
    expect(told(stopped(7_005, 8_500))).toEqual(late);
  });
});
