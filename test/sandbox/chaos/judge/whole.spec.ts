import { Story } from './histories.js';
import { told } from './judged.js';

describe('judging the history itself', () => {
  it.each([
    ['calls', 'calls 1 to 1 of the twin are missing'],
    ['effects', 'effects 1 to 1 of the twin are missing'],
    ['requests', 'requests 0/0 to 0 are missing'],
    ['outcomes', 'outcomes 0/0 to 0 are missing'],
  ] as const)('tells that some of its %s were not fetched', (part, words) => {
    const story = new Story();
    story.seat(0, 'a');
    story.seat(200, 'b', { memberAccount: 'user-2', index: 2 });
    const history = story.history();
    expect(told(story, { [part]: history[part].slice(1) })).toContain(`history -: ${words}`);
  });

  it('tells that the last requests were not fetched', () => {
    const story = new Story();
    story.seat(0, 'a');
    expect(told(story, { offsets: [{ partition: 0, committed: 2, end: 2 }] })).toEqual([
      'history -: requests 0/1 to 1 are missing',
    ]);
  });
});
