import type { Answer, Reading } from './answer.js';
import type { CallHistory, Conclusion } from './call-history.js';
import { concludeReading, confirmByReading } from './conclude-reading.js';
import type { UsableReading } from './conclude-reading.js';
import { expired } from './expired.js';
import type { Ending } from './outcome.js';
import { reasons } from './reasons.js';
import { readStalenessMs } from './room.js';

/**
 * Refusals after which the seats are always read before concluding: the member may hold that very seat, which is success.
 * Tencent's order of checks is not documented, so a full room may hide it too. Of an invalid parameter (100002) the read
 * tells whether it was the seat's number.
 */
const readAfter: ReadonlySet<number> = new Set([100002, 100201, 100203, 100205, 100210]);

/** The call, all answers so far and perhaps a read-back → what to do. Never guesses: an unknown result is read first. */
export function conclude(history: CallHistory): Conclusion {
  const conclusion = concludeLast(history);
  const wasUnknown = history.answers.slice(0, -1).some(({ kind }) => kind === 'unknown');
  return wasUnknown && conclusion.kind === 'settle' ? confirm(history, conclusion.ending) : conclusion;
}

/**
 * A call before the last one may have taken effect, and been undone since: then "no effect" is no answer's to tell, only a
 * read's.
 */
function confirm(history: CallHistory, ending: Ending): Conclusion {
  const { reading, now, giveUpAt } = history;
  if (ending.status === 'done' || ending.decidedBy === 'read-back') return settle(ending);
  if (isUsable(reading)) return confirmByReading(history, reading, ending);
  return now < giveUpAt ? { kind: 'read', notBefore: retryAt(history) } : settle(unconfirmed(history));
}

function concludeLast(history: CallHistory): Conclusion {
  const answer = history.answers.at(-1);
  switch (answer?.kind) {
    case 'done':
      return settle(doneBy(answer));
    case 'refused':
      return concludeRefusal(history, answer);
    case 'later':
      return concludeLater(history, answer);
    case 'unknown':
      return concludeUnknown(history);
    case undefined:
      return history.now < history.deadline ? { kind: 'repeat', notBefore: history.now } : settle(expired());
  }
}

function settle(ending: Ending): Conclusion {
  return { kind: 'settle', ending };
}

function doneBy({ code, message, tencentRequestId }: Answer & { kind: 'done' }): Ending {
  return {
    status: 'done',
    reason: null,
    code,
    message,
    decidedBy: 'tencent',
    evidence: null,
    tencentRequestId,
  };
}

function refusedBy(answer: Answer & { kind: 'refused' | 'later' }, failed: boolean): Ending {
  const { reason, code, tencentRequestId } = answer;
  const message = answer.message || reasons[reason].meaning;
  const status = failed ? 'failed' : 'rejected';
  return { status, reason, code, message, decidedBy: 'tencent', evidence: null, tencentRequestId };
}

function concludeRefusal(history: CallHistory, answer: Answer & { kind: 'refused' }): Conclusion {
  const { reading, now, giveUpAt } = history;
  if (answer.code === null || !readAfter.has(answer.code)) return settle(refusedBy(answer, answer.failed));
  if (reading?.kind === 'seats') return concludeReading(history, reading, answer);
  if (reading?.kind === 'missing' || reading?.kind === 'disabled' || now >= giveUpAt) {
    return settle(refusedBy(answer, false));
  }
  return { kind: 'read', notBefore: retryAt(history) };
}

function concludeLater(history: CallHistory, answer: Answer & { kind: 'later' }): Conclusion {
  const same = history.answers.filter((each) => each.kind === 'later' && each.code === answer.code).length;
  if (answer.repeats !== null && same > answer.repeats)
    return settle(refusedBy(answer, answer.reason === 'misconfigured'));
  const notBefore = Math.max(history.now, answer.answeredAt + answer.waitMs);
  return notBefore < history.deadline ? { kind: 'repeat', notBefore } : settle(expired());
}

/** Positive evidence concludes as soon as it can be of this attempt; everything else only after the quiet time. */
function concludeUnknown(history: CallHistory): Conclusion {
  const { reading, slotAt, now, giveUpAt } = history;
  if (isUsable(reading)) {
    const conclusion = concludeReading(history, reading, null);
    if (conclusion.kind !== 'read' || now < giveUpAt) return conclusion;
  }
  if (now >= giveUpAt) return settle(unconfirmed(history));
  return { kind: 'read', notBefore: Math.max(retryAt(history), slotAt + readStalenessMs) };
}

function isUsable(reading: Reading | null): reading is UsableReading {
  return reading !== null && reading.kind !== 'unusable' && reading.kind !== 'unsent';
}

/** However long Tencent asks to wait: when it is time to give up, no read is waited for. */
function retryAt({ reading, now, giveUpAt }: CallHistory): number {
  return reading?.kind === 'unusable' ? Math.min(reading.answeredAt + reading.waitMs, giveUpAt) : now;
}

function unconfirmed({ answers }: CallHistory): Ending {
  const last = answers.at(-1);
  return {
    status: 'unconfirmed',
    reason: 'no-usable-read',
    code: last?.kind === 'unknown' ? last.code : null,
    message: reasons['no-usable-read'].meaning,
    decidedBy: 'read-back',
    evidence: null,
    tencentRequestId: last?.kind === 'unknown' ? last.tencentRequestId : null,
  };
}
