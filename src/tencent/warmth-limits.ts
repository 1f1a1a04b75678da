/** Numbers of the warm connections. Milliseconds unless the name says otherwise. */
export interface WarmthLimits {
  /** Idle connections held ready. The gate claims slots up to 90 ms ahead, 18 at 200 a second, each with a connection of its own; a few more for reads. */
  readonly warm: number;
  /** All connections together. Calls in flight are bounded below it (`places.ts`): 200 a second that take 500 ms need 100. */
  readonly cap: number;
  /** An unused connection is replaced after this time, before the server would close it (nginx 75 s, balancers 60 s). */
  readonly idleMs: number;
  /** TCP and TLS must be finished within this time. */
  readonly connectMs: number;
  /** After a failed connection no other is tried for this long, doubled each time up to `longestPauseMs`. */
  readonly shortestPauseMs: number;
  readonly longestPauseMs: number;
  /** An unused connection that dies younger than this counts as failed, or a server that hangs up at once would be hammered. */
  readonly stillbornMs: number;
}

/** The numbers in use. */
export const usualLimits: WarmthLimits = {
  warm: 24,
  cap: 128,
  idleMs: 20_000,
  connectMs: 3_000,
  shortestPauseMs: 100,
  longestPauseMs: 5_000,
  stillbornMs: 1_000,
};
