import { Tally } from '../../../sandbox/demo/tally.js';
import { doneOf, outcomeOf } from './outcomes.js';

describe('the tally', () => {
  it('counts endings by status and reason, the most frequent first', () => {
    const tally = new Tally();
    for (const requestId of ['a', 'b']) tally.outcome(outcomeOf({ requestId }), 0);
    tally.outcome(doneOf({ requestId: 'c' }), 0);
    tally.outcome(doneOf({ requestId: 'd', reason: 'already-there' }), 0);
    expect(tally.numbers(0).endings).toEqual([
      { status: 'rejected', reason: 'seat-occupied', count: 2 },
      { status: 'done', reason: null, count: 1 },
      { status: 'done', reason: 'already-there', count: 1 },
    ]);
  });

  it('counts as saved what the mirror decided, and nothing else', () => {
    const tally = new Tally();
    tally.outcome(outcomeOf({ requestId: 'a' }), 0);
    tally.outcome(outcomeOf({ requestId: 'b', decidedBy: 'tencent' }), 0);
    tally.outcome(outcomeOf({ requestId: 'c', decidedBy: 'validation' }), 0);
    expect(tally.numbers(0)).toMatchObject({ outcomes: 3, saved: 1 });
  });

  it('tells a copy from a first outcome, and counts it apart', () => {
    const tally = new Tally();
    expect(tally.outcome(outcomeOf(), 0)).toBe(true);
    expect(tally.outcome(outcomeOf(), 1)).toBe(false);
    expect(tally.numbers(1)).toMatchObject({ outcomes: 1, copies: 1, saved: 1 });
  });

  it('knows what is open, and takes a request that is sent again for one', () => {
    const tally = new Tally();
    tally.sent('a', 0);
    tally.sent('b', 0);
    tally.outcome(outcomeOf({ requestId: 'a' }), 5);
    tally.sent('a', 9);
    tally.sent('b', 9);
    expect(tally.numbers(9)).toMatchObject({ sent: 2, outcomes: 1, open: 1 });
  });

  it('counts dead letters apart from outcomes', () => {
    const tally = new Tally();
    tally.deadLetter();
    expect(tally.numbers(0)).toMatchObject({ outcomes: 0, deadLetters: 1 });
  });

  it('measures from the first sending to the outcome, nearest rank', () => {
    const tally = new Tally();
    for (let ms = 1; ms <= 100; ms += 1) {
      tally.sent(`${ms}`, 0);
      tally.outcome(outcomeOf({ requestId: `${ms}` }), ms);
    }
    expect(tally.numbers(100).latency).toEqual({ p50: 50, p99: 99 });
  });

  it('forgets latencies that are older than ten seconds, and has none without any', () => {
    const tally = new Tally();
    tally.sent('a', 0);
    tally.outcome(outcomeOf({ requestId: 'a' }), 7);
    expect(tally.numbers(10_007).latency).toEqual({ p50: 7, p99: 7 });
    expect(tally.numbers(10_008).latency).toBeNull();
  });

  it('remembers only the latest ids, so that a demo may run for days', () => {
    const tally = new Tally();
    for (let i = 0; i <= 50_000; i += 1) tally.outcome(outcomeOf({ requestId: `${i}` }), 0);
    expect(tally.outcome(outcomeOf({ requestId: '50000' }), 0)).toBe(false);
    expect(tally.outcome(outcomeOf({ requestId: '0' }), 0)).toBe(true);
  });
});
