import { Story } from './histories.js';
import { told } from './judged.js';

const evidence = (more: object = {}) => ({
  source: 'own-call',
  ageMs: 500,
  readAt: null,
  occupant: null,
  ...more,
});
const predicted = (reason: string, more: object = {}) => ({
  status: 'rejected',
  reason,
  decidedBy: 'mirror',
  evidence: evidence(more),
});

/** Something happens, and at 20 s a pick of user-1 on seat 1 of room-0 is predicted. */
function prediction(ending: object, happens: (story: Story) => void = () => undefined): Story {
  const story = new Story();
  happens(story);
  story.ask(19_990, 'a');
  story.settle(20_000, 'a', ending);
  return story;
}

const sits =
  (memberAccount: string, index: number, at: number, until: number | null = null) =>
  (story: Story) => {
    story.change(at, { kind: 'seat-taken', memberAccount, index });
    if (until !== null) story.change(until, { kind: 'seat-left', memberAccount, index });
  };

const untrue = (reason: string) => [
  `P10 a: predicted ${reason}, which was not true when the evidence was taken`,
];

describe('judging predictions', () => {
  it('takes an occupied seat while the one named sat there, or anybody if none is named', () => {
    expect(
      told(prediction(predicted('seat-occupied', { occupant: 'user-2' }), sits('user-2', 1, 0))),
    ).toEqual([]);
    expect(told(prediction(predicted('seat-occupied'), sits('user-3', 1, 0)))).toEqual([]);
  });

  it('takes what was true when the call left whose answer is the evidence', () => {
    const left = sits('user-2', 1, 0, 14_000);
    expect(told(prediction(predicted('seat-occupied', { occupant: 'user-2' }), left))).toEqual([]);
  });

  it('tells it when somebody else sat there, nobody, or nobody any more', () => {
    const named = predicted('seat-occupied', { occupant: 'user-2' });
    expect(told(prediction(named, sits('user-3', 1, 0)))).toEqual(untrue('seat-occupied'));
    expect(told(prediction(predicted('seat-occupied')))).toEqual(untrue('seat-occupied'));
    expect(told(prediction(named, sits('user-2', 1, 0, 12_000)))).toEqual(untrue('seat-occupied'));
  });

  it.each([
    ['already-seated', sits('user-1', 5, 0)],
    [
      'seat-locked',
      (story: Story) => {
        story.change(0, { kind: 'seat-locked', index: 1 });
      },
    ],
    [
      'room-not-found',
      (story: Story) => {
        story.change(0, { kind: 'room-destroyed' });
      },
    ],
    [
      'not-a-member',
      (story: Story) => {
        story.change(0, { kind: 'member-left', memberAccount: 'user-1' });
      },
    ],
    ['seats-full', sits('user-2', 1, 0)],
  ])('takes %s if it was so, and tells it if it was not', (reason, happens) => {
    expect(told(prediction(predicted(reason), happens))).toEqual([]);
    expect(told(prediction(predicted(reason)))).toEqual(untrue(reason));
  });

  it('takes an absence that ended before the evidence was used', () => {
    const happens = (story: Story): void => {
      story.change(18_000, { kind: 'member-left', memberAccount: 'user-1' });
      story.change(19_800, { kind: 'member-entered', memberAccount: 'user-1' });
    };
    expect(told(prediction(predicted('not-a-member'), happens))).toEqual([]);
  });

  it('tells evidence that is too old', () => {
    const old = predicted('seat-occupied', { ageMs: 2_003 });
    expect(told(prediction(old, sits('user-2', 1, 0)))).toEqual([
      'P10 a: predicted seat-occupied from evidence 2003 ms old; 2000 ms are allowed',
    ]);
  });

  it('tells that somebody was not there for more than a second', () => {
    const left = (story: Story): void => {
      story.change(0, { kind: 'member-left', memberAccount: 'user-1' });
    };
    expect(told(prediction(predicted('not-a-member', { ageMs: 1_500 }), left))).toEqual([
      'P10 a: predicted not-a-member from evidence 1500 ms old; 1000 ms are allowed',
    ]);
  });

  it('tells a prediction without evidence, and one of anything but a rejection', () => {
    expect(told(prediction({ status: 'rejected', reason: 'seat-occupied', decidedBy: 'mirror' }))).toEqual([
      'P10 a: a prediction without evidence',
    ]);
    expect(told(prediction({ status: 'failed', decidedBy: 'mirror', evidence: evidence() }))).toEqual([
      'P10 a: failed was predicted; only rejections may be',
    ]);
  });
});
