import type { History } from '../../../../sandbox/chaos/history.js';
import { Story, iso, lost, start, unanswered } from './histories.js';
import type { CallChoice, Wish } from './histories.js';

/** How a call may go wrong, and whether the caller can know what became of it. */
const faults: readonly {
  readonly choice: CallChoice;
  readonly executes: boolean;
  readonly lateMs: number;
}[] = [
  { choice: unanswered, executes: true, lateMs: 3 },
  { choice: lost, executes: false, lateMs: 0 },
  { choice: { ...unanswered, fault: 'late' }, executes: true, lateMs: 3_000 },
  { choice: { fault: 'http-error', httpStatus: 502, answerCode: null }, executes: true, lateMs: 3 },
  { choice: { fault: 'truncated', answerCode: null }, executes: true, lateMs: 3 },
];

interface Fact {
  readonly occupant: string;
  readonly seenAt: number;
}

/**
 * One room after the other, each served by a service that keeps its promises while calls go wrong, answers get lost, reads
 * are stale, instances die, and members come and go. Decided by the seed alone.
 */
export function randomHistory(seed: number, rooms: number, requestsARoom: number): History {
  const story = new Story(rooms);
  const random = draws(seed);
  for (let room = 0; room < rooms; room++) {
    const service = new RoomService(story, `room-${room}`, random, random() * 5_000);
    for (let each = 0; each < requestsARoom; each++) service.serve(`${room}-${each}`);
  }
  return inOrder(story.history());
}

class RoomService {
  private readonly held = new Map<number, string>();
  private readonly facts = new Map<number, Fact>();
  private readonly versions: { at: number; held: ReadonlyMap<number, string> }[] = [];
  private guests = 0;

  constructor(
    private readonly story: Story,
    private readonly roomId: string,
    private readonly random: () => number,
    private now: number,
  ) {
    this.remember();
  }

  serve(requestId: string): void {
    this.now += 200 + this.random() * 200;
    const wish = this.wish();
    const deadline = this.now + 20_000;
    const message = this.story.ask(this.now, requestId, wish, { deadline: iso(deadline) });
    if (this.draw(0.05)) this.story.send(this.now + 1, { key: message.key, value: message.value });
    if (this.draw(0.03)) this.reuse(requestId, wish);
    if (this.draw(0.03)) this.story.bury(this.now + 9, this.story.send(this.now, { value: null }), 'empty');
    if (this.draw(0.1)) this.free(Math.floor(this.random() * 8));
    this.decide(requestId, wish, deadline);
    if (this.draw(0.1)) this.copy();
  }

  private decide(requestId: string, wish: Wish, deadline: number): void {
    const fact = this.facts.get(wish.index);
    const ageMs = fact ? this.now - fact.seenAt : Infinity;
    if (fact && ageMs < 2_000 && fact.occupant !== wish.memberAccount) {
      const evidence = {
        source: 'own-call',
        ageMs: Math.round(ageMs),
        readAt: null,
        occupant: fact.occupant,
      };
      this.settle(requestId, deadline, {
        status: 'rejected',
        reason: 'seat-occupied',
        decidedBy: 'mirror',
        evidence,
      });
    } else if (this.draw(0.03)) {
      this.settle(requestId, deadline, { status: 'expired', decidedBy: 'deadline' });
    } else this.attempt(requestId, wish, deadline, 'one');
  }

  /** A call, and whatever it takes to know what became of it. */
  private attempt(requestId: string, wish: Wish, deadline: number, instanceId: string): void {
    this.now += 60;
    if (this.now >= deadline) {
      this.settle(requestId, deadline, { status: 'expired', decidedBy: 'deadline' });
      return;
    }
    if (this.draw(0.05)) {
      this.story.call(this.now, requestId, { resultCode: 60007, executedAt: null, instanceId });
      this.now += 1_000;
      this.attempt(requestId, wish, deadline, instanceId);
    } else if (this.draw(0.25)) this.unknown(requestId, wish, deadline, instanceId);
    else this.known(requestId, wish, deadline, instanceId);
  }

  private known(requestId: string, wish: Wish, deadline: number, instanceId: string): void {
    const { resultCode } = this.execute(requestId, wish, { instanceId }, 3);
    const died = this.draw(0.05);
    if (died) {
      this.now += 10_200;
      this.readBack(requestId, wish, deadline, 'two');
    } else if (resultCode === 0) {
      this.facts.set(wish.index, { occupant: wish.memberAccount, seenAt: this.now });
      this.settle(requestId, deadline, { status: 'done', decidedBy: 'tencent', code: 0 });
    } else {
      const reason = resultCode === 100203 ? 'already-seated' : 'seat-occupied';
      this.settle(requestId, deadline, { status: 'rejected', reason, decidedBy: 'tencent' });
    }
  }

  private unknown(requestId: string, wish: Wish, deadline: number, instanceId: string): void {
    const fault = faults[Math.floor(this.random() * faults.length)] as (typeof faults)[number];
    const slot = this.now;
    if (fault.executes) this.execute(requestId, wish, { instanceId, ...fault.choice }, fault.lateMs);
    else this.story.call(this.now, requestId, { instanceId, ...fault.choice });
    if (this.draw(0.3)) this.free(wish.index);
    const isThere = this.held.get(wish.index) === wish.memberAccount;
    this.now = isThere && this.draw(0.5) ? Math.max(this.now, slot + 5_500) : slot + 10_200;
    this.readBack(requestId, wish, deadline, instanceId);
  }

  /** A read, perhaps two seconds stale, and what follows from it. */
  private readBack(requestId: string, wish: Wish, deadline: number, instanceId: string): void {
    const staleMs = this.draw(0.3) ? this.random() * 2_000 : 0;
    const read = this.story.read(this.now, this.roomId, {
      instanceId,
      ...(staleMs > 0 && { fault: 'stale-read' }),
    });
    const shown = this.asOf(this.now + 3 - staleMs);
    this.now += 6;
    const readAt = (read.answeredAt ?? 0) - start;
    const occupant = shown.get(wish.index) ?? null;
    const elsewhere = [...shown.values()].includes(wish.memberAccount);
    const decided = (status: string, reason: string | null): void => {
      const evidence = { source: 'read', ageMs: 1, readAt: iso(readAt), occupant };
      this.settle(requestId, deadline, { status, reason, decidedBy: 'read-back', evidence });
    };
    if (occupant === wish.memberAccount) decided('done', null);
    else if (elsewhere) decided('rejected', 'already-seated');
    else if (occupant !== null) decided('rejected', 'seat-occupied');
    else if (this.now + 70 < deadline) this.attempt(requestId, wish, deadline, instanceId);
    else decided('expired', null);
  }

  private execute(requestId: string, { memberAccount, index }: Wish, choice: CallChoice, lateMs: number) {
    const isSeated = [...this.held.values()].includes(memberAccount);
    const resultCode = isSeated ? 100203 : this.held.has(index) ? 100210 : 0;
    const executedAt = start + this.now + lateMs;
    const answer = 'answerCode' in choice ? {} : { answerCode: resultCode };
    const call = this.story.call(this.now, requestId, { resultCode, executedAt, ...answer, ...choice });
    this.now += Math.max(6, lateMs);
    if (resultCode === 0) this.held.set(index, memberAccount);
    this.remember();
    return call;
  }

  /** A client leaves the seat. */
  private free(index: number): void {
    const memberAccount = this.held.get(index);
    if (memberAccount === undefined) return;
    this.now += 5;
    this.story.change(this.now, { kind: 'seat-left', roomId: this.roomId, index, memberAccount });
    this.held.delete(index);
    this.remember();
  }

  private settle(requestId: string, deadline: number, ending: object): void {
    this.now += 2;
    this.story.settle(this.now, requestId, { deadline: iso(deadline), ...ending });
    this.now += 5;
  }

  private reuse(requestId: string, wish: Wish): void {
    const other = { ...wish, index: wish.index + 100 };
    this.story.bury(this.now + 9, this.story.ask(this.now, requestId, other), 'request-id-reused');
    this.story.wishes.set(requestId, wish);
  }

  private copy(): void {
    const outcome = this.story.outcomes.at(-1);
    if (outcome)
      this.story.publish(this.now + 1_000, {
        key: outcome.key,
        value: outcome.value,
        headers: outcome.headers,
      });
  }

  /** Somebody new, or somebody who sits already: each with a member and a seat that nobody has asked for before. */
  private wish(): Wish {
    const { roomId } = this;
    const index = Math.floor(this.random() * 8);
    const seated = [...this.held.values()].filter((member) => !this.asked(member, index));
    const [known] = seated;
    if (known !== undefined && this.draw(0.2)) return { roomId, memberAccount: known, index };
    const memberAccount = `guest-${this.guests++}`;
    this.story.change(this.now, { kind: 'member-entered', roomId, memberAccount });
    return { roomId, memberAccount, index };
  }

  private asked(member: string, index: number): boolean {
    return [...this.story.wishes.values()].some(
      (wish) => wish.roomId === this.roomId && wish.memberAccount === member && wish.index === index,
    );
  }

  private remember(): void {
    this.versions.push({ at: this.now, held: new Map(this.held) });
  }

  private asOf(at: number): ReadonlyMap<number, string> {
    return this.versions.findLast((version) => version.at <= at)?.held ?? new Map<number, string>();
  }

  private draw(share: number): boolean {
    return this.random() < share;
  }
}

/** Calls and effects numbered in the order of time, as the twin does. */
function inOrder(history: History): History {
  const calls = [...history.calls].sort((a, b) => a.arrivedAt - b.arrivedAt);
  const numbers = new Map(calls.map((call, at) => [call.n, at + 1]));
  const effects = [...history.effects].sort((a, b) => a.at - b.at);
  return {
    ...history,
    calls: calls.map((call, at) => ({ ...call, n: at + 1 })),
    effects: effects.map((effect, at) => ({
      ...effect,
      n: at + 1,
      call: effect.call === null ? null : (numbers.get(effect.call) ?? null),
    })),
  };
}

/** Evenly in [0, 1): a linear congruential generator is even enough here. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
