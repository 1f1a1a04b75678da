import { DeadlineWatch } from '../../src/commands/deadline-watch.js';
import { arrival } from '../support/builders/requests.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fakes/fake-clock.js';

/** A watch over deadlines so many milliseconds after `arrival`; `passed` lists those that were told. */
function watching(...deadlines: readonly number[]) {
  const clock = new FakeClock();
  const watch = new DeadlineWatch(clock);
  const passed: number[] = [];
  const add = (ms: number): (() => void) => watch.after(arrival + ms, () => passed.push(ms));
  const forget = deadlines.map(add);
  const told = (count: number): Promise<void> =>
    eventually(() => passed.length >= count, { within: 3_000, what: `${count} deadlines told` });
  return { clock, passed, add, forget, told };
}

describe('the watch over deadlines', () => {
  it('tells a deadline once it has passed, and none that has not', async () => {
    const { clock, passed, told, forget } = watching(200, 1_000);
    await clock.advance(300);
    await told(1);
    expect(passed).toEqual([200]);
    forget[1]?.();
  });

  it('never tells one at the deadline itself or earlier', async () => {
    const { clock, passed, add, told, forget } = watching(120);
    await clock.advance(120);
    // This one shows that the watch has looked since.
    add(-1_000);
    await told(1);
    expect(passed).toEqual([-1_000]);
    forget[0]?.();
  });

  it('tells several in their order', async () => {
    const { clock, passed, told } = watching(700, 100, 400, -50);
    await clock.advance(5_000);
    await told(4);
    expect(passed).toEqual([-50, 100, 400, 700]);
  });

  it('tells one that has passed before it was added', async () => {
    const { passed, told } = watching(-10_000);
    await told(1);
    expect(passed).toEqual([-10_000]);
  });

  it('tells nothing that was forgotten, and forgets twice without harm', async () => {
    const { clock, passed, forget, told } = watching(100, 101, 102);
    forget[1]?.();
    forget[1]?.();
    await clock.advance(1_000);
    await told(2);
    expect(passed).toEqual([100, 102]);
  });

  it('goes on after all were told', async () => {
    const { clock, passed, add, told } = watching(100);
    await clock.advance(200);
    await told(1);
    add(300);
    await clock.advance(200);
    await told(2);
    expect(passed).toEqual([100, 300]);
  });

  it('is not late when the database’s clock was set back', async () => {
    const { clock, passed, add, told } = watching(60_000);
    clock.step(61_000);
    await told(1);
    clock.step(-61_000);
    add(500);
    await clock.advance(600);
    await told(2);
    expect(passed).toEqual([60_000, 500]);
  });
});
