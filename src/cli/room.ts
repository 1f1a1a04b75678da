import type { Reader } from '../postgres/reader.js';

type Facts = Awaited<ReturnType<Reader['room']>>;

/** What the mirror believes of a room, a line a fact, for a person. */
export function describeRoom(facts: Facts, now: Date): string[] {
  return facts.map(({ sdkAppId, subject, seatIndex, memberAccount, state, occupant, source, seenTo }) => {
    const about =
      subject === 'seat' ? `seat ${seatIndex}` : subject === 'member' ? `member ${memberAccount}` : subject;
    const age = ((now.getTime() - seenTo.getTime()) / 1000).toFixed(1);
    return `${sdkAppId}  ${about.padEnd(20)} ${state}${occupant ? ` by ${occupant}` : ''}  (${source}, ${age} s old)`;
  });
}
