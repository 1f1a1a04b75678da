import { Highlights } from '../../../sandbox/demo/highlights.js';
import { doneOf, outcomeOf } from './outcomes.js';

const refused = outcomeOf();
const seated = doneOf();

describe('highlights', () => {
  it('leave time to read between ordinary outcomes', () => {
    const highlights = new Highlights();
    expect(highlights.choose(refused, 0)).toBe(true);
    expect(highlights.choose(seated, 699)).toBe(false);
    expect(highlights.choose(seated, 700)).toBe(true);
  });

  it('do not show the same kind again too soon', () => {
    const highlights = new Highlights();
    highlights.choose(refused, 0);
    expect(highlights.choose(refused, 2499)).toBe(false);
    expect(highlights.choose(refused, 2500)).toBe(true);
  });

  it.each([
    ['a read-back', doneOf({ decidedBy: 'read-back' })],
    ['a test of the mirror', outcomeOf({ decidedBy: 'tencent', predicted: 'seat-occupied' })],
    ['an end that is neither done nor rejected', outcomeOf({ status: 'unconfirmed' })],
  ])('show %s at once', (_, rare) => {
    const highlights = new Highlights();
    highlights.choose(refused, 0);
    expect(highlights.choose(rare, 1)).toBe(true);
  });
});
