import type { Prediction, Recorded } from '../../src/postgres/predictions.js';
import { StaleRooms } from '../../src/postgres/stale-rooms.js';
import { aPick } from '../support/builders/requests.js';
import { aSettlement } from '../support/builders/settlements.js';

describe('stale rooms', () => {
  let rooms: StaleRooms;
  let recorded: string[];

  beforeEach(() => {
    rooms = new StaleRooms();
    recorded = [];
  });

  const number = (requestId: string, roomId = 'room-test') =>
    rooms.number({ settlement: aSettlement(aPick({ requestId, roomId })), premise: null });
  const run = (batch: ReturnType<typeof number>[], ...answers: Recorded[]): Promise<Recorded[]> =>
    rooms.run(batch, (fit: readonly Prediction[]) => {
      recorded.push(...fit.map(({ settlement }) => settlement.request.requestId));
      return Promise.resolve(fit.map((_, at) => answers[at] ?? 'recorded'));
    });

  it('leave a batch alone while nothing is stale', async () => {
    expect(await run([number('1'), number('2')])).toEqual(['recorded', 'recorded']);
    expect(await run([number('3')], 'known')).toEqual(['known']);
  });

  it('send back what was decided before the answer came, without asking the database', async () => {
    const first = number('1');
    const [waiting, elsewhere] = [number('2'), number('3', 'another room')];
    expect(await run([first], 'stale')).toEqual(['stale']);
    expect(await run([waiting, elsewhere])).toEqual(['stale', 'recorded']);
    expect(recorded).toEqual(['1', '3']);
  });

  it('take what was decided after everything from before was sent back', async () => {
    await run([number('1')], 'stale');
    expect(await run([number('1'), number('2')])).toEqual(['recorded', 'recorded']);
  });

  it('send back as well who was decided behind one that goes back without having been told yet', async () => {
    const first = number('1');
    const waiting = number('2');
    await run([first], 'stale');
    // Decided since then: "2" still counts as passed. It must not be recorded ahead of it.
    const behind = number('3');
    expect(await run([waiting, behind])).toEqual(['stale', 'stale']);
    expect(await run([number('2'), number('3')])).toEqual(['recorded', 'recorded']);
    expect(recorded).toEqual(['1', '2', '3']);
  });

  it('send back as well who was decided while the batch was under way', async () => {
    const first = number('1');
    const waiting = number('2');
    await run([first], 'stale');
    const late: ReturnType<typeof number>[] = [];
    const elsewhere = number('4', 'another room');
    await rooms.run([waiting, elsewhere], (fit: readonly Prediction[]) => {
      late.push(number('3'));
      return Promise.resolve(fit.map((): Recorded => 'recorded'));
    });
    expect(await run(late)).toEqual(['stale']);
  });

  it('remember over several batches, until everything from before the answer is through', async () => {
    const waiting = ['1', '2', '3', '4'].map((id) => number(id));
    await run(waiting.slice(0, 1), 'stale');
    expect(await run(waiting.slice(1, 2))).toEqual(['stale']);
    expect(await run(waiting.slice(2))).toEqual(['stale', 'stale']);
    expect(recorded).toEqual(['1']);
  });

  it('remember for one that was kept back while younger ones went by', async () => {
    const first = number('1');
    const keptBack = number('2');
    const younger = number('3');
    await run([first], 'known');
    expect(await run([younger, number('4', 'another room')])).toEqual(['stale', 'recorded']);
    expect(await run([keptBack])).toEqual(['stale']);
    expect(await run([number('1')])).toEqual(['recorded']);
  });
});
