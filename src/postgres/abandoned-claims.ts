import { Injectable } from '@nestjs/common';
import { neverTold } from '../seating/answer.js';
import { Log } from '../telemetry/log.js';
import { Database } from './database.js';
import { abandonStatement } from './statements/claim.js';

/** Usual owners come back within a session timeout; a minute beyond the quiet time nobody is at it, or it makes no difference. */
const everyMs = 30_000;

/**
 * Claims that nobody settles: their messages are gone from the topic, or nobody may read them. Long after the quiet time
 * nothing of their calls can take effect any more, so they need not keep their rivals waiting: they are released, with a
 * result that counts as unknown. Whoever owns the request reads the seats back first, as he would have before.
 */
@Injectable()
export class AbandonedClaims {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.release(), everyMs);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Releases all that are a minute beyond their quiet time. Never rejects. */
  async release(): Promise<void> {
    try {
      const released = await this.database.run<{ requestId: string; roomId: string }>(abandonStatement, [
        JSON.stringify(neverTold(0)),
      ]);
      for (const claim of released)
        this.log.warn(claim, 'a claim was released that nobody settled: it keeps its rivals waiting no more');
    } catch (error) {
      this.log.warn({ error: String(error) }, 'claims that nobody settles could not be released');
    }
  }
}
