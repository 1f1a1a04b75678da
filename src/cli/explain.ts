import type { RequestStory } from '../postgres/reader.js';

/** The whole story of one request, line by line, for a person. */
export function explain({ request, history, attempts, publication }: RequestStory): string[] {
  const at = (time: Date | null | undefined): string => time?.toISOString() ?? 'unknown';
  const lines = [
    `request ${request.requestId} of application ${request.sdkAppId}, room ${request.roomId}`,
    `  ${at(request.receivedAt)}  received${history ? ` from partition ${history.kafkaPartition}, offset ${history.kafkaOffset}` : ''}`,
  ];
  if (history)
    lines.push(
      `  waited      rivals ${ms(history.waitRivalMs)}, budget ${ms(history.waitBudgetMs)}, retries ${ms(history.waitRetryMs)}, calls ${ms(history.callMs)}`,
    );
  for (const attempt of attempts) {
    const answer = [
      attempt.class ?? 'not answered',
      attempt.code === null ? '' : `code ${attempt.code}`,
      attempt.message ?? '',
      attempt.tencentRequestId ?? '',
    ];
    lines.push(
      `  ${at(attempt.slotAt)}  attempt ${attempt.attempt ?? '-'} (${attempt.purpose}): ${answer.filter(Boolean).join(', ')}`,
    );
  }
  lines.push(
    history
      ? `  ${at(history.settledAt)}  ${outcome(history)}`
      : `  state ${request.state}, attempt ${request.attempt}; a read-back is due at ${at(request.quietAt)}`,
  );
  if (history)
    lines.push(publication ? `  ${at(publication.publishedAt)}  published` : '  not noted as published');
  return lines;
}

function outcome(history: NonNullable<RequestStory['history']>): string {
  const {
    status,
    reason,
    code,
    decidedBy,
    evidenceSource,
    evidenceAgeMs,
    evidenceOccupant,
    message,
    advice,
  } = history;
  const why = [reason ?? '', code === null ? '' : `code ${code}`].filter(Boolean).join(', ');
  const evidence = evidenceSource
    ? `, from ${evidenceSource} ${evidenceAgeMs} ms old${evidenceOccupant ? ` (${evidenceOccupant})` : ''}`
    : '';
  return `${status}${why ? ` (${why})` : ''}, decided by ${decidedBy}${evidence}: ${message}; advice: ${advice}`;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
