import type { SeatChange } from '../twin/control-words.js';

/** One thing that happens in the demo, `at` milliseconds after the traffic began. */
export type Act = { readonly at: number; readonly roomId: string } & (
  | {
      /** A message for the topic of requests; `requestId` is null where nobody will be able to read it. */
      readonly kind: 'ask';
      readonly requestId: string | null;
      readonly value: string;
    }
  | { readonly kind: 'members'; readonly enter: readonly string[]; readonly leave: readonly string[] }
  | { readonly kind: 'seats'; readonly changes: readonly SeatChange[] }
  /** The answer to the next call about this room is lost after the call took effect. */
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'news'; readonly text: string }
);

/** Brings about what happens in one place, scene by scene. Each has a chance of its own, so that the seed alone decides. */
export interface Director {
  /** When its next scene begins. */
  readonly nextAt: number;
  /** Plays the next scene: acts at or after `nextAt`, which then moves on. */
  scene(): Act[];
}

/** A message as a producer of seat requests would send it. */
export function ask(
  at: number,
  request: {
    readonly requestId: string;
    readonly roomId: string;
    readonly memberAccount?: string;
    readonly index: unknown;
    readonly correlationId?: string;
  },
): Act {
  const value = JSON.stringify({ type: 'pick', source: 'demo', ...request });
  return { kind: 'ask', at, roomId: request.roomId, requestId: request.requestId, value };
}
