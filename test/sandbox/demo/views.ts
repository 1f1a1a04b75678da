import type { PicturedRoom } from '../../../sandbox/demo/room-picture.js';
import type { View } from '../../../sandbox/demo/view.js';
import { doneOf, outcomeOf } from './outcomes.js';

function roomOf(
  roomId: string,
  occupants: readonly (string | null)[],
  locked: readonly number[],
): PicturedRoom {
  return {
    roomId,
    people: 21,
    seats: occupants.map((occupant, index) => ({
      occupant,
      locked: locked.includes(index),
      changed: index === 1,
    })),
  };
}

/** A moment of the demo with something in every corner. */
export const view: View = {
  uptimeMs: 83_400,
  leftMs: null,
  news: 'Aretha appears in late-night-jazz: 300 people rush for seat 1',
  rooms: [
    roomOf('late-night-jazz', ['Aretha', 'Iris.D', null, 'Tom', 'Ada', null, 'Mia', 'Ben', 'Zoe', 'Max'], []),
    roomOf('book-club', ['Simon', 'Erik', null, null, 'Jan', 'Amy', 'Omar', null], [7]),
  ],
  numbers: {
    sent: 12_345,
    outcomes: 12_300,
    open: 45,
    copies: 210,
    deadLetters: 24,
    saved: 8412,
    endings: [
      { status: 'rejected', reason: 'seat-occupied', count: 7402 },
      { status: 'done', reason: null, count: 2210 },
      { status: 'rejected', reason: 'already-seated', count: 930 },
      { status: 'rejected', reason: 'seat-locked', count: 611 },
      { status: 'rejected', reason: 'not-a-member', count: 588 },
      { status: 'expired', reason: 'deadline-passed', count: 3 },
    ],
    latency: { p50: 17.3, p99: 2140 },
  },
  calls: {
    made: 3456,
    worstSecond: 193,
    overLimit: 0,
    perSecond: [0, 0, 30, 41, 38, 44, 120, 193, 160, 51, 43, 40, 39, 47, 36, 42, 57],
  },
  latest: [
    {
      kind: 'dead-letter',
      reason: 'not-json',
      detail: 'The value is not JSON that can be relied on: it breaks off.',
    },
    { kind: 'news', text: 'Aretha appears in late-night-jazz: 300 people rush for seat 1' },
    { kind: 'outcome', outcome: doneOf({ memberAccount: 'Iris.D' }) },
    { kind: 'outcome', outcome: outcomeOf() },
    {
      kind: 'outcome',
      outcome: outcomeOf({ status: 'expired', reason: 'deadline-passed', decidedBy: 'deadline' }),
    },
  ],
  caveat: null,
};
