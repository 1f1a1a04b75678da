import { Story, iso } from './histories.js';
import { told } from './judged.js';

/** Deadline at 10 s. */
function called(at: number, slot: number, asked = 10_000): Story {
  const story = new Story();
  story.ask(0, 'a', {}, { deadline: iso(asked) });
  story.call(at, 'a', { slot });
  story.settle(at + 50, 'a', { status: 'done', decidedBy: 'tencent', deadline: iso(10_000) });
  return story;
}

describe('judging deadlines', () => {
  it('takes a call whose slot was in time, however long the path', () => {
    expect(told(called(10_900, 9_999))).toEqual([]);
  });

  it('tells a call with a slot after the deadline', () => {
    expect(told(called(10_050, 10_040))).toEqual(['P7 a: call 1 arrived 50 ms after the deadline']);
  });

  it('tells a call that arrives long after the deadline', () => {
    expect(told(called(11_010, 10_005))).toEqual(['P7 a: call 1 arrived 1010 ms after the deadline']);
  });

  it('tells an outcome with another deadline than was asked for, unless it says that it was shortened', () => {
    const story = called(50, 49, 9_000);
    expect(told(story)).toEqual(['P7 a: the outcome tells another deadline than was asked for']);
    const clamped = new Story();
    clamped.ask(0, 'a', {}, { deadline: iso(900_000) });
    clamped.call(50, 'a');
    clamped.settle(70, 'a', { status: 'done', decidedBy: 'tencent', deadlineClamped: true });
    expect(told(clamped)).toEqual([]);
  });
});
