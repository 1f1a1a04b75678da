import type { CallRecord, Effect } from '../twin/journal.js';

/** A message of a topic as it lay there when the campaign was over. */
export interface TopicMessage {
  readonly partition: number;
  readonly offset: number;
  /** Epoch milliseconds: the broker's append time (the topics of a campaign use LogAppendTime). */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** A claim as it was inserted, seen by a trigger of the campaign's database; the row itself is rewritten later. */
export interface ClaimSeen {
  readonly nonce: string;
  /** Null for a read. */
  readonly requestId: string | null;
  readonly roomId: string;
  readonly command: string;
  readonly attempt: number | null;
  readonly instanceId: string;
  /** Epoch milliseconds: its slot, and when its transaction was committed (`track_commit_timestamp`). */
  readonly slotAt: number;
  readonly committedAt: number;
}

/** A row of the history, with the moment of its commit. */
export interface RecordedRow {
  readonly requestId: string;
  readonly value: Buffer;
  readonly headers: Buffer;
  readonly committedAt: number;
}

/** Something that the campaign did to the parts, for the timelines: `kill instance 2`, `postgres restarted`. */
export interface Disturbance {
  readonly at: number;
  readonly what: string;
  /**
   * Of a SIGSTOP: when the SIGCONT was sent. A process may be stopped between its last look at the clock and the wire; its
   * call then arrives when it goes on, which nobody but Tencent could prevent. Only a stop that began within the grace of
   * the call's own slot excuses it. An answer that lay in the stopped process is heard when it goes on.
   */
  readonly pausedUntil?: number;
}

/** What the service was told, as far as the checker needs it. Milliseconds. */
export interface Rules {
  readonly limitPerSecond: number;
  readonly timeoutMs: number;
  /** Oldest evidence that may predict. */
  readonly mirrorMaxAgeMs: number;
  readonly jitterAllowanceMs: number;
}

/**
 * All that is known of a campaign from outside the service: what was asked, what was answered, what Tencent's twin truly
 * did, what the tables keep. Everything happened on one machine, so all times are of one clock.
 *
 * The load gives every request a (room, member, seat) of its own, so that each call at the twin belongs to one request.
 */
export interface History {
  readonly rules: Rules;
  readonly requests: readonly TopicMessage[];
  readonly outcomes: readonly TopicMessage[];
  readonly deadLetters: readonly TopicMessage[];
  readonly calls: readonly CallRecord[];
  readonly effects: readonly Effect[];
  readonly claims: readonly ClaimSeen[];
  readonly recorded: readonly RecordedRow[];
  /** Per partition of the request topic: committed by the group, and the end of the topic. */
  readonly offsets: readonly {
    readonly partition: number;
    readonly committed: number;
    readonly end: number;
  }[];
  readonly disturbances: readonly Disturbance[];
  /**
   * The group's committed offsets as they were looked at during the campaign (once a second, say), `at` being when the
   * answer came: every message below `committed` must have been answered by then.
   */
  readonly commitsSeen?: readonly {
    readonly at: number;
    readonly partition: number;
    readonly committed: number;
  }[];
  /** Keys, passwords and signatures that must be found nowhere. */
  readonly secrets?: readonly string[];
}

/** A promise that was broken. */
export interface Violation {
  /** The promise of the design that it breaks: `P1` … `P11`. */
  readonly promise: string;
  readonly what: string;
  /** The request concerned; null where it is none's alone. */
  readonly requestId: string | null;
  /** Epoch milliseconds at which it happened, as far as that can be told. */
  readonly at?: number | null;
  /** What happened around it, oldest first, each line beginning with its time. */
  readonly timeline: readonly string[];
}

/** Judges a whole campaign: every violation of every promise, and the figures for the report. */
export type Judge = (history: History) => {
  readonly violations: readonly Violation[];
  readonly figures: Readonly<Record<string, number | string>>;
};
