import { Story } from './histories.js';
import { told } from './judged.js';

const refused = { status: 'rejected', reason: 'seats-disabled', decidedBy: 'tencent' };
const other = { memberAccount: 'user-2' };

/** `a` and then `b` are asked for; `a` settles at 500. */
function rivals(wish: object, settledAt: number, endings: [object, object] = [refused, refused]): Story {
  const story = new Story();
  story.ask(0, 'a');
  story.ask(1, 'b', wish);
  story.settle(500, 'a', endings[0]);
  story.settle(settledAt, 'b', endings[1]);
  return story;
}

const words = ['P8 b: settled before its earlier rival a'];

describe('judging rivals', () => {
  it('tells two for one seat, or of one member, that were settled in the wrong order', () => {
    expect(told(rivals(other, 400))).toEqual(words);
    expect(told(rivals({ index: 2 }, 400))).toEqual(words);
  });

  it('takes the topic order, and the same moment', () => {
    expect(told(rivals(other, 500))).toEqual([]);
    expect(told(rivals(other, 900))).toEqual([]);
  });

  it('takes any order of requests that are no rivals: other seat and member, other room, other partition', () => {
    expect(told(rivals({ memberAccount: 'user-2', index: 2 }, 400))).toEqual([]);
    expect(told(rivals({ roomId: 'room-1' }, 400))).toEqual([]);
    const story = rivals(other, 400);
    const requests = story.requests.map((request, at) => ({ ...request, partition: at, offset: 0 }));
    const offsets = [0, 1].map((partition) => ({ partition, committed: 1, end: 1 }));
    expect(told(story, { requests, offsets })).toEqual([]);
  });

  it.each(['expired', 'cancelled'])('takes an ending as %s out of turn', (status) => {
    const free = { status, decidedBy: 'deadline' };
    expect(told(rivals(other, 400, [refused, free]))).toEqual([]);
    expect(told(rivals(other, 400, [free, refused]))).toEqual([]);
  });

  it('tells a call that went out while an earlier rival was unsettled', () => {
    const story = new Story();
    story.ask(0, 'a');
    story.ask(1, 'b', other);
    story.call(300, 'b', { resultCode: 100210 });
    story.settle(500, 'a', refused);
    story.settle(600, 'b', refused);
    expect(told(story)).toEqual(['P8 b: call 1 went out before the earlier rival a was settled']);
  });

  it('looks past a rival to the one before it', () => {
    const story = new Story();
    story.ask(0, 'a');
    story.ask(1, 'b', other);
    story.ask(2, 'c', { memberAccount: 'user-3' });
    for (const [requestId, at] of [
      ['a', 500],
      ['b', 100],
      ['c', 300],
    ] as const)
      story.settle(at, requestId, refused);
    expect(told(story)).toEqual([...words, 'P8 c: settled before its earlier rival a']);
  });
});
