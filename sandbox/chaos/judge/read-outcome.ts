import type { TopicMessage } from '../history.js';

/** What a prediction or a read-back says it rests on. */
interface CitedEvidence {
  readonly source: string;
  readonly ageMs: number;
  /** Epoch milliseconds; null where it was no read. */
  readonly readAt: number | null;
  readonly occupant: string | null;
}

/** What the checker reads in an outcome, and the copies of it that lie in the topic, the first one first. */
export interface Outcome {
  readonly requestId: string;
  readonly outcomeId: string;
  readonly roomId: string;
  readonly memberAccount: string | null;
  readonly requestedIndex: number | null;
  readonly index: number | null;
  readonly status: string;
  readonly reason: string | null;
  readonly decidedBy: string;
  readonly evidence: CitedEvidence | null;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly deadlineClamped: boolean;
  readonly settledAt: number;
  readonly copies: readonly [TopicMessage, ...TopicMessage[]];
}

type Fields = Readonly<Record<string, unknown>>;

/** The id in a message of the outcome topic; null where it is no outcome at all. */
export function readOutcome(message: TopicMessage): Omit<Outcome, 'copies'> | null {
  const fields = parsed(message.value);
  const requestId = fields && textOf(fields, 'requestId');
  if (!fields || requestId === null) return null;
  return {
    requestId,
    outcomeId: textOf(fields, 'outcomeId') ?? '',
    roomId: textOf(fields, 'roomId') ?? '',
    memberAccount: textOf(fields, 'memberAccount'),
    requestedIndex: numberOf(fields, 'requestedIndex'),
    index: numberOf(fields, 'index'),
    status: textOf(fields, 'status') ?? '(none)',
    reason: textOf(fields, 'reason'),
    decidedBy: textOf(fields, 'decidedBy') ?? '(none)',
    evidence: evidenceOf(fields['evidence']),
    deadline: timeOf(fields, 'deadline') ?? NaN,
    deadlineClamped: fields['deadlineClamped'] === true,
    settledAt: timeOf(fields, 'settledAt') ?? NaN,
  };
}

function evidenceOf(evidence: unknown): CitedEvidence | null {
  if (typeof evidence !== 'object' || evidence === null) return null;
  const fields = evidence as Fields;
  return {
    source: textOf(fields, 'source') ?? '(none)',
    ageMs: numberOf(fields, 'ageMs') ?? NaN,
    readAt: timeOf(fields, 'readAt'),
    occupant: textOf(fields, 'occupant'),
  };
}

function parsed(value: Buffer | null): Fields | null {
  try {
    const fields: unknown = JSON.parse(value?.toString('utf8') ?? '');
    return typeof fields === 'object' && fields !== null ? (fields as Fields) : null;
  } catch {
    return null;
  }
}

function textOf(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}

function numberOf(fields: Fields, name: string): number | null {
  const value = fields[name];
  return typeof value === 'number' ? value : null;
}

function timeOf(fields: Fields, name: string): number | null {
  const text = textOf(fields, name);
  return text === null ? null : Date.parse(text);
}
