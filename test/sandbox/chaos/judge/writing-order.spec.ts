import { Story, moment } from './histories.js';
import { told } from './judged.js';

function seated(): Story {
  const story = new Story();
  story.seat(0, 'a'); // published at 74
  return story;
}

describe('judging the order of writing', () => {
  it('tells an outcome that was published before it was recorded', () => {
    const story = seated();
    const recorded = story.recorded.map((row) => ({ ...row, committedAt: moment(80) }));
    expect(told(story, { recorded })).toEqual(['P2 a: published 6.0 ms before it was recorded']);
  });

  it('forgives the rounding of the broker', () => {
    const story = seated();
    const recorded = story.recorded.map((row) => ({ ...row, committedAt: moment(75.9) }));
    expect(told(story, { recorded })).toEqual([]);
  });

  it('tells an offset that was committed before its outcome was published', () => {
    const commits = (at: number) => ({ commitsSeen: [{ at: moment(at), partition: 0, committed: 1 }] });
    expect(told(seated(), commits(40))).toEqual([
      'P2 a: the offset of message 0/0 was committed before its answer was published',
    ]);
    expect(told(seated(), commits(74))).toEqual([]);
  });

  it('tells an offset that was committed before its dead letter was published', () => {
    const story = new Story();
    story.bury(50, story.send(0, { value: null }), 'empty');
    const commitsSeen = [
      { at: moment(10), partition: 0, committed: 0 },
      { at: moment(20), partition: 0, committed: 1 },
      { at: moment(60), partition: 0, committed: 1 },
    ];
    expect(told(story, { commitsSeen })).toEqual([
      'P2 -: the offset of message 0/0 was committed before its answer was published',
    ]);
  });

  it('tells offsets that are not committed when all is over', () => {
    expect(told(seated(), { offsets: [{ partition: 0, committed: 0, end: 1 }] })).toEqual([
      'P2 -: when all was over, not every offset was committed, partition 0: committed up to 0, its end is 1',
    ]);
  });
});
