import { worstSeconds } from './budget.js';
import type { Ledger } from './ledger.js';
import { listed } from './listed.js';

type Figures = Record<string, number | string>;

/** The figures of a campaign for its report. */
export function figuresOf(ledger: Ledger): Figures {
  return { ...ofRequests(ledger), ...ofOutcomes(ledger), ...ofCalls(ledger), ...ofClaims(ledger) };
}

function ofRequests({ history, asks, asksById, odd, deadLetters }: Ledger): Figures {
  return {
    messages: history.requests.length,
    requests: asksById.size,
    'messages that repeat a request': asks.reduce((sum, { messages }) => sum + messages.length - 1, 0),
    'other contents under a used id': asks.length - asksById.size,
    'unreadable messages': odd.length,
    'dead letters': deadLetters.size,
    'copies of dead letters': history.deadLetters.length - deadLetters.size,
    'requests that share a seat and a member, not judged by their calls': asks.filter(({ shared }) => shared)
      .length,
    disturbances: history.disturbances.length,
  };
}

function ofOutcomes({ outcomes }: Ledger): Figures {
  const kinds = new Map<string, number>();
  const unconfirmed: string[] = [];
  let copies = 0;
  let latest = 0;
  for (const outcome of outcomes.values()) {
    const kind = `outcomes ${outcome.status} by ${outcome.decidedBy}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (outcome.status === 'unconfirmed') unconfirmed.push(outcome.requestId);
    copies += outcome.copies.length - 1;
    latest = Math.max(latest, outcome.copies[0].timestamp - outcome.deadline || 0);
  }
  const byMirror = [...kinds].filter(([kind]) => kind.endsWith(' mirror'));
  return {
    outcomes: outcomes.size,
    ...Object.fromEntries([...kinds].sort()),
    'copies of outcomes': copies,
    predictions: byMirror.reduce((sum, [, count]) => sum + count, 0),
    unconfirmed: unconfirmed.length,
    'unconfirmed requests': unconfirmed.slice(0, 20).join(' '),
    'latest outcome after its deadline, ms': Math.round(latest),
  };
}

function ofCalls({ history, reads, asks }: Ledger): Figures {
  const commands = new Map<string, number[]>();
  for (const { command, arrivedAt } of history.calls) listed(commands, String(command)).push(arrivedAt);
  const figures: Figures = {
    calls: history.calls.length,
    'reads of the seats': [...reads.values()].reduce((sum, { length }) => sum + length, 0),
    'requests called more than once': asks.filter(({ calls }) => calls.length > 1).length,
    'calls refused by the limit': history.calls.filter(({ overLimit }) => overLimit).length,
    'calls that met a fault': history.calls.filter(({ fault }) => fault !== null).length,
  };
  for (const [command, calls] of commands) figures[`calls of ${command}`] = calls.length;
  for (const [command, worst] of worstSeconds(history.calls)) figures[`worst second of ${command}`] = worst;
  return figures;
}

function ofClaims({ history, asks, others }: Ledger): Figures {
  let unsent = 0;
  let stopped = 0;
  let latest = 0;
  let earliest = Infinity;
  for (const { paired } of [...asks, ...others.map((each) => ({ paired: each }))]) {
    unsent += paired.unsent.length;
    stopped += paired.stopped.length;
    for (const { call, claim } of paired.pairs) {
      latest = Math.max(latest, call.arrivedAt - claim.slotAt);
      earliest = Math.min(earliest, call.arrivedAt - claim.slotAt);
    }
  }
  const { length } = history.claims;
  return {
    'slots used (claims)': length,
    'claims without a call': unsent,
    'share of claims without a call': length === 0 ? '0 %' : `${((100 * unsent) / length).toFixed(2)} %`,
    'latest arrival after its slot, ms': Math.round(latest * 10) / 10,
    'earliest arrival after its slot, ms': Number.isFinite(earliest) ? Math.round(earliest * 10) / 10 : 0,
    'late calls excused: stopped between clock and wire': stopped,
  };
}
