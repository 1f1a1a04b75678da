import type { CallRecord } from '../../twin/journal.js';
import type { ClaimSeen, Disturbance, History } from '../history.js';
import { allowances } from './allowances.js';

interface Pair {
  readonly call: CallRecord;
  readonly claim: ClaimSeen;
}

/** Which claim each call went out under, one for one. */
export interface Paired {
  readonly pairs: readonly Pair[];
  readonly unclaimed: readonly CallRecord[];
  readonly unsent: readonly ClaimSeen[];
  /** Late because the process was stopped between its last look at the clock and the wire. */
  readonly stopped: readonly Pair[];
}

/** Nothing claimed, nothing called. */
const none: readonly never[] = [];
export const nothing: Paired = { pairs: none, unclaimed: none, unsent: none, stopped: none };

/** What the pairing needs besides calls and claims. */
type Circumstances = Pick<History, 'disturbances' | 'rules'>;

/** After its slot a call may still leave for so long: the jitter allowance, less what the clock and the path take of it. */
function graceOf({ rules }: Circumstances): number {
  return rules.jitterAllowanceMs - allowances.clockAndPathMs;
}

/**
 * Pairs calls with claims for the same thing, both in the order of time. All windows [arrival − allowance, arrival] are
 * equally long, so taking the latest claim that fits, for the latest call first, pairs as many as can be paired.
 */
export function pair(
  calls: readonly CallRecord[],
  claims: readonly ClaimSeen[],
  circumstances: Circumstances,
): Paired {
  if (calls.length === 0) return claims.length === 0 ? nothing : { ...nothing, unsent: claims };
  const latestMs = graceOf(circumstances) + allowances.pathMs;
  const pairs: Pair[] = [];
  const unclaimed: CallRecord[] = [];
  const left = [...claims];
  const unsent: ClaimSeen[] = [];
  for (const call of calls.toReversed()) {
    while ((left.at(-1)?.slotAt ?? -Infinity) > call.arrivedAt + allowances.mappingMs)
      unsent.push(...left.splice(-1));
    const claim = left.at(-1);
    if (claim === undefined || claim.slotAt < call.arrivedAt - latestMs) unclaimed.push(call);
    else {
      pairs.push({ call, claim });
      left.pop();
    }
  }
  const paired = {
    pairs: pairs.reverse(),
    unclaimed: unclaimed.reverse(),
    unsent: [...left, ...unsent.reverse()],
    stopped: none,
  };
  return unclaimed.length === 0 ? paired : excused(paired, circumstances);
}

/** The slot that a call most likely used: the last one before its arrival. */
export function slotBefore(call: CallRecord, claims: readonly ClaimSeen[]): number | null {
  return claims.findLast(({ slotAt }) => slotAt <= call.arrivedAt + allowances.mappingMs)?.slotAt ?? null;
}

/** Late calls whose process was stopped within the grace of an unused slot and went on just before they arrived. */
function excused(paired: Paired, circumstances: Circumstances): Paired {
  const graceMs = graceOf(circumstances);
  const stopped: Pair[] = [];
  for (const call of paired.unclaimed) {
    const claim = paired.unsent.find((each) =>
      circumstances.disturbances.some((pause) => delayed(call, each, pause, graceMs)),
    );
    if (claim && !stopped.some((each) => each.claim === claim)) stopped.push({ call, claim });
  }
  if (stopped.length === 0) return paired;
  return {
    ...paired,
    stopped,
    unclaimed: paired.unclaimed.filter((call) => !stopped.some((each) => each.call === call)),
    unsent: paired.unsent.filter((claim) => !stopped.some((each) => each.claim === claim)),
  };
}

function delayed(
  call: CallRecord,
  { slotAt }: ClaimSeen,
  { at, pausedUntil }: Disturbance,
  graceMs: number,
): boolean {
  const { clockMs, pathMs } = allowances;
  if (pausedUntil === undefined) return false;
  const stoppedAtIt = at >= slotAt - clockMs && at <= slotAt + graceMs + clockMs;
  return stoppedAtIt && call.arrivedAt >= pausedUntil - clockMs && call.arrivedAt <= pausedUntil + pathMs;
}
