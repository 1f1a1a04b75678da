import { setTimeout as wait } from 'node:timers/promises';
import { Chance } from '../parts/chance.js';
import { EventLoopWatch } from '../twin/event-loop-watch.js';
import type { FaultRule } from '../twin/faults.js';
import { collect } from './collect/collect.js';
import { OffsetWatch } from './collect/offset-watch.js';
import { offsetsOf } from './collect/topics.js';
import { Disturber, usualDisturbances } from './disturb/disturber.js';
import type { DisturbanceOptions } from './disturb/disturber.js';
import { usualFaults } from './faults.js';
import { runnersFigures } from './figures.js';
import type { Figures } from './figures.js';
import type { Disturbance, History, Violation } from './history.js';
import { judge } from './judge/judge.js';
import { Load } from './load/load.js';
import { Post } from './load/post.js';
import { startParts, stopParts } from './parts/parts.js';
import type { Parts } from './parts/parts.js';
import { usualRules } from './parts/settings.js';
import { Progress } from './tell/progress.js';

/** What a campaign is made of; whatever is left out is as usual. */
export interface CampaignOptions {
  readonly seconds: number;
  readonly instances: number;
  readonly seed: number;
  readonly dist: string | null;
  readonly faults?: readonly FaultRule[];
  readonly disturbances?: DisturbanceOptions;
  readonly limitPerSecond?: number;
  /** How long to wait for the last outcomes, milliseconds. */
  readonly settleWithinMs?: number;
  /** Told everything that is known, before it is judged. */
  readonly onHistory?: (history: History) => void;
  /** Told how it goes, in lines; on a terminal drawn over itself. */
  readonly write: (text: string) => void;
  readonly terminal: boolean;
}

/** What came of it. */
export interface Verdict {
  readonly violations: readonly Violation[];
  readonly figures: Figures;
  /** ERROR lines of the instances, the first ones. */
  readonly errors: readonly string[];
  readonly disturbances: readonly Disturbance[];
  /** Epoch milliseconds: when the load began. */
  readonly beganAt: number;
}

/** Once the load has ended, everything must be settled by then: the longest deadline, and time to read back. */
const usualSettleWithinMs = 200_000;
const readyWithinMs = 60_000;

/** One campaign from start to verdict: parts, load and disturbances, calm, collection, judgement. */
export async function runCampaign(options: CampaignOptions): Promise<Verdict> {
  const rules = { ...usualRules, limitPerSecond: options.limitPerSecond ?? usualRules.limitPerSecond };
  const chance = new Chance(options.seed + 2);
  const disturber = new Disturber(chance, options.disturbances ?? usualDisturbances);
  const note = (what: string): void => {
    disturber.note(what);
  };
  options.write('starting Postgres, Kafka, the twin and the instances …\n');
  const parts = await startParts({ ...options, rules, note });
  await Promise.all(parts.instances.map((instance) => instance.start()));
  await allReady(parts);

  const { beganAt, commitsSeen, stalls } = await disturb(options, parts, disturber);
  const history = await collect(parts, { rules, disturbances: disturber.done, commitsSeen });
  options.onHistory?.(history);
  const { violations, figures } = judge(history);
  const own = await runnersFigures(parts, disturber.done, stalls);
  await stopParts(parts);
  return {
    violations: [...violations, ...parts.watch.leaks.map(leakOf)],
    figures: { ...figures, ...own },
    errors: parts.watch.errors.map(({ instance, line }) => `instance ${instance}: ${line}`),
    disturbances: disturber.done,
    beganAt,
  };
}

/** Load and disturbances until the time is over, and calm after them. */
async function disturb(options: CampaignOptions, parts: Parts, disturber: Disturber) {
  const { client, topics, twin } = parts;
  const post = new Post(client, topics);
  const load = new Load(twin.control, post, options.seed);
  const offsets = new OffsetWatch(client, topics);
  // Whatever the start made it stall is over.
  await twin.control.reset();
  await twin.control.addFaults(...(options.faults ?? usualFaults));
  await post.open();
  await load.open();
  offsets.start();
  const wires = new EventLoopWatch();
  const progress = progressOf(options, post, disturber);
  progress.start();

  const beganAt = Date.now();
  const over = AbortSignal.timeout(options.seconds * 1000);
  await Promise.all([load.run(over), disturber.run(parts, over)]);
  disturber.note('load and disturbances ended');
  await calm(parts, disturber, options.settleWithinMs ?? usualSettleWithinMs);

  progress.stop();
  wires.stop();
  await offsets.stop();
  await post.close();
  return { beganAt, commitsSeen: offsets.seen, stalls: wires.report() };
}

function progressOf({ terminal, write }: CampaignOptions, post: Post, disturber: Disturber): Progress {
  const began = performance.now();
  const look = () => ({
    seconds: (performance.now() - began) / 1000,
    sent: post.sent,
    answered: post.answers,
    awaited: post.awaited.size,
    lastDisturbance: disturber.done.at(-1)?.what ?? '',
  });
  return new Progress(look, terminal, write);
}

async function allReady({ instances }: Parts): Promise<void> {
  await Promise.all(instances.map((instance) => instance.ready(readyWithinMs)));
}

/** No faults, everybody at work, until nothing is left to settle. Too late is no error here: the judge will say so. */
async function calm(parts: Parts, disturber: Disturber, withinMs: number): Promise<void> {
  await parts.twin.control.clearFaults();
  await allReady(parts);
  const giveUp = performance.now() + withinMs;
  while (performance.now() < giveUp) {
    const offsets = await offsetsOf(parts.client, parts.topics);
    if (offsets.every(({ committed, end }) => committed >= end)) return;
    await wait(500);
  }
  disturber.note('not everything was settled in time');
}

function leakOf({ instance, line }: { readonly instance: number; readonly line: string }): Violation {
  return {
    promise: 'P11',
    what: `instance ${instance} logged a secret`,
    requestId: null,
    timeline: [line],
  };
}
