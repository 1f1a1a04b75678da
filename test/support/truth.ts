import type { TwinControl } from '../../sandbox/twin/client.js';
import type { CallRecord } from '../../sandbox/twin/journal.js';
import { sittingsOf } from '../../sandbox/twin/sittings.js';
import type { Sitting } from '../../sandbox/twin/sittings.js';
import type { Stage, WireOutcome } from './stage/stage.js';

/** A pick as it was sent. */
export type SentPick = ReturnType<Stage['pick']>;

/** What the twin says of one request: the calls that arrived, and the sittings that they began. */
export interface TrueStory {
  readonly calls: readonly CallRecord[];
  readonly effects: readonly Sitting[];
}

/** The twin's truth about each request. Each must have a (room, member, seat) of its own, which is how its calls are known. */
export async function truthOf(twin: TwinControl, requests: readonly SentPick[]): Promise<TrueStory[]> {
  const [calls, effects] = await Promise.all([twin.calls(), twin.effects()]);
  const stories = new Map(requests.map((request) => [keyOf(request), story()]));
  const keys = new Map<number, string>();
  for (const call of calls) {
    const key = call.command?.endsWith('pick_user_on_seat') ? keyOfBody(call.body) : '';
    keys.set(call.n, key);
    stories.get(key)?.calls.push(call);
  }
  for (const sitting of sittingsOf(effects)) {
    if (sitting.startedBy.call === null) continue;
    stories.get(keys.get(sitting.startedBy.call) ?? '')?.effects.push(sitting);
  }
  return requests.map((request) => stories.get(keyOf(request)) ?? story());
}

/** What the outcomes say against the truth, by the wording of P5: a sentence for each that is not honest. */
export function breachesOfP5(outcomes: readonly WireOutcome[], truth: readonly TrueStory[]): string[] {
  return outcomes.flatMap((outcome, at) => {
    const breach = breachOfP5(outcome, truth[at] ?? story());
    return breach === null ? [] : [`${outcome.requestId} (${outcome.reason ?? outcome.status}): ${breach}`];
  });
}

function breachOfP5(outcome: WireOutcome, { calls, effects }: TrueStory): string | null {
  const { status, decidedBy, evidence } = outcome;
  if (status === 'done') return effects.length > 0 ? null : 'done, but it had no effect';
  if (status === 'unconfirmed' || effects.length === 0) return null;
  const readAt = Date.parse(String(evidence?.['readAt']));
  if (decidedBy !== 'read-back' || Number.isNaN(readAt))
    return `${status} by ${decidedBy} without a read, but it took effect`;
  if (effects.some(({ to }) => to === null || to > readAt))
    return `${status}, but an effect stands at the read or came later`;
  return calls.every(({ executedAt }) => executedAt === null || executedAt <= readAt)
    ? null
    : `${status}, but a call could still land after the read`;
}

function story(): { calls: CallRecord[]; effects: Sitting[] } {
  return { calls: [], effects: [] };
}

function keyOf({
  roomId,
  memberAccount,
  index,
}: Pick<SentPick, 'roomId' | 'memberAccount' | 'index'>): string {
  return JSON.stringify([roomId, memberAccount, index]);
}

/** Empty as long as the body has not been read. */
function keyOfBody(body: unknown): string {
  if (body === null) return '';
  const { RoomId, Member_Account, Index } = body as {
    RoomId: string;
    Member_Account: string;
    Index: number;
  };
  return keyOf({ roomId: RoomId, memberAccount: Member_Account, index: Index });
}
