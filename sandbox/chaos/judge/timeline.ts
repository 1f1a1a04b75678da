import type { CallRecord, Effect } from '../../twin/journal.js';
import type { ClaimSeen, TopicMessage } from '../history.js';
import type { Ask } from './ask.js';
import type { Breach } from './breach.js';
import type { Ledger } from './ledger.js';
import { shortened, written } from './timeline-lines.js';
import type { Line } from './timeline-lines.js';
import { placeOf } from './place.js';

/** So much of what happened around it is shown before and after, milliseconds. */
const aroundMs = { withRequest: 3_000, without: 1_500 };

/** Everything that bears on a breach, oldest first. */
export function timelineOf(breach: Breach, ledger: Ledger): string[] {
  const own = breach.ask ? ofAsk(breach.ask, ledger) : ofId(breach, ledger);
  const moments = [...own.map(({ at }) => at), ...(breach.at === null ? [] : [breach.at])];
  const around = breach.ask ? aroundMs.withRequest : aroundMs.without;
  if (moments.length === 0) return [];
  const from = moments.reduce((least, at) => Math.min(least, at)) - around;
  const to = moments.reduce((most, at) => Math.max(most, at)) + around;
  const context = [
    ...ofRoom(breach, ledger),
    ...disturbances(ledger),
    ...(own.length > 0 ? [] : callsOf(breach, ledger)),
  ];
  return written(shortened([...own, ...context.filter(({ at }) => at >= from && at <= to)]));
}

function ofAsk(ask: Ask, ledger: Ledger): Line[] {
  const { messages, paired, calls, claims, memberAccount, index, roomId, requestId } = ask;
  const claimOf = new Map([...paired.pairs, ...paired.stopped].map(({ call, claim }) => [call, claim]));
  const wish = `${String(memberAccount)} on seat ${String(index)} of ${roomId}`;
  return [
    ...messages.map((message) =>
      own(message.timestamp, `asked in ${placeOf(message)}: ${wish} (${requestId})`),
    ),
    ...otherContents(ask, ledger),
    ...claims.map(claimLine),
    ...calls.flatMap((call) => callLines(call, claimOf.get(call) ?? null)),
    ...answers(requestId, ledger),
    ...messages.flatMap((message) => (ledger.deadLetters.get(placeOf(message)) ?? []).map(letterLine)),
  ];
}

/** Messages that used the id for something else. */
function otherContents(ask: Ask, { asksById }: Ledger): Line[] {
  return (asksById.get(ask.requestId) ?? [])
    .filter((other) => other !== ask)
    .flatMap(({ messages, memberAccount, index }) =>
      messages.map((message) =>
        own(
          message.timestamp,
          `its id used in ${placeOf(message)} for ${String(memberAccount)} on seat ${String(index)}`,
        ),
      ),
    );
}

function ofId({ requestId }: Breach, ledger: Ledger): Line[] {
  return requestId === null ? [] : answers(requestId, ledger);
}

function answers(requestId: string, { outcomes, rows }: Ledger): Line[] {
  const outcome = outcomes.get(requestId);
  const recorded = (rows.get(requestId) ?? []).map((row) => own(row.committedAt, 'recorded'));
  if (!outcome) return recorded;
  const { status, reason, decidedBy, evidence, settledAt, deadline, copies } = outcome;
  const seen =
    evidence &&
    `evidence ${evidence.source}, ${evidence.ageMs} ms old, occupant ${String(evidence.occupant)}`;
  return [
    ...recorded,
    own(settledAt, `settled: ${status} ${reason ?? ''} by ${decidedBy}; ${seen ?? 'no evidence'}`),
    ...(evidence?.readAt ? [own(evidence.readAt, 'the read that it cites ended')] : []),
    own(deadline, 'its deadline'),
    ...copies.map((copy, at) => own(copy.timestamp, `outcome, copy ${at + 1}, at ${placeOf(copy)}`)),
  ];
}

function claimLine({ committedAt, slotAt, attempt, instanceId, nonce }: ClaimSeen): Line {
  const ahead = (slotAt - committedAt).toFixed(1);
  return own(
    committedAt,
    `claimed: attempt ${String(attempt)}, slot ${iso(slotAt)} (${ahead} ms ahead), by ${instanceId}, nonce ${nonce}`,
  );
}

function callLines(call: CallRecord, claim: ClaimSeen | null): Line[] {
  const { n, arrivedAt, executedAt, answeredAt, resultCode, answerCode, httpStatus, fault, overLimit } = call;
  const slot = claim
    ? `${(arrivedAt - claim.slotAt).toFixed(1)} ms after its slot`
    : 'without a claim in time';
  const met = `${fault === null ? '' : `, fault ${fault}`}${overLimit ? ', over the limit' : ''}`;
  return [
    own(arrivedAt, `call ${n} arrived, ${slot}${met}`),
    ...(executedAt === null ? [] : [own(executedAt, `call ${n} executed: ${String(resultCode)}`)]),
    ...(answeredAt === null
      ? []
      : [own(answeredAt, `call ${n} answered: HTTP ${String(httpStatus)}, code ${String(answerCode)}`)]),
  ];
}

/** What happened in the room: to the seat and the member if there are any, and every read. */
function ofRoom({ ask, roomId }: Breach, { rooms, reads }: Ledger): Line[] {
  const room = ask?.roomId ?? roomId;
  if (room === null) return [];
  const concerned = (rooms.get(room)?.effects ?? []).filter((effect) => concerns(effect, ask));
  return [
    ...concerned.map(({ at, kind, index, memberAccount, by, call }) =>
      context(
        at,
        `${kind} ${String(index)} ${String(memberAccount)}, by ${by}${call === null ? '' : ` (call ${call})`}`,
      ),
    ),
    ...(reads.get(room) ?? []).map(readLine),
  ];
}

function concerns({ index, memberAccount, kind }: Effect, ask: Ask | null): boolean {
  if (!ask || kind.startsWith('room-')) return true;
  return index === ask.index || memberAccount === ask.memberAccount;
}

function readLine({ n, arrivedAt, executedAt, answeredAt, answerCode, fault }: CallRecord): Line {
  const when = (at: number | null): string => (at === null ? 'never' : iso(at));
  const met = fault === null ? '' : `, fault ${fault}`;
  return context(
    arrivedAt,
    `read ${n} of the seats arrived; executed ${when(executedAt)}, answered ${when(answeredAt)} with ${String(answerCode)}${met}`,
  );
}

function disturbances({ history }: Ledger): Line[] {
  return history.disturbances.map(({ at, what }) => context(at, `— ${what}`));
}

function callsOf({ at }: Breach, { history }: Ledger): Line[] {
  if (at === null) return [];
  return history.calls
    .filter(({ arrivedAt }) => Math.abs(arrivedAt - at) <= aroundMs.without)
    .map(({ n, arrivedAt, command }) => context(arrivedAt, `call ${n} (${String(command)}) arrived`));
}

function letterLine({ timestamp, headers }: TopicMessage): Line {
  return own(timestamp, `dead letter: ${headers['dl_reason']?.toString() ?? 'no reason'}`);
}

function own(at: number, text: string): Line {
  return { at, text, isOwn: true };
}

function context(at: number, text: string): Line {
  return { at, text, isOwn: false };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
