import { z } from 'zod';
import { twinAdminIdentifier, twinSdkAppId, twinSecretKey } from './credentials.js';
import { faultRuleSchema } from './faults.js';

/*
 * What the twin does, and how well that is known. D: documented by Tencent. O: observed in Tencent's published code.
 * I: assumed. Where something is unknown and has a name in the last column, that option switches it.
 *
 * | Behaviour                                                                   | Known | Option               |
 * | --------------------------------------------------------------------------- | ----- | -------------------- |
 * | path, query, POST only, JSON object as body, HTTP 200, envelope, RequestId   | D     |                      |
 * | UserSig: fields, text, HMAC, packing, order of its checks                    | O     |                      |
 * | a wrong HMAC answers 70009                                                   | I     | wrongSignatureCode   |
 * | order URL → JSON → signature → administrator → fields → room                 | I     |                      |
 * | a field too many, a wrong name, a wrong type: 100002                         | I     |                      |
 * | not POST, or `random` no 32-bit number: 60002; `contenttype` not json: 60025 | I     |                      |
 * | unknown service 60009; unknown command of a known service 10003              | I     |                      |
 * | 200 a second and command                                                     | D     | limitPerSecond       |
 * | counted per application and command, over any closed sliding second          | I     | limitScope           |
 * | a call refused by the limit counts like any other                            | I     | refusedCallsCount    |
 * | over the limit: 60007, decided at arrival, before everything else            | I     |                      |
 * | `random` is no idempotency key                                               | I     |                      |
 * | seats count from 0; REST means them in Conference rooms too                  | D/I   |                      |
 * | order of the checks of a pick                                                | I     | checkOrder           |
 * | an index beyond the room, or below 0: 100002                                 | I     | indexOutOfRangeCode  |
 * | pick onto the seat already held: 100203                                      | I     | sameSeatCode         |
 * | pick of somebody who sits elsewhere: 100203, and no move                     | D     |                      |
 * | pick onto a held seat: 100210                                                | D     | occupiedCode         |
 * | full = every seat is held or locked: 100205                                  | I     |                      |
 * | pick needs no consent, whatever TakeSeatMode says                            | I     |                      |
 * | kick of a member who sits nowhere: success                                   | I     | kickUnseatedCode     |
 * | kick of somebody who is not in the room: success                             | I     | kickNonMemberCode    |
 * | kick: `Data` is mandatory                                                    | D     |                      |
 * | kick: empty `Data` is refused                                                | I     | emptyKickDataRefused |
 * | kick: longest `Data`                                                         | I     | kickDataMaxBytes     |
 * | locking a held seat removes its holder first                                 | D     |                      |
 * | lock of a locked seat, unlock of an open one: success without effect         | I     |                      |
 * | a flag left out of a lock keeps its value                                    | I     | omittedLockFlags     |
 * | ForbidVideo/Audio belong to the holder, are ignored on empty and locked seats | D    |                      |
 * | the seat list has every seat, empty and locked ones too                      | D     |                      |
 * | an empty seat has no Member_Account                                          | I     | freeSeatAccount      |
 * | account ids of digits only come as bare numbers (seen in samples)            | D/I   | digitAccountsAsNumbers |
 * | the seat list of a room without seats is empty                               | I     | seatListWithoutSeats |
 * | reads show the present; existence of a room always does                      | I     | stalenessMs          |
 * | whoever leaves the room leaves the seat; a destroyed room frees all          | I     |                      |
 * | the owner of a new room is no member until he enters                         | I     |                      |
 * | a call can land up to 3 s after its caller gave up                           | D/I   | fault `late`         |
 */

/** The checks of a pick whose order is not documented. */
export const pickChecks = [
  'seats-disabled',
  'not-a-member',
  'already-seated',
  'queued',
  'no-such-seat',
  'locked',
  'full',
  'occupied',
] as const;
export type PickCheck = (typeof pickChecks)[number];

const application = z.strictObject({
  sdkAppId: z.int().min(1),
  secretKey: z.string().min(1),
  administrators: z.array(z.string().min(1)).min(1),
});

/** What may be changed while the twin runs. */
const behaviour = {
  /** Applications that are known, with their keys. Default: the one of `credentials.ts`. */
  applications: z.array(application).min(1),
  /** Usual time from arrival to answer, milliseconds; executed half-way. Default 6. */
  latencyMeanMs: z.number().min(0).max(60_000),
  /** Latency lies evenly within ± this, milliseconds. Default 4: 2 to 10 ms. */
  latencyJitterMs: z.number().min(0).max(60_000),
  /** Calls allowed in any closed sliding second. Default 200, as all pages say. */
  limitPerSecond: z.int().min(1),
  /** Whether every command has its own limit or all share one, within an application. Default `command`. */
  limitScope: z.enum(['command', 'application']),
  /** Whether a call refused by the limit still counts in the windows to come. Default true, the harsher reading. */
  refusedCallsCount: z.boolean(),
  /** Order of the checks of a pick, all of them. Default: as proposed in the notes on the API. */
  checkOrder: z
    .array(z.enum(pickChecks))
    .refine((order) => order.length === pickChecks.length && new Set(order).size === order.length, {
      message: `name each of these once: ${pickChecks.join(', ')}`,
    }),
  /** Pick onto the very seat that the member holds. Default 100203. */
  sameSeatCode: z.literal([100203, 100210]),
  /** Pick onto a seat that another one holds. Default 100210; 100201 stands in the global table. */
  occupiedCode: z.literal([100210, 100201]),
  /** Index beyond the seats, or below 0. Default 100002. */
  indexOutOfRangeCode: z.int(),
  /** Kick of a member without a seat. Default 0: the page lists no code for it. */
  kickUnseatedCode: z.literal([0, 100206]),
  /** Kick of somebody who is not in the room. Default 0: the page lists no code for it. */
  kickNonMemberCode: z.literal([0, 100005, 100206]),
  /** Whether an empty `Data` of a kick is refused. Default true. */
  emptyKickDataRefused: z.boolean(),
  /** Longest `Data` of a kick, bytes. Default 200; no limit is documented. */
  kickDataMaxBytes: z.int().min(1),
  /** What a lock without some flag does to it. Default `unchanged`. */
  omittedLockFlags: z.enum(['unchanged', 'cleared']),
  /** Reading the seats of a room made without seats. Default `empty-list`: 100211 is not on that page. */
  seatListWithoutSeats: z.enum(['empty-list', 'refused']),
  /** How a seat list shows that nobody sits there. Default `absent`. */
  freeSeatAccount: z.enum(['absent', 'empty-text']),
  /** Whether accounts of digits come as bare JSON numbers, as in some samples. Default false. */
  digitAccountsAsNumbers: z.boolean(),
  /** Answer to a signature whose HMAC is wrong. Default 70009. */
  wrongSignatureCode: z.literal([70003, 70009]),
  /** How old the state is that `get_seat_list` shows, milliseconds. Default 0, at most 10,000. */
  stalenessMs: z.number().min(0).max(10_000),
  /** Most seats that the plan allows in `create_room`, and how many come when none are named. Default 20. */
  planSeats: z.int().min(1),
};

const schema = z.strictObject({
  ...behaviour,
  /** TCP port on 127.0.0.1. Default 0: a free one. */
  port: z.int().min(0).max(65_535),
  /** Idle time after which a kept connection is closed, milliseconds. Default 60,000. */
  keepAliveMs: z.int().min(1),
  /** Decides latencies and the draws of the faults. Default 1. */
  seed: z.int(),
  /** Faults that stand from the start and again after a reset. Default none. */
  faults: z.array(faultRuleSchema),
  /** How many of the latest calls are kept. Default 50,000. */
  keptCalls: z.int().min(1),
  /** How many of the latest effects are kept. Default 50,000. */
  keptEffects: z.int().min(1),
});

/** Everything that can be chosen when the twin starts. */
export type TwinOptions = Readonly<z.infer<typeof schema>>;

const changeSchema = z.strictObject(behaviour).partial();

/** What can be chosen while it runs. */
export type TwinBehaviour = z.infer<typeof changeSchema>;

/** Strict, yet by-the-page: every unknown stands at its safe side. */
const defaultOptions: TwinOptions = {
  port: 0,
  applications: [{ sdkAppId: twinSdkAppId, secretKey: twinSecretKey, administrators: [twinAdminIdentifier] }],
  keepAliveMs: 60_000,
  seed: 1,
  latencyMeanMs: 6,
  latencyJitterMs: 4,
  limitPerSecond: 200,
  limitScope: 'command',
  refusedCallsCount: true,
  checkOrder: [...pickChecks],
  sameSeatCode: 100203,
  occupiedCode: 100210,
  indexOutOfRangeCode: 100002,
  kickUnseatedCode: 0,
  kickNonMemberCode: 0,
  emptyKickDataRefused: true,
  kickDataMaxBytes: 200,
  omittedLockFlags: 'unchanged',
  seatListWithoutSeats: 'empty-list',
  freeSeatAccount: 'absent',
  digitAccountsAsNumbers: false,
  wrongSignatureCode: 70009,
  stalenessMs: 0,
  planSeats: 20,
  faults: [],
  keptCalls: 50_000,
  keptEffects: 50_000,
};

/** Defaults with what was chosen; throws a text that names every wrong option. */
export function chooseOptions(chosen: object): TwinOptions {
  return read(schema, { ...defaultOptions, ...chosen });
}

/** Options with a change made while running; throws like `chooseOptions`. */
export function changeOptions(options: TwinOptions, change: unknown): TwinOptions {
  return read(schema, { ...options, ...read(changeSchema, change) });
}

/** Names of all options. */
export const optionNames = Object.keys(defaultOptions);

function read<T>(shape: z.ZodType<T>, value: unknown): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`The twin's options are wrong:\n${z.prettifyError(result.error)}`);
}
