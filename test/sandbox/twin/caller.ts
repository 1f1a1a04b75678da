import { Agent, request } from 'node:http';
import { twinAdminIdentifier, twinSdkAppId, twinSecretKey } from '../../../sandbox/twin/credentials.js';
import type { SignedFields } from '../../../sandbox/twin/user-sig.js';
import { signUserSig } from '../../../sandbox/twin/user-sig.js';

/** What came back for one call; `code` is null where the body is no JSON. */
export interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
  readonly code: number | null;
  readonly body: Record<string, unknown>;
}

/** How a call differs from a right one. A query value of null leaves the parameter out. */
export interface Oddity {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | null>>;
  /** Sent as it is instead of the JSON of the body. */
  readonly raw?: string;
  readonly signal?: AbortSignal;
}

const agent = new Agent({ keepAlive: true });

export const pick = 'room_engine_http_mic/pick_user_on_seat';
export const seatList = 'room_engine_http_mic/get_seat_list';

/** A UserSig of the twin's administrator, valid for an hour, but for the fields given. */
export function signature(fields: Partial<SignedFields> = {}, key = twinSecretKey): string {
  const time = Math.floor(Date.now() / 1000) - 10;
  const usual = { identifier: twinAdminIdentifier, sdkAppId: twinSdkAppId, time, expire: 3600 };
  return signUserSig({ ...usual, ...fields }, key);
}

/** Calls the API as Tencent wants it, but for the oddity. Rejects when the connection is cut. */
export async function call(url: string, command: string, body: unknown, odd: Oddity = {}): Promise<Answer> {
  const query = new URLSearchParams({
    sdkappid: String(twinSdkAppId),
    identifier: twinAdminIdentifier,
    usersig: signature(),
    random: '4294967295',
    contenttype: 'json',
  });
  for (const [name, value] of Object.entries(odd.query ?? {})) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const target = `${url}${odd.path ?? `/v4/${command}`}?${query.toString()}`;
  return send(target, odd.raw ?? JSON.stringify(body), odd);
}

function send(target: string, text: string, { method = 'POST', signal }: Oddity): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      target,
      { method, agent, ...(signal !== undefined && { signal }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const type = response.headers['content-type'];
          resolve(answerOf(response.statusCode ?? 0, type, Buffer.concat(chunks).toString()));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

function answerOf(status: number, type: string | undefined, text: string): Answer {
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    return { status, type, text, body, code: Number(body['ErrorCode']) };
  } catch {
    return { status, type, text, body: {}, code: null };
  }
}

/** Waits until the condition holds; fails after two seconds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
