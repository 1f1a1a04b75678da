import { allowances } from './allowances.js';
import type { Ask, Take } from './ask.js';
import { breachOf } from './breach.js';
import type { Breach } from './breach.js';
import { toldOf } from './codes.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from './read-outcome.js';
import { shownTimes } from './shown-times.js';
import { claimedTruth } from './claimed-truth.js';

const { clockMs, pathMs } = allowances;

/**
 * P5: "`done` means the effect was seen. `rejected` and `expired` mean that this request took no effect; after an unknown
 * attempt (`decidedBy: read-back`) they mean that no effect stands at `evidence.readAt` and none can still land."
 */
export function judgeEffects(ledger: Ledger): Breach[] {
  return ledger.asks
    .filter(({ shared, paired }) => !shared && paired.stopped.length === 0)
    .flatMap((ask) => ofAsk(ask, ledger));
}

function ofAsk(ask: Ask, ledger: Ledger): Breach[] {
  const { outcome, takes } = ask;
  const found = twice(ask, ledger);
  if (!outcome) {
    const [take] = takes;
    return take
      ? [...found, breachOf('P5', ask, 'an effect of a message without outcome', take.effect.at)]
      : found;
  }
  if (outcome.status === 'done') return [...found, ...ofDone(ask, outcome, ledger)];
  // Nobody knows: the status says so.
  if (outcome.status === 'unconfirmed') return found;
  return [
    ...found,
    ...(outcome.decidedBy === 'read-back'
      ? ofReadBack(ask, outcome, ledger)
      : ofRefusal(ask, outcome, ledger)),
  ];
}

/** A request may take effect once; again only if the first effect was gone, by another's hand, when the seats were read back. */
function twice(ask: Ask, ledger: Ledger): Breach[] {
  const { takes } = ask;
  return takes.slice(1).flatMap((take, at) => {
    const before = takes[at];
    if (before && wasGone(before, take.call.arrivedAt, ask, ledger)) return [];
    return [breachOf('P5', ask, 'two effects of one request', take.effect.at)];
  });
}

function ofDone(ask: Ask, outcome: Outcome, ledger: Ledger): Breach[] {
  const { settledAt, evidence, decidedBy } = outcome;
  if (decidedBy === 'tencent' && outcome.reason === null) {
    if (ask.takes.some(({ effect }) => effect.at <= settledAt + clockMs)) return [];
    return [breachOf('P5', ask, 'done, but no call of the request had taken the seat', settledAt)];
  }
  const seat = ledger.rooms.get(ask.roomId)?.seat(outcome.index ?? -1);
  const times = shownTimes(ask.roomId, evidence?.readAt ?? settledAt, ledger);
  const wasThere = times.some(({ from, to }) => seat?.everTrue(from, to, ask.memberAccount));
  if (wasThere && (decidedBy === 'tencent' || decidedBy === 'read-back')) return [];
  return [
    breachOf(
      'P5',
      ask,
      `done by ${decidedBy}, but the member was not on the seat that was read`,
      evidence?.readAt,
    ),
  ];
}

function ofRefusal(ask: Ask, outcome: Outcome, ledger: Ledger): Breach[] {
  const { status, decidedBy, settledAt } = outcome;
  return ask.takes
    .filter((take) => !wasGone(take, settledAt, ask, ledger))
    .map(({ effect }) =>
      breachOf('P5', ask, `${status} by ${decidedBy}, but the request took effect`, effect.at),
    );
}

function ofReadBack(ask: Ask, outcome: Outcome, ledger: Ledger): Breach[] {
  const { status, evidence } = outcome;
  if (!evidence || evidence.readAt === null)
    return [breachOf('P5', ask, `${status} by read-back, and no evidence.readAt`, outcome.settledAt)];
  const { readAt } = evidence;
  const found: Breach[] = [];
  for (const { effect, leftAt } of ask.takes) {
    if (effect.at > readAt + clockMs)
      found.push(breachOf('P5', ask, `${status} by read-back, and an effect landed later`, effect.at));
    else if (leftAt > readAt + clockMs)
      found.push(breachOf('P5', ask, `${status} by read-back, but the effect stood at readAt`, effect.at));
  }
  const times = shownTimes(ask.roomId, readAt, ledger);
  if (times.length === 0)
    found.push(breachOf('P5', ask, 'read-back: the twin answered no read that ended at readAt', readAt));
  else if (!claimedTruth(ask, outcome, times, ledger))
    found.push(
      breachOf(
        'P5',
        ask,
        `${status} by read-back for ${String(outcome.reason)}, which no read can have shown`,
        readAt,
      ),
    );
  return found;
}

/**
 * The design has no memory of an effect that an unknown attempt had and another's hand undid before the read-back: it is
 * "no effect stands". Only then is it forgiven: the answer may not have been heard, the member had left, and a read of the
 * room came after that.
 */
function wasGone(take: Take, by: number, ask: Ask, ledger: Ledger): boolean {
  return (
    isPerhapsUnheard(take, ask, ledger) &&
    (ledger.reads.get(ask.roomId) ?? []).some(
      ({ answeredAt, executedAt, answerCode }) =>
        (answerCode === 0 || answerCode === roomGone) &&
        executedAt !== null &&
        answeredAt !== null &&
        executedAt >= take.leftAt &&
        answeredAt <= by + clockMs,
    )
  );
}

const roomGone = 100004;

/** No definite answer, or one that may have died with its instance or with its connection: something was disturbed then. */
function isPerhapsUnheard({ call }: Take, { paired, claims }: Ask, { history }: Ledger): boolean {
  if (toldOf(call, history.rules.timeoutMs) === 'unknown') return true;
  const owner = paired.pairs.find((each) => each.call === call)?.claim.instanceId;
  if (owner !== undefined && claims.some(({ instanceId }) => instanceId !== owner)) return true;
  const from = call.arrivedAt - pathMs;
  const to = (call.answeredAt ?? call.arrivedAt) + pathMs;
  return history.disturbances.some(({ at }) => at >= from && at <= to);
}
