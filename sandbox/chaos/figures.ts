import type { LoopReport } from '../twin/event-loop-watch.js';
import type { Disturbance } from './history.js';
import type { Parts } from './parts/parts.js';

/** What was measured, by name. */
export type Figures = Readonly<Record<string, number | string>>;

/** What the runner itself saw, beside the judge's own figures. */
export async function runnersFigures(
  { instances, watch, twin }: Parts,
  done: readonly Disturbance[],
  wires: LoopReport,
): Promise<Figures> {
  const { eventLoop } = await twin.control.stats();
  const sum = (of: (instance: Parts['instances'][number]) => number): number =>
    instances.reduce((total, instance) => total + of(instance), 0);
  return {
    disturbances: done.length,
    'ended by themselves': sum(({ endedByItself }) => endedByItself),
    'stopped not in order': sum(({ stoppedBadly }) => stoppedBadly),
    'ERROR lines logged': watch.errorCount,
    'worst stall of the twin (ms)': eventLoop.worstStallMs,
    'worst stall of the wires (ms)': wires.worstStallMs,
  };
}
