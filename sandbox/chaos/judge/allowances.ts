/** What the checker forgives before it tells a breach, in milliseconds, each with its reason. */
export const allowances = {
  /**
   * Between two clocks of one machine: the service reads Postgres's clock through a mapping (± 2.5 ms by design, more on a
   * busy machine), the twin rides on the monotonic clock from its start and misses later corrections of the wall clock.
   */
  clockMs: 25,
  /** Between the clocks of two instances, and from a slot to a call that leaves too early: by design they map the database's clock to ± 2.5 ms. */
  mappingMs: 5,
  /** Kafka stamps whole milliseconds, cut off; so does whoever turns microseconds into JSON. */
  roundingMs: 2,
  /** Of the jitter allowance the mapping of the clock (5 ms) and the path (10 ms) take so much; the rest is the grace. */
  clockAndPathMs: 15,
  /**
   * From our last look at the clock to the twin's stamp: two cores are shared by the instances, the broker, the database
   * and the twin, whose event loop stamps the arrival. Delays of 100 ms are common there, a second is not.
   */
  pathMs: 1_000,
  /** How far Tencent's reads may lag behind its writes; the twin's faults lag at most as much. */
  stalenessMs: 2_000,
  /** After this time Tencent has given up whatever it had not done. */
  tencentLimitMs: 3_000,
  /** A read-back may come so much before its quiet time by the checker's reckoning, which rests on two clocks. */
  quietMs: 100,
  /** "Room not found" and "not a member" predict for at most this. */
  absenceMs: 1_000,
} as const;
