import { runCampaign } from '../campaign.js';
import type { Verdict } from '../campaign.js';
import { breakBuild } from './build.js';
import { brokenRules } from './rules.js';
import type { BrokenRule } from './rules.js';

/** Long enough for each rule to show. */
const seconds = 60;

/** What came of a campaign on one broken build. */
interface Caught {
  readonly rule: BrokenRule;
  readonly violations: number;
  /** The first violation of the promise that was to be broken; null: not caught. */
  readonly first: {
    readonly promise: string;
    readonly what: string;
    readonly afterSeconds: number | null;
  } | null;
}

/** A short campaign on each broken build, and the table of what was noticed → whether all were caught. */
export async function runBroken(
  { instances, seed }: { readonly instances: number; readonly seed: number },
  say: (line: string) => void,
): Promise<boolean> {
  const all: Caught[] = [];
  for (const rule of brokenRules) {
    say(`breaking: ${rule.name}`);
    const dist = await breakBuild(rule);
    const { faults, disturbances, limitPerSecond } = rule;
    const verdict = await runCampaign({
      seconds,
      instances,
      seed,
      dist,
      faults,
      disturbances,
      ...(limitPerSecond !== undefined && { limitPerSecond }),
      settleWithinMs: 20_000,
      write: () => undefined,
      terminal: false,
    });
    const caught = { rule, violations: verdict.violations.length, first: firstOf(verdict, rule) };
    all.push(caught);
    say(`  ${resultOf(caught)}`);
  }
  for (const line of table(all)) say(line);
  return all.every(({ first }) => first !== null);
}

/** The earliest violation of the promise, else of any. */
function firstOf({ violations, beganAt }: Verdict, { promise }: BrokenRule): Caught['first'] {
  const at = ({ at = null }: Verdict['violations'][number]): number => at ?? Infinity;
  const sorted = [...violations].sort((a, b) => at(a) - at(b));
  const first = sorted.find((violation) => violation.promise === promise) ?? sorted[0];
  if (first === undefined) return null;
  const moment = at(first);
  return {
    promise: first.promise,
    what: first.what,
    afterSeconds: moment === Infinity ? null : Math.max(0, (moment - beganAt) / 1000),
  };
}

function resultOf({ first, violations }: Caught): string {
  if (first === null) return 'NOT CAUGHT';
  const after = first.afterSeconds === null ? '' : ` after ${first.afterSeconds.toFixed(1)} s`;
  return `caught${after}: ${first.promise}, ${first.what} (${violations} violations)`;
}

function table(all: readonly Caught[]): string[] {
  const rows = all.map(({ rule, first, violations }) => [
    rule.name,
    first?.promise ?? '–',
    first?.what.slice(0, 90) ?? '–',
    first?.afterSeconds?.toFixed(1) ?? '–',
    String(violations),
    first === null ? 'NO' : 'yes',
  ]);
  const head = ['broken rule', 'promise', 'first violation', 's', 'violations', 'caught'];
  return ['', ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)];
}
