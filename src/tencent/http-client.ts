import { randomInt } from 'node:crypto';
import axios from 'axios';
import type { AxiosResponse } from 'axios';
import type { Clock } from '../commands/ports.js';
import type { Exchange } from './exchange.js';
import { Departure } from './warm-agent.js';
import type { WarmSockets } from './warm-sockets.js';

/** Where to and as whom. */
export interface Endpoint {
  readonly baseUrl: string;
  readonly sdkAppId: number;
  readonly adminIdentifier: string;
  /** From the sending to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** One request: `path` below the base URL, `sendBy` in monotonic milliseconds. */
export interface Post {
  readonly path: string;
  readonly body: object;
  readonly signature: string;
  readonly sendBy: number;
}

/** The seat list of the largest room is a few kilobytes; more than this is no answer of Tencent's. */
const maxBodyBytes = 1_048_576;

/** `random` is unsigned and has 32 bits. */
const randomValues = 2 ** 32;

/**
 * Posts JSON to Tencent and tells what became of it. Errors of axios end here: they carry the whole URL, and with it the
 * signature.
 */
export class HttpClient {
  private readonly axios = axios.create({
    adapter: 'http',
    headers: { 'Content-Type': 'application/json' },
    // The bytes as they came: decoding is ours, and loses nothing.
    responseType: 'arraybuffer',
    validateStatus: () => true,
    // A redirect is an answer to judge, and proxies of the environment would go around our connections.
    maxRedirects: 0,
    proxy: false,
    maxContentLength: maxBodyBytes,
    // Ours, from sending to the last byte; that of axios ends with the head of the answer.
    timeout: 0,
  });

  constructor(
    private readonly endpoint: Endpoint,
    private readonly clock: Clock,
    private readonly sockets: WarmSockets,
  ) {}

  /** Never rejects. */
  async post(post: Post): Promise<Exchange> {
    const url = this.url(post);
    const departure = new Departure(this.sockets, this.clock, post.sendBy, url.protocol);
    const { timeoutMs } = this.endpoint;
    const timer = setTimeout(() => {
      departure.abandon();
    }, timeoutMs);
    try {
      const body = Buffer.from(JSON.stringify(post.body));
      const agents = { httpAgent: departure, httpsAgent: departure };
      const response = await this.axios.post<Buffer>(url.href, body, agents);
      return this.replied(departure, response);
    } catch (error) {
      return this.failed(
        departure,
        departure.abandoned ? `no answer within ${timeoutMs} ms` : whatHappened(error),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  private url({ path, signature }: Post): URL {
    const { baseUrl, sdkAppId, adminIdentifier } = this.endpoint;
    const url = new URL(`${baseUrl.replace(/\/+$/, '')}/${path}`);
    url.search = new URLSearchParams({
      sdkappid: String(sdkAppId),
      identifier: adminIdentifier,
      usersig: signature,
      random: String(randomInt(randomValues)),
      contenttype: 'json',
    }).toString();
    return url;
  }

  private replied(departure: Departure, { status, data, headers }: AxiosResponse<Buffer>): Exchange {
    const kept = /timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1];
    if (kept !== undefined && Number(kept) > 0) this.sockets.obey(Number(kept) * 1_000);
    const sent = this.sent(departure);
    return sent
      ? { kind: 'replied', ...sent, status, body: data }
      : { kind: 'unsent', message: departure.refusal };
  }

  private failed(departure: Departure, message: string): Exchange {
    const sent = this.sent(departure);
    return sent ? { kind: 'silent', ...sent, message } : { kind: 'unsent', message: departure.refusal };
  }

  private sent({ sentAt }: Departure): { sentAt: number; answeredAt: number } | null {
    return sentAt === null ? null : { sentAt, answeredAt: Math.max(sentAt, this.clock.now()) };
  }
}

/** Nothing of the error but its code is used. */
function whatHappened(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection was cut before an answer came';
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? `no whole answer: ${code}` : 'no whole answer';
}
