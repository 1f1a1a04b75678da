import type { Effect } from '../../../sandbox/twin/journal.js';
import { sittingsOf } from '../../../sandbox/twin/sittings.js';

function effect(
  kind: Effect['kind'],
  at: number,
  memberAccount: string | null,
  index: number | null,
): Effect {
  return { n: at, at, kind, sdkAppId: 1, roomId: 'r', memberAccount, index, by: 'test', call: at };
}

describe('effects told as sittings', () => {
  it('say who sat where from when to when, and why', () => {
    const told = sittingsOf([
      effect('member-entered', 1, 'ann', null),
      effect('seat-taken', 2, 'ann', 0),
      effect('seat-taken', 3, 'bob', 1),
      effect('seat-left', 4, 'ann', 0),
      effect('seat-locked', 5, null, 0),
    ]);
    expect(told).toMatchObject([
      { memberAccount: 'ann', index: 0, from: 2, to: 4, startedBy: { call: 2 }, endedBy: { call: 4 } },
      { memberAccount: 'bob', index: 1, from: 3, to: null, endedBy: null },
    ]);
  });
});
