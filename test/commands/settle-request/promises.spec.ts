import fc from 'fast-check';
import type { Outcome } from '../../../src/seating/outcome.js';
import type { PickRequest } from '../../../src/seating/seat-request.js';
import { pickOf } from '../../support/builders/requests.js';
import type { Script } from '../../support/fakes/fake-room-engine.js';
import { Stage } from './stage.js';

/** What may become of a call or a read: nothing special, or one of these. */
const script = fc.constantFrom<Script>(
  { kind: 'unsent' },
  { kind: 'silent', executes: true },
  { kind: 'silent', executes: false },
  { kind: 'code', code: 60007 },
  { kind: 'code', code: 70001 },
  { kind: 'code', code: 100001 },
  { kind: 'code', code: 99999, executes: true },
  { kind: 'code', code: 99999 },
);
const asked = fc.record({
  member: fc.integer({ min: 1, max: 6 }),
  seat: fc.integer({ min: 0, max: 5 }),
  deadlineMs: fc.constantFrom(-1, 500, 5_000, 30_000, 60_000),
});
const scripts = fc.array(script, { maxLength: 8 });

const areRivals = (one: PickRequest, other: PickRequest): boolean =>
  one.index === other.index || one.memberAccount === other.memberAccount;

/** Watches what the story does, and collects what it must never do. */
class Watched extends Stage {
  readonly broken: string[] = [];
  private readonly settledIds: string[] = [];

  constructor(private readonly requests: readonly PickRequest[]) {
    super();
    this.records.onOutcome = (outcome) => {
      this.judge(outcome);
    };
    this.engine.onSent = ({ memberAccount, index }, sentAt) => {
      const mayBe = requests.filter((each) => each.memberAccount === memberAccount && each.index === index);
      if (mayBe.every(({ deadline }) => sentAt >= deadline)) this.broken.push('called after the deadline');
    };
  }

  /** Nobody leaves a seat here, so what is seated was seated by a pick. */
  private judge({ request: { requestId }, status, decidedBy }: Outcome): void {
    const request = this.requests.find((each) => each.requestId === requestId);
    const isSeated = request !== undefined && this.room.seats[request.index] === request.memberAccount;
    if (status === 'done' && !isSeated) this.broken.push(`${requestId} done without an effect`);
    const denies = status === 'rejected' || status === 'failed' || decidedBy === 'read-back';
    if (denies && status !== 'done' && isSeated) this.broken.push(`${requestId} ${status} with an effect`);
    if (this.settledIds.includes(requestId)) this.broken.push(`${requestId} settled twice`);
    this.settledIds.push(requestId);
  }

  /** Whoever was settled before a rival that came earlier; only an expired one may be. */
  overtaken(): string[] {
    const { outcomes } = this.records;
    return outcomes.flatMap(({ request, status }, at) =>
      status === 'expired'
        ? []
        : outcomes
            .slice(at + 1)
            .filter(
              (later) =>
                later.status !== 'expired' && this.cameBefore(later.request.requestId, request.requestId),
            )
            .map((later) => `${request.requestId} overtook ${later.request.requestId}`),
    );
  }

  private cameBefore(earlier: string, later: string): boolean {
    const at = (id: string): number => this.requests.findIndex(({ requestId }) => requestId === id);
    const [one, other] = [this.requests[at(earlier)], this.requests[at(later)]];
    return one !== undefined && other !== undefined && at(earlier) < at(later) && areRivals(one, other);
  }
}

describe('whatever is asked, and whatever Tencent makes of it', () => {
  async function watch(
    wishes: readonly { member: number; seat: number; deadlineMs: number }[],
    happenings: readonly Script[],
    instances = 1,
  ): Promise<Watched> {
    const requests = wishes.map(({ member, seat, deadlineMs }, at) =>
      pickOf(`r${at}`, `user${member}`, seat, deadlineMs),
    );
    const stage = new Watched(requests);
    stage.engine.script(...happenings);
    const others = Array.from({ length: instances - 1 }, () => stage.start());
    const all = [stage.instance, ...others].flatMap((instance) =>
      requests.map((each) => instance.settle(each)),
    );
    await stage.clock.pass(Promise.all(all), 300_000);
    return stage;
  }

  it('every request ends in one outcome that tells the truth, rivals in topic order, no call after its deadline', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { minLength: 1, maxLength: 12 }),
        scripts,
        async (wishes, happenings) => {
          const stage = await watch(wishes, happenings);
          expect(stage.broken).toEqual([]);
          expect(stage.overtaken()).toEqual([]);
          const ids = stage.outcomes.bodies().map(({ requestId }) => String(requestId));
          expect([...ids].sort()).toEqual(wishes.map((_, at) => `r${at}`).sort());
        },
      ),
      { numRuns: 150 },
    );
  });

  it('no call is made without a claim of its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { minLength: 1, maxLength: 8 }),
        scripts,
        async (wishes, happenings) => {
          const { effects } = await watch(wishes, happenings);
          const count = (what: string): number => effects.filter((effect) => effect.startsWith(what)).length;
          expect(count('call ')).toBe(count('claim '));
          let open = 0;
          for (const effect of effects) {
            if (effect.startsWith('claim ')) open += 1;
            if (effect.startsWith('call ')) open -= 1;
            expect(open).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('nothing is published before it is recorded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { minLength: 1, maxLength: 8 }),
        scripts,
        async (wishes, happenings) => {
          const { effects } = await watch(wishes, happenings);
          for (const [at, effect] of effects.entries()) {
            if (!effect.startsWith('publish ')) continue;
            const id = effect.split(' ')[1];
            const before = effects.slice(0, at).map((each) => each.split(' '));
            expect(before.some(([what, of]) => (what === 'record' || what === 'settle') && of === id)).toBe(
              true,
            );
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('two owners of one partition publish the same bytes, from one record', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { minLength: 1, maxLength: 6 }),
        scripts,
        async (wishes, happenings) => {
          const stage = await watch(wishes, happenings, 2);
          expect(stage.broken).toEqual([]);
          expect(stage.records.outcomes).toHaveLength(wishes.length);
          expect(new Set(stage.outcomes.published.map(({ value }) => value.toString())).size).toBe(
            wishes.length,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
