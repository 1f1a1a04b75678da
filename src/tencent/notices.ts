import type { Log } from '../telemetry/log.js';
import type { Verdict } from './verdict.js';

/** A fault that every call meets is told once in this time, not 200 times a second. */
const quietMs = 60_000;

/** Tells people what Tencent's answers ask of them: at ERROR what only a person can mend, at WARN what is worth a look. */
export class Notices {
  private readonly toldAt = new Map<string, number>();

  constructor(private readonly log: Log) {}

  /** `now` is monotonic milliseconds. */
  note({ row, strange, told }: Verdict, command: string, now: number): void {
    if (!strange && (row.class === 'ok' || row.class === 'business')) return;
    const { code, httpStatus, tencentRequestId, message } = told;
    const key = `${command} ${code ?? httpStatus ?? message}`;
    if (now - (this.toldAt.get(key) ?? -Infinity) < quietMs) return;
    this.toldAt.set(key, now);
    const level = row.class === 'configuration' ? 'error' : 'warn';
    const meaning =
      row.class === 'configuration' ? `${row.meaning}; no call succeeds until it is mended` : row.meaning;
    this.log[level](
      { command, code, httpStatus, tencentRequestId, tencentMessage: message },
      `Tencent: ${meaning}`,
    );
  }
}
