import { Injectable } from '@nestjs/common';
import { Clock } from '../commands/ports.js';
import { AppSettings } from '../config/app-settings.js';
import { neverTold } from '../seating/answer.js';
import { Log } from '../telemetry/log.js';
import { Database } from './database.js';
import { abandonStatement, overdueStatement } from './statements/abandon.js';

const everyMs = 30_000;
/** Beyond our timeout; the quiet time takes some 6 s of it. */
const watchMarginMs = 20_000;
/** An owner settles within ten seconds of the longest deadline and the quiet time; a minute is six times as much. */
const marginMs = 60_000;

/**
 * Claims that nobody settles: their messages are gone from the topic, or nobody may read them. When every owner must have
 * given up long ago, and nothing of their calls can take effect any more, they need not keep their rivals waiting: they are
 * released, with a result that counts as unknown. Whoever owns the request after all reads the seats back first.
 */
@Injectable()
export class AbandonedClaims {
  private timer: NodeJS.Timeout | null = null;
  /** Nonces of the claims that were overdue at the last look, and since when (monotonic). */
  private overdue = new Map<string, number>();
  private readonly overdueMs: number;
  /** A claim that is overdue for so long on our own clock is quiet, however the database's was set. */
  private readonly watchMs: number;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    { requests, tencent }: AppSettings,
    private readonly log: Log,
  ) {
    this.overdueMs = requests.maxTtlMs + marginMs;
    this.watchMs = tencent.timeoutMs + watchMarginMs;
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), everyMs);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Releases what was overdue at a look some time ago and still is. Never rejects: what fails is tried at the next look. */
  async look(): Promise<void> {
    try {
      const rows = await this.database.once<{ nonce: string }>(overdueStatement, [this.overdueMs]);
      const now = this.clock.monotonic();
      this.overdue = new Map(rows.map(({ nonce }) => [nonce, this.overdue.get(nonce) ?? now]));
      const nonces = [...this.overdue]
        .filter(([, since]) => now - since >= this.watchMs)
        .map(([nonce]) => nonce);
      if (nonces.length > 0) await this.release(nonces);
    } catch (error) {
      this.log.warn({ error: String(error) }, 'claims that nobody settles could not be looked for');
    }
  }

  private async release(nonces: readonly string[]): Promise<void> {
    const values = [JSON.stringify(neverTold(0)), nonces];
    const released = await this.database.once<{ requestId: string; roomId: string }>(
      abandonStatement,
      values,
    );
    for (const claim of released)
      this.log.warn(claim, 'a claim was released that nobody settled: it keeps its rivals waiting no more');
  }
}
