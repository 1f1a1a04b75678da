import { z } from 'zod';

const executes = z.boolean();
const milliseconds = z.number().min(0).max(600_000);

/**
 * The ways in which a call can go wrong:
 * - `answer-lost`: executed, then the connection is cut.
 * - `request-lost`: the connection is cut, nothing is executed.
 * - `no-answer`: the connection is held open without an answer; executed only if `executes`.
 * - `late`: executed `delayMs` after its arrival; answered then, or (`answer: 'cut'`) cut off at the usual time, before the execution.
 * - `slow`: executed at the usual time, answered `latencyMs` after its arrival.
 * - `http-error`: an HTML page of a gateway with this status (502 if not named); executed only if `executes`.
 * - `code`: this `ErrorCode`, whatever the code; executed only if `executes`.
 * - `fail-status`: `ActionStatus: "FAIL"` beside `ErrorCode: 0`; executed only if `executes`.
 * - `truncated`: executed, the body breaks off half-way: with a fitting length, or (`cut`) with the connection.
 * - `stale-read`: a read shows the seats as they were `stalenessMs` ago (at most 10 s).
 */
const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer-lost') }),
  z.strictObject({ kind: z.literal('request-lost') }),
  z.strictObject({ kind: z.literal('no-answer'), executes: executes.optional() }),
  z.strictObject({ kind: z.literal('late'), delayMs: milliseconds, answer: z.enum(['after', 'cut']) }),
  z.strictObject({ kind: z.literal('slow'), latencyMs: milliseconds }),
  z.strictObject({
    kind: z.literal('http-error'),
    status: z.int().min(400).max(599).optional(),
    executes: executes.optional(),
  }),
  z.strictObject({ kind: z.literal('code'), code: z.int(), executes: executes.optional() }),
  z.strictObject({ kind: z.literal('fail-status'), executes: executes.optional() }),
  z.strictObject({ kind: z.literal('truncated'), cut: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('stale-read'), stalenessMs: milliseconds.max(10_000) }),
]);

/** One way in which a call can go wrong. */
export type Fault = z.infer<typeof faultSchema>;

/** Which calls meet which fault, how often, how likely. */
export const faultRuleSchema = z.strictObject({
  fault: faultSchema,
  /** `pick_user_on_seat`, or with its service in front; absent: every command. */
  command: z.string().optional(),
  sdkAppId: z.int().optional(),
  roomId: z.string().optional(),
  memberAccount: z.string().optional(),
  /** The next so many matching calls; absent: all of them. */
  times: z.int().min(1).optional(),
  /** Share of the matching calls, 0 … 1, drawn from the twin's seed; absent: 1. */
  share: z.number().min(0).max(1).optional(),
});
export type FaultRule = z.infer<typeof faultRuleSchema>;

/** What of a call decides whether a rule concerns it. */
export interface FaultTarget {
  /** With its service: `room_engine_http_mic/pick_user_on_seat`. */
  readonly command: string;
  readonly sdkAppId: number;
  readonly roomId: string | null;
  readonly memberAccount: string | null;
}

/** The rules that stand, oldest first; the first one that matches and is drawn is met. */
export class FaultBook {
  private rules: { rule: FaultRule; left: number }[] = [];

  constructor(private readonly draw: () => number) {}

  add(rules: readonly FaultRule[]): void {
    this.rules.push(...rules.map((rule) => ({ rule, left: rule.times ?? Infinity })));
  }

  clear(): void {
    this.rules = [];
  }

  /** What still stands; `left` is null for rules without an end. */
  standing(): { rule: FaultRule; left: number | null }[] {
    return this.rules.map(({ rule, left }) => ({ rule, left: left === Infinity ? null : left }));
  }

  /** The fault that this call meets, which is used up by it. */
  next(target: FaultTarget): Fault | null {
    const entry = this.rules.find(({ rule }) => concerns(rule, target) && this.draw() < (rule.share ?? 1));
    if (entry === undefined) return null;
    entry.left--;
    if (entry.left === 0) this.rules = this.rules.filter((other) => other !== entry);
    return entry.rule.fault;
  }
}

function concerns(rule: FaultRule, target: FaultTarget): boolean {
  const { command } = rule;
  return (
    (command === undefined || command === target.command || target.command.endsWith(`/${command}`)) &&
    (rule.sdkAppId ?? target.sdkAppId) === target.sdkAppId &&
    (rule.roomId ?? target.roomId) === target.roomId &&
    (rule.memberAccount ?? target.memberAccount) === target.memberAccount
  );
}
