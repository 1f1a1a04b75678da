import type { CallRecord } from '../../twin/journal.js';
import type { ClaimSeen } from '../history.js';
import { allowances } from './allowances.js';
import type { Ask } from './ask.js';
import { breach } from './breach.js';
import type { Breach } from './breach.js';
import type { Ledger } from './ledger.js';
import type { Paired } from './pairing.js';

/**
 * P4: "No call without a committed *claim*: a write-ahead record of the attempt, with its slot and its send-by time." And
 * of the gate: "each is sent within a short grace of its slot or never".
 */
export function judgeClaims(ledger: Ledger): Breach[] {
  return [
    ...ledger.asks.flatMap((ask) => ofPaired(ask.paired, ask)),
    ...ledger.others.flatMap((paired) => ofPaired(paired, null)),
    ...ledger.strays.map((call) => told(call, `a call that no request asked for: ${nameOf(call)}`, null)),
    ...ledger.strayClaims.map(({ requestId, nonce, slotAt, roomId }) =>
      breach('P4', `claim ${nonce} is for a request that nobody made`, { requestId, roomId, at: slotAt }),
    ),
  ];
}

function ofPaired({ pairs, unclaimed, unsent }: Paired, ask: Ask | null): Breach[] {
  const found: Breach[] = [];
  for (const call of unclaimed) found.push(told(call, unclaimedWords(call, unsent), ask));
  for (const { call, claim } of pairs) {
    const early = claim.committedAt - call.arrivedAt - allowances.roundingMs;
    if (early > 0)
      found.push(
        told(call, `${nameOf(call)} arrived ${early.toFixed(1)} ms before its claim was committed`, ask),
      );
  }
  return found;
}

/** A slot that was due long before and never used was most likely used late. */
function unclaimedWords(call: CallRecord, unsent: readonly ClaimSeen[]): string {
  const claim = unsent.findLast(({ slotAt }) => slotAt < call.arrivedAt);
  if (!claim) return `${nameOf(call)} arrived without a claim`;
  const late = (call.arrivedAt - claim.slotAt).toFixed(0);
  return `late slot sent: ${nameOf(call)} arrived ${late} ms after the slot of its claim`;
}

function told(call: CallRecord, what: string, ask: Ask | null): Breach {
  const room = (call.body as { RoomId?: unknown } | null)?.RoomId;
  const roomId = typeof room === 'string' ? room : null;
  return { ...breach('P4', what, { roomId, at: call.arrivedAt }), ask, requestId: ask?.requestId ?? null };
}

function nameOf({ n, command }: CallRecord): string {
  return `call ${n} (${command ?? 'an unknown command'})`;
}
