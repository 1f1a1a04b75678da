import { wants } from '../../src/seating/seat-request.js';
import type { SeatRequest } from '../../src/seating/seat-request.js';
import { aPick, anInvalidRequest } from '../support/builders/requests.js';

/** Two requests are rivals when they want one thing. */
function areRivals(one: SeatRequest, other: SeatRequest): boolean {
  return wants(one).some((thing) => wants(other).includes(thing));
}

describe('two requests for one room', () => {
  const pick = aPick({ memberAccount: 'user2', index: 1 });

  it.each<[string, SeatRequest, boolean]>([
    ['another member for the same seat: rivals', aPick({ memberAccount: 'user3', index: 1 }), true],
    ['the same member for another seat: rivals', aPick({ memberAccount: 'user2', index: 2 }), true],
    ['another member for another seat: side by side', aPick({ memberAccount: 'user3', index: 2 }), false],
    ['a member whose name is a seat number: side by side', aPick({ memberAccount: '1', index: 2 }), false],
    [
      'a member whose name reads like a seat: side by side',
      aPick({ memberAccount: 'seat 1', index: 2 }),
      false,
    ],
    ['an invalid request for the same seat: side by side', anInvalidRequest({ index: 1 }), false],
  ])('%s', (_, request, rivals) => {
    const other = { ...request, requestId: 'req-2' };
    expect(areRivals(pick, other)).toBe(rivals);
    expect(areRivals(other, pick)).toBe(rivals);
  });

  it('of one id are rivals, whatever they ask for: the earlier one counts', () => {
    expect(areRivals(pick, aPick({ memberAccount: 'user3', index: 2 }))).toBe(true);
    expect(areRivals(pick, anInvalidRequest())).toBe(true);
  });
});
