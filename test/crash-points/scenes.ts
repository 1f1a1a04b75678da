import type { Fault } from '../../sandbox/twin/faults.js';
import type { Sent } from '../support/stage/stage.js';
import { done, refusal } from './endings.js';
import type { Ending } from './endings.js';

/** What happens to a message before its instance stops, and all that has to be arranged for it. */
interface Scene {
  /** Meets the calls in the room: the first of them, and none of the successor's. */
  readonly fault?: Fault;
  /** Somebody else sits on the wanted seat, unknown to the service. */
  readonly isTaken?: true;
  /** A request of the same room that is settled before. */
  readonly prior?: (request: Request) => Request;
  /** The message itself, if it is no sound request. `mark` is the text by which the instance knows it. */
  readonly message?: (request: Request, mark: string) => Sent;
  /** Whether it ends among the dead letters. */
  readonly isLetter?: true;
  /** What goes wrong in the instance before the point: see `halt.mjs`. */
  readonly twist?: 'stall' | 'SIGTERM' | 'stall, then SIGTERM';
  /** Messages that lead to their point behind a quiet time (8.5 s) are sent first, those that disturb the others last. */
  readonly turn?: 'first' | 'last';
  readonly settings?: Readonly<Record<string, string>>;
  /** An earlier instance has made the call and was killed before it heard the answer. */
  readonly isInherited?: true;
  /** What comes of it if nobody stops; mia is seated by one call unless it says otherwise. */
  readonly ends?: Partial<Ending>;
}

/** The request for mia. */
export type Request = Readonly<Record<string, unknown>> & {
  readonly roomId: string;
  readonly requestId: string;
};

/** Tom sits on the seat, and the mirror knows it. */
const tomFirst = (request: Request): Request => ({
  ...request,
  requestId: `${request.roomId}-tom`,
  memberAccount: 'tom',
});
/** The same. */
const itself = (request: Request): Request => request;

const uncalled = { calls: 0, seated: 0 };

/** The ways of a message. All ask for mia on seat 1. */
const scenes = {
  'refused by the mirror': { prior: tomFirst, ends: { ...uncalled, told: refusal('mirror', 0) } },
  'called at once': {},
  'executed late': { fault: { kind: 'late', delayMs: 2500, answer: 'cut' } },
  'never answered': { fault: { kind: 'no-answer', executes: true } },
  'answered "later"': { fault: { kind: 'code', code: 100102 } },
  'told to slow down': { fault: { kind: 'code', code: 60007 }, turn: 'last' },
  'answer lost': { fault: { kind: 'answer-lost' } },
  'request lost': { fault: { kind: 'request-lost' }, turn: 'first' },
  'slot missed': { twist: 'stall' },
  'refused by Tencent': { isTaken: true },
  'sampled prediction': { prior: tomFirst, settings: { MIRROR_AUDIT_SHARE: '1' } },
  'invalid request': {
    message: (request, mark) => ({ ...request, mark, index: 'first' }),
    ends: { ...uncalled, told: { status: 'rejected', reason: 'invalid-request', attempts: 0 } },
  },
  'unreadable message': {
    isLetter: true,
    message: ({ roomId }, mark) => ({ raw: { key: roomId, value: `{"not json": ${mark}` } }),
    ends: { ...uncalled, told: { dl_reason: 'not-json' }, recorded: 0 },
  },
  'id used before': {
    isLetter: true,
    prior: itself,
    message: (request, mark) => ({ ...request, mark, index: 2 }),
    ends: { told: { dl_reason: 'request-id-reused' } },
  },
  'sent twice': { prior: itself },
  'inherited, executed': { isInherited: true, fault: { kind: 'no-answer', executes: true } },
  'inherited, not executed': { isInherited: true, fault: { kind: 'no-answer' }, turn: 'first' },
  'SIGTERM during the call': { twist: 'SIGTERM', fault: { kind: 'slow', latencyMs: 2000 } },
  'SIGTERM after a missed slot': { twist: 'stall, then SIGTERM' },
} as const satisfies Record<string, Scene>;

export type SceneName = keyof typeof scenes;

/** The scene of that name. */
export function sceneOf(name: SceneName): Scene {
  return scenes[name];
}

/** What comes of a message of that scene, but for these changes. */
export function endingOf(name: SceneName, changes: Partial<Ending> = {}): Ending {
  return { ...done('tencent', 1), ...sceneOf(name).ends, ...changes };
}
