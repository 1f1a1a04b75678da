import { pick } from '../../src/seating/pick.js';
import type { Decision } from '../../src/seating/decision.js';
import { roomOf } from '../../src/seating/room.js';
import type { EvidenceSource, Freshness, KnownFact } from '../../src/seating/room.js';
import { aged, member, of, seat } from '../support/builders/facts.js';
import { aPick, arrival } from '../support/builders/requests.js';

const freshness: Freshness = { seatsMs: 60_000, absenceMs: 1_500, auditShare: 0.01 };
/** Given these facts, when user2 asks for seat 1, then … */
function decided(facts: readonly KnownFact[], changes: Partial<Freshness> = {}, now = arrival): Decision {
  return pick(aPick(), { room: roomOf(facts), now, freshness: { ...freshness, ...changes } });
}

/** The reason foretold, or what else comes of it. */
function foretold(facts: readonly KnownFact[], changes: Partial<Freshness> = {}): string | null {
  const decision = decided(facts, changes);
  if (decision.kind === 'settle') return decision.ending.reason;
  return decision.sample ? `test of ${decision.sample.reason}` : 'call';
}

const missing = of('room', 'missing');
const disabled = of('seating', 'disabled');
const absent = member('user2', 'absent');
const elsewhere = seat(4, 'held', 'user2');
const oneSeat = of('seat-count', '1');
const lockedSeat = seat(1, 'locked');
const full = of('fullness', 'full');
const occupied = seat(1, 'held', 'user7');

describe('a pick of user2 on seat 1', () => {
  it('calls Tencent for exactly what was asked while nothing is known of the room', () => {
    expect(decided([])).toEqual({
      kind: 'call',
      call: {
        command: 'pick',
        sdkAppId: 1_400_000_000,
        roomId: 'room-test',
        memberAccount: 'user2',
        index: 1,
      },
      sample: null,
    });
  });

  it('is never foretold as done: a free seat, an open room and a present member are asked', () => {
    const friendly = [
      of('room', 'exists'),
      of('seating', 'enabled'),
      of('fullness', 'open'),
      of('seat-count', '2'),
      member('user2', 'present'),
      seat(1, 'free'),
    ];
    expect(foretold(friendly)).toBe('call');
  });

  it.each<[string, KnownFact[], number, string]>([
    ['the room is missing', [missing], 100004, 'room-not-found: room room-test does not exist'],
    ['the room has no seats', [disabled], 100211, 'seats-disabled: room room-test has no seats'],
    ['the member is not in the room', [absent], 100005, 'not-a-member: user2 is not in the room'],
    ['the member sits elsewhere', [elsewhere], 100203, 'already-seated: user2 sits on seat 4'],
    [
      'the room has too few seats',
      [oneSeat],
      100002,
      'no-such-seat: the room has 1 seats, numbered from 0; there is no seat 1',
    ],
    ['the seat is locked', [lockedSeat], 100200, 'seat-locked: seat 1 is locked'],
    ['the room is full', [full, occupied], 100205, 'seats-full: no seat of room room-test is free'],
    ['another holds the seat', [occupied], 100210, 'seat-occupied: seat 1 is held by user7'],
  ])('when %s: refused from that fact, with the code that was avoided', (_, facts, code, words) => {
    const [premise] = facts;
    const [reason, message] = words.split(': ');
    expect(decided(facts)).toEqual({
      kind: 'settle',
      premise,
      ending: {
        status: 'rejected',
        reason,
        code,
        message,
        decidedBy: 'mirror',
        evidence: { source: 'own-call', ageMs: 1_000, readAt: null, occupant: premise?.occupant },
        tencentRequestId: null,
      },
    });
  });

  it.each([
    ['an unknown room state', of('room', 'unknown')],
    ['unknown seating', of('seating', 'unknown')],
    ['an unknown membership', member('user2', 'unknown')],
    ['an unknown seat', seat(1, 'unknown')],
    ['an unknown number of seats', of('seat-count', 'unknown')],
    ['unknown fullness', of('fullness', 'unknown')],
    ['the absence of somebody else', member('user3', 'absent')],
    ['the lock of another seat', seat(2, 'locked')],
    ['somebody else on another seat', seat(2, 'held', 'user7')],
    ['a member who is said to sit on an unknown seat', { ...seat(4, 'unknown'), occupant: 'user2' }],
    ['as many seats as are needed', of('seat-count', '2')],
  ])('is not refused because of %s', (_, fact) => {
    expect(foretold([fact])).toBe('call');
  });

  it('is asked when somebody unknown holds the seat: it may be the member', () => {
    expect(foretold([seat(1, 'held', null)])).toBe('call');
  });

  it('is asked when the member holds that very seat, even in a full room: only Tencent may say so', () => {
    expect(foretold([seat(1, 'held', 'user2')])).toBe('call');
    expect(foretold([full, seat(1, 'held', 'user2')])).toBe('call');
  });

  it('is refused as full only when it is known who holds the seat', () => {
    expect(foretold([full])).toBe('call');
    expect(foretold([full, seat(1, 'held', null)])).toBe('call');
    expect(foretold([full, aged(occupied, freshness.seatsMs + 1)])).toBe('call');
    expect(foretold([full, occupied])).toBe('seats-full');
  });

  it('expires without a look at the room from its deadline on', () => {
    const { deadline } = aPick();
    expect(decided([missing], {}, deadline - 1)).not.toMatchObject({ ending: { status: 'expired' } });
    expect(decided([missing], {}, deadline)).toMatchObject({
      kind: 'settle',
      premise: null,
      ending: {
        status: 'expired',
        reason: 'deadline-passed',
        decidedBy: 'deadline',
        evidence: null,
        code: null,
      },
    });
  });
});

describe('the evidence a refusal names', () => {
  it.each<[EvidenceSource, number | null]>([
    ['own-call', null],
    ['rejection', null],
    ['read', arrival - 1_000],
  ])('from %s carries the time of a read, and of nothing else', (source, readAt) => {
    const fact = { ...occupied, evidence: { ...occupied.evidence, source } };
    expect(decided([fact])).toMatchObject({
      ending: { evidence: { source, ageMs: 1_000, readAt, occupant: 'user7' } },
    });
  });

  it('has an age in whole milliseconds, and is never younger than now', () => {
    expect(decided([aged(occupied, 412.4)])).toMatchObject({ ending: { evidence: { ageMs: 412 } } });
    expect(decided([aged(occupied, -30)])).toMatchObject({ ending: { evidence: { ageMs: 0 } } });
  });
});

describe('how old evidence may be', () => {
  const bySeats = [
    ['seats-disabled', [disabled]],
    ['already-seated', [elsewhere]],
    ['no-such-seat', [oneSeat]],
    ['seat-locked', [lockedSeat]],
    ['seat-occupied', [occupied]],
  ] as const;

  it.each(bySeats)('%s: up to the age for seats, and not a millisecond longer', (reason, facts) => {
    const at = (ageMs: number): KnownFact[] => facts.map((fact) => aged(fact, ageMs));
    expect(foretold(at(freshness.seatsMs))).toBe(reason);
    expect(foretold(at(freshness.seatsMs + 1))).toBe('call');
  });

  it('seats-full: up to the age for seats, and not a millisecond longer', () => {
    expect(foretold([aged(full, freshness.seatsMs), occupied])).toBe('seats-full');
    expect(foretold([aged(full, freshness.seatsMs + 1), occupied])).toBe('seat-occupied');
  });

  it.each([
    ['room-not-found', missing],
    ['not-a-member', absent],
  ] as const)('%s: up to the age for absence, and not a millisecond longer', (reason, fact) => {
    expect(foretold([aged(fact, freshness.absenceMs)])).toBe(reason);
    expect(foretold([aged(fact, freshness.absenceMs + 1)])).toBe('call');
  });

  it('counts from the end of the interval in which it was seen', () => {
    const slow = {
      ...occupied,
      evidence: { ...occupied.evidence, from: arrival - 90_000, to: arrival - 60_000 },
    };
    expect(foretold([slow])).toBe('seat-occupied');
  });

  it('lets an old fact about the member’s seat pass and goes on to the next one', () => {
    expect(foretold([aged(seat(3, 'held', 'user2'), 60_001), elsewhere])).toBe('already-seated');
  });
});

describe('of several refusals', () => {
  const inOrder: readonly KnownFact[] = [missing, disabled, absent, elsewhere, oneSeat, lockedSeat, full];
  const reasons = [
    'room-not-found',
    'seats-disabled',
    'not-a-member',
    'already-seated',
    'no-such-seat',
    'seat-locked',
  ];

  it.each(reasons.map((reason, at) => [reason, at] as const))(
    '%s is named first when no earlier check refuses',
    (reason, at) => {
      expect(foretold([...inOrder.slice(at)].reverse())).toBe(reason);
    },
  );

  it('seats-full is named before seat-occupied', () => {
    expect(foretold([occupied, full])).toBe('seats-full');
  });
});

describe('the sampling of evidence', () => {
  const drawing = (draw: number | null): KnownFact => ({ ...occupied, draw });

  it('sends a prediction to Tencent when the draw of its evidence lies below the share', () => {
    const fact = drawing(0.0099);
    expect(decided([fact])).toMatchObject({ kind: 'call', sample: { fact, reason: 'seat-occupied' } });
  });

  it('records the prediction when the draw lies at the share or above', () => {
    expect(foretold([drawing(0.01)])).toBe('seat-occupied');
    expect(foretold([drawing(0.99)])).toBe('seat-occupied');
  });

  it('records the prediction once the draw is spent, whatever the share', () => {
    expect(foretold([drawing(null)], { auditShare: 1 })).toBe('seat-occupied');
  });

  it('tests every piece of evidence at a share of 1, and none at 0', () => {
    expect(foretold([drawing(0.999)], { auditShare: 1 })).toBe('test of seat-occupied');
    expect(foretold([drawing(0)], { auditShare: 0 })).toBe('seat-occupied');
  });

  it('draws with the fact that the refusal rests on, not with another', () => {
    expect(foretold([{ ...full, draw: 0.5 }, drawing(0)])).toBe('seats-full');
    expect(foretold([{ ...full, draw: 0 }, drawing(0.5)])).toBe('test of seats-full');
  });

  it('tests nothing when there was nothing to foretell', () => {
    expect(decided([{ ...seat(1, 'free'), draw: 0 }])).toMatchObject({ kind: 'call', sample: null });
  });

  it('tests nothing after the deadline', () => {
    expect(decided([drawing(0)], { auditShare: 1 }, aPick().deadline)).toMatchObject({
      ending: { status: 'expired' },
    });
  });
});
