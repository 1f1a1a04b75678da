import type { Then } from './endings.js';
import type { SceneName } from './scenes.js';
import type { Standing } from './standing.js';

/** All that has an effect outside the process on the way of a message: statements by their names, Tencent, Kafka. */
export const effects = [
  'record',
  'claim',
  'claim read',
  'release',
  'slow down',
  'settle',
  'observe',
  'published',
  'dead letter',
  'call',
  'read',
  'publish',
  'bury',
  'commit',
] as const;
type Effect = (typeof effects)[number];

/** Where an instance stops; see `halt.mjs`. */
export interface Stop {
  /**
   * `sent`: on its way, and nobody was told of an answer. `executed`: a call is carried out and not answered. `after`: the
   * answer has come, and nothing was done about it.
   */
  readonly phase: 'before' | 'sent' | 'executed' | 'after';
  /** Or a step without an effect of its own: a message is taken in, a known request is found, a shutdown drains and leaves. */
  readonly effect: Effect | 'take' | 'find' | 'leave';
  /** Only a statement that carries this text. */
  readonly holding?: string;
}

/** A point between two effects on the way of a message. */
export interface CrashPoint {
  readonly name: string;
  readonly scene: SceneName;
  readonly stop: Stop;
  /** What stands when the instance has stopped. */
  readonly standing: Standing;
  readonly then: Then;
}
