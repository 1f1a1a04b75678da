import type { Ask } from './ask.js';

/** A broken promise as a judge tells it, with what its timeline is to be drawn around. */
export interface Breach {
  /** Of the design: `P1` … `P11`; `history` where the history itself cannot be relied on. */
  readonly promise: string;
  readonly what: string;
  readonly requestId: string | null;
  /** The request whose story the timeline tells; null where it is none's. */
  readonly ask: Ask | null;
  /** Another room to look at, where there is no request. */
  readonly roomId: string | null;
  /** Epoch milliseconds that matter besides the request's own; null: none. */
  readonly at: number | null;
}

/** A breach that concerns one request. */
export function breachOf(promise: string, ask: Ask, what: string, at: number | null = null): Breach {
  return { promise, what, requestId: ask.requestId, ask, roomId: null, at };
}

/** A breach that is no single request's. */
export function breach(
  promise: string,
  what: string,
  around: { requestId?: string | null; roomId?: string | null; at?: number | null } = {},
): Breach {
  const { requestId = null, roomId = null, at = null } = around;
  return { promise, what, requestId, ask: null, roomId, at };
}
