import type { SeenOutcome } from './seen-outcome.js';

/** One outcome in a sentence, for a line that has room: who wanted what, what became of it, who says so, at which price. */
export function sentence(outcome: SeenOutcome): string {
  const { memberAccount, index, roomId } = outcome;
  const seat = index === null ? 'a seat' : `seat ${index}`;
  return `${memberAccount ?? 'somebody'} → ${seat} of ${roomId}: ${ending(outcome)}, ${decision(outcome)}, ${price(outcome)}`;
}

/** The same for a narrow terminal. */
export function shortSentence(outcome: SeenOutcome): string {
  const { memberAccount, index, roomId, status, reason } = outcome;
  const what = reason === null ? seated(status) : `${reason}${held(outcome, ' by ')}`;
  const why = outcome.decidedBy === 'mirror' ? `mirror, ${age(outcome)}` : outcome.decidedBy;
  return `${memberAccount ?? 'somebody'} → ${roomId} ${index ?? '?'}: ${what} · ${why}, ${price(outcome)}`;
}

/** A mark that tells the status also without colour. */
export function mark(status: string): string {
  return { done: '✓', rejected: '✗', expired: '~', unconfirmed: '?' }[status] ?? '!';
}

function seated(status: string): string {
  return status === 'done' ? 'seated' : status;
}

function ending(outcome: SeenOutcome): string {
  const { status, reason } = outcome;
  const word = status === 'rejected' ? 'refused' : seated(status);
  const occupant = held(outcome, ' (held by ');
  return reason === null ? word : `${word}, ${reason}${occupant}${occupant === '' ? '' : ')'}`;
}

function held({ reason, evidence }: SeenOutcome, before: string): string {
  return reason === 'seat-occupied' && evidence?.occupant != null ? `${before}${evidence.occupant}` : '';
}

function decision(outcome: SeenOutcome): string {
  const { decidedBy, evidence, predicted } = outcome;
  if (decidedBy === 'mirror' && evidence !== null)
    return `decided by the mirror from ${words(evidence.source)} ${age(outcome)}`;
  if (decidedBy === 'read-back') return 'the answer was lost, so the seats were read back';
  if (predicted != null) return `Tencent was asked to test the mirror, which would have said ${predicted}`;
  return (
    { tencent: 'Tencent was asked', validation: 'the message is wrong', deadline: 'no time was left' }[
      decidedBy
    ] ?? `decided by ${decidedBy}`
  );
}

function words(source: string): string {
  return (
    { 'own-call': 'an own call', rejection: 'a rejection', read: 'a read', callback: 'a callback' }[source] ??
    source
  );
}

function age({ evidence }: SeenOutcome): string {
  return evidence === null ? 'no evidence' : `${(evidence.ageMs / 1000).toFixed(1)} s old`;
}

function price({ attempts }: SeenOutcome): string {
  if (attempts === 0) return 'no call';
  return attempts === 1 ? '1 call' : `${attempts} calls`;
}
