import { Story, lost, unanswered } from './histories.js';
import type { CallChoice } from './histories.js';
import { told } from './judged.js';

/** Called at 100, read back perhaps, called again at 12 s and done. */
function repeated(
  first: CallChoice,
  read: (CallChoice & { at?: number }) | null,
  second: CallChoice = {},
): Story {
  const story = new Story();
  story.ask(0, 'a');
  story.call(100, 'a', first);
  if (read) story.read(read.at ?? 10_200, 'room-0', read);
  story.call(12_000, 'a', second);
  story.settle(12_100, 'a', { status: 'done', decidedBy: 'tencent' });
  return story;
}

const words = ['P6 a: call 2 repeats call 1, whose result was unknown, and the seats were not read back'];
const wordsAfterRead = [
  'P6 a: call 3 repeats call 1, whose result was unknown, and the seats were not read back',
];

describe('judging repeats', () => {
  it.each([
    ['lost on its way', lost],
    ['executed, its answer lost', { ...unanswered, takes: false }],
    ['answered by a gateway with 502', { httpStatus: 502, answerCode: null, resultCode: 100001 }],
    ['answered half', { fault: 'truncated', answerCode: null, resultCode: 100210 }],
    ['answered with code 0 and FAIL', { fault: 'fail-status', takes: false }],
    ['answered with an internal error', { resultCode: 100001 }],
    ['answered with a code in no table', { resultCode: 123456 }],
    ['answered too late', { resultCode: 100210, answeredAt: Date.UTC(2026, 0, 1, 12, 0, 6) }],
    ['answered with success', { takes: false }],
  ])('tells a repeat without read-back of a call that was %s', (_what, first) => {
    expect(told(repeated(first, null))).toEqual(words);
    expect(told(repeated(first, {}))).toEqual([]);
  });

  it.each([
    ['refused', { resultCode: 100203 }],
    ['postponed', { resultCode: 60007 }],
    ['postponed by the gateway', { httpStatus: 429, answerCode: null, resultCode: 1 }],
  ])('takes a repeat of a call that was %s', (_what, first) => {
    expect(told(repeated(first, null))).toEqual([]);
  });

  it('tells a repeat by an instance that cannot have heard the refusal, and takes one of a postponement', () => {
    expect(told(repeated({ resultCode: 100203 }, null, { instanceId: 'two' }))).toEqual(words);
    expect(told(repeated({ resultCode: 60007 }, null, { instanceId: 'two' }))).toEqual([]);
  });

  it('does not take a read that came before the quiet time', () => {
    // Slot 99, patience 5 s, Tencent 3 s, staleness 2 s: quiet from 10,099 on, 100 ms of which are forgiven.
    expect(told(repeated(lost, { at: 9_990 }))).toEqual(wordsAfterRead);
    expect(told(repeated(lost, { at: 10_005 }))).toEqual([]);
  });

  it.each([
    ['of another room', 'room-1', {}],
    ['that was not answered', 'room-0', unanswered],
    ['that failed', 'room-0', { resultCode: 100001 }],
    ['that contradicts itself', 'room-0', { fault: 'fail-status' }],
    ['that was answered after the repeat', 'room-0', { answeredAt: Date.UTC(2026, 0, 1, 12, 0, 13) }],
  ])('does not take a read %s', (_what, roomId, choice) => {
    const story = new Story();
    story.ask(0, 'a');
    story.call(100, 'a', lost);
    story.read(10_200, roomId, choice);
    story.call(12_000, 'a');
    story.settle(12_100, 'a', { status: 'done', decidedBy: 'tencent' });
    expect(told(story)).toEqual(wordsAfterRead);
  });
});
