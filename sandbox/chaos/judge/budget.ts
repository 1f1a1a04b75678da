import type { CallRecord } from '../../twin/journal.js';
import { breach } from './breach.js';
import type { Breach } from './breach.js';
import { listed } from './listed.js';
import type { Ledger } from './ledger.js';

const secondMicros = 1_000_000;

/** P3: "at most the contracted number of calls … in **any** sliding second, both ends counted, over all instances together". */
export function judgeBudget({ history }: Ledger): Breach[] {
  const { calls, rules } = history;
  const found: Breach[] = [];
  for (const [command, ofCommand] of byCommand(calls)) {
    for (const { worst, endedAt } of crowded(ofCommand, rules.limitPerSecond)) {
      const what = `${worst} calls of ${command} in one second; ${rules.limitPerSecond} are allowed`;
      found.push(breach('P3', what, { at: endedAt }));
    }
  }
  for (const { overLimit, command, arrivedAt, n } of calls)
    if (overLimit)
      found.push(
        breach('P3', `call ${n} (${String(command)}) was refused as one too many`, { at: arrivedAt }),
      );
  return found;
}

/** The fullest closed sliding second of each command. */
export function worstSeconds(calls: readonly CallRecord[]): Map<string, number> {
  return new Map(
    [...byCommand(calls)].map(([command, ofCommand]) => [
      command,
      Math.max(0, ...crowded(ofCommand, 0).map(({ worst }) => worst)),
    ]),
  );
}

function byCommand(calls: readonly CallRecord[]): Map<string, CallRecord[]> {
  const commands = new Map<string, CallRecord[]>();
  for (const call of calls) listed(commands, String(call.command)).push(call);
  for (const ofCommand of commands.values()) ofCommand.sort((a, b) => a.arrivedMicros - b.arrivedMicros);
  return commands;
}

/** Stretches of time with more than `limit` calls in every closed second that ends there: the worst of each stretch. */
function crowded(calls: readonly CallRecord[], limit: number): { worst: number; endedAt: number }[] {
  const stretches: { worst: number; endedAt: number }[] = [];
  let oldest = 0;
  let open: { worst: number; endedAt: number } | null = null;
  calls.forEach((call, newest) => {
    while ((calls[oldest]?.arrivedMicros ?? 0) < call.arrivedMicros - secondMicros) oldest++;
    const count = newest - oldest + 1;
    if (count <= limit) open = null;
    else if (!open) stretches.push((open = { worst: count, endedAt: call.arrivedAt }));
    else if (count > open.worst) Object.assign(open, { worst: count, endedAt: call.arrivedAt });
  });
  return stretches;
}
