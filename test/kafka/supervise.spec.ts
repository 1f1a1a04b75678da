import { supervise } from '../../src/kafka/supervise.js';
import { FastClock } from './clocks.js';

const patience = { attempts: 4, firstWaitMs: 1_000, longestWaitMs: 3_000, healthyAfterMs: 60_000 };

describe('supervising', () => {
  it('runs again with growing waits, and gives up with the last reason', async () => {
    const clock = new FastClock();
    const told: string[] = [];
    let runs = 0;
    const reason = await supervise(
      () => Promise.resolve(new Error(`end ${(runs += 1)}`)),
      (error, attempt) => told.push(`${attempt}: ${error.message}`),
      clock,
      new AbortController().signal,
      patience,
    );
    expect(reason?.message).toBe('end 4');
    expect(told).toEqual(['1: end 1', '2: end 2', '3: end 3', '4: end 4']);
    expect(clock.waits).toEqual([1_000, 2_000, 3_000]);
  });

  it('begins to count anew after a healthy while', async () => {
    const clock = new FastClock();
    const attempts: number[] = [];
    await supervise(
      () => {
        if (attempts.length === 2) clock.advance(60_000);
        return Promise.resolve(new Error('end'));
      },
      (_, attempt) => attempts.push(attempt),
      clock,
      new AbortController().signal,
      patience,
    );
    expect(attempts).toEqual([1, 2, 1, 2, 3, 4]);
  });

  it('ends quietly on a stop', async () => {
    const stopping = new AbortController();
    const told: Error[] = [];
    const run = (): Promise<Error> => {
      stopping.abort();
      return Promise.resolve(new Error('stopped'));
    };
    expect(
      await supervise(run, (error) => told.push(error), new FastClock(), stopping.signal, patience),
    ).toBeNull();
    expect(told).toEqual([]);
  });
});
