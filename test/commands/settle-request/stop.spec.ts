import { Stopped } from '../../../src/commands/stopped.js';
import { aPick } from '../../support/builders/requests.js';
import { Stage } from './stage.js';

let stage = new Stage();
beforeEach(() => {
  stage = new Stage();
});

describe('a stop', () => {
  it('leaves what waits for a slot as it is: nothing recorded, nothing published', async () => {
    stage.records.budget.shut();
    const settled = stage.settle(aPick());
    await stage.clock.advance(100);
    stage.instance.lanes.stop();
    await expect(settled).rejects.toThrow(Stopped);
    expect([stage.records.outcomes, stage.outcomes.published, stage.engine.arrived]).toEqual([[], [], []]);
  });

  it('lets a call in flight finish, be recorded and published', async () => {
    const answer = stage.engine.hold();
    const settled = stage.settle(aPick());
    await stage.clock.advance(100);
    stage.instance.lanes.stop();
    answer();
    expect(await stage.clock.pass(settled)).toBe('settled');
    expect(stage.outcomes.bodies()).toMatchObject([{ status: 'done' }]);
  });

  it.each(['silent', 'code'] as const)(
    'leaves a call that is not concluded claimed or released (%s)',
    async (kind) => {
      stage.engine.script(kind === 'code' ? { kind, code: 60007 } : { kind, executes: true });
      const settled = stage.settle(aPick());
      await stage.clock.advance(100);
      stage.instance.lanes.stop();
      await expect(settled).rejects.toThrow(Stopped);
      expect(await stage.records.find(aPick())).toMatchObject({
        state: kind === 'code' ? 'released' : 'claimed',
      });
      expect(stage.outcomes.published).toEqual([]);
    },
  );

  it('leaves the claim of another owner to the next one', async () => {
    const answer = stage.engine.hold();
    const first = stage.settle(aPick());
    const other = stage.start();
    await stage.clock.advance(100);
    const waiting = other.settle(aPick());
    await stage.clock.advance(1_000);
    other.lanes.stop();
    await expect(waiting).rejects.toThrow(Stopped);
    expect(await stage.records.find(aPick())).toMatchObject({ state: 'claimed' });
    answer();
    await stage.clock.pass(first);
  });

  it('gives up a claim whose call never left: the next owner neither waits nor reads, and counts one attempt', async () => {
    stage.engine.script({ kind: 'unsent' });
    stage.engine.onUnsent = () => {
      stage.records.budget.shut();
    };
    const settled = stage.settle(aPick());
    await stage.clock.advance(100);
    stage.instance.lanes.stop();
    await expect(settled).rejects.toThrow(Stopped);
    stage.records.budget.open();
    await stage.clock.pass(stage.start().settle(aPick()));
    expect(stage.outcomes.bodies()).toMatchObject([{ status: 'done', decidedBy: 'tencent', attempts: 1 }]);
    expect([stage.engine.arrived.length, stage.clock.monotonic()]).toEqual([1, 100]);
  });
});
