import { allowances } from './allowances.js';
import type { Ask } from './ask.js';
import { breachOf } from './breach.js';
import type { Breach } from './breach.js';
import type { Ledger } from './ledger.js';

/** Endings that may overtake, and that may be overtaken. */
const freeEndings: ReadonlySet<string> = new Set(['expired', 'cancelled']);

interface Latest {
  readonly ask: Ask;
  readonly settledAt: number;
}

/** P8: "Requests of one partition that compete for one seat, or concern one member, are settled in topic order (only expiry may overtake)." */
export function judgeRivals({ asks }: Ledger): Breach[] {
  const latest = new Map<string, Latest>();
  return asks.flatMap((ask) => {
    const { outcome } = ask;
    if (!outcome || outcome.decidedBy === 'validation' || freeEndings.has(outcome.status)) return [];
    const found: Breach[] = [];
    for (const thing of wants(ask)) {
      const before = latest.get(thing);
      if (before) found.push(...overtaken(ask, outcome.settledAt, before));
      if (!before || before.settledAt < outcome.settledAt)
        latest.set(thing, { ask, settledAt: outcome.settledAt });
    }
    return found;
  });
}

function overtaken(ask: Ask, settledAt: number, before: Latest): Breach[] {
  const rival = before.ask.requestId;
  const [call] = ask.calls;
  if (settledAt < before.settledAt - allowances.mappingMs)
    return [breachOf('P8', ask, `settled before its earlier rival ${rival}`, before.settledAt)];
  if (call && !ask.shared && call.arrivedAt < before.settledAt - allowances.clockMs)
    return [
      breachOf(
        'P8',
        ask,
        `call ${call.n} went out before the earlier rival ${rival} was settled`,
        call.arrivedAt,
      ),
    ];
  return [];
}

function wants({ messages, roomId, index, memberAccount }: Ask): string[] {
  const [{ partition }] = messages;
  return [
    `${partition} seat ${roomId}\0${String(index)}`,
    `${partition} member ${roomId}\0${String(memberAccount)}`,
  ];
}
