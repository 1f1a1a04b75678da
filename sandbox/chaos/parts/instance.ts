import { setTimeout as wait } from 'node:timers/promises';
import type { TcpProxy } from '../../parts/tcp-proxy.js';
import { until } from '../../parts/until.js';
import { startUsher } from '../../parts/usher.js';
import type { Usher } from '../../parts/usher.js';
import type { LogWatch } from './log-watch.js';

/** An instance's own wires to what it depends on. `kafka` is null where the broker is not ours. */
export interface Wires {
  readonly postgres: TcpProxy;
  readonly twin: TcpProxy;
  readonly kafka: TcpProxy | null;
}

export interface InstanceOptions {
  readonly number: number;
  readonly wires: Wires;
  readonly settings: Readonly<Record<string, string>>;
  /** Folder of the build; null: the project's own. */
  readonly dist: string | null;
  readonly watch: LogWatch;
  /** Told what happens to it. */
  readonly note: (what: string) => void;
}

/** After an instance ended by itself, whoever runs it starts it again. */
const restartAfterMs = 500;

/** One place in the fleet: a process, started again whenever it ends by itself, as an orchestrator would. */
export class Instance {
  readonly wires: Wires;
  /** Ended without being told to. */
  endedByItself = 0;
  /** SIGTERM that did not lead to exit 0 within 15 s. */
  stoppedBadly = 0;
  private usher: Usher | null = null;
  private isPaused = false;
  private closed = false;

  constructor(private readonly options: InstanceOptions) {
    this.wires = options.wires;
  }

  get name(): string {
    return `instance ${this.options.number}`;
  }

  /** Runs and is not stopped by a signal. */
  get isAtWork(): boolean {
    return this.usher !== null && !this.isPaused;
  }

  /** Starts it, without waiting until it is ready. */
  async start(): Promise<void> {
    const { settings, dist, watch } = this.options;
    const usher = await startUsher(settings, {
      readyWithinMs: null,
      ...(dist !== null && { dist }),
      onLine: (line) => {
        watch.line(this.options.number, line);
      },
    });
    this.usher = usher;
    void usher.exited.then(({ code, signal }) => this.ended(usher, String(code ?? signal)));
  }

  async ready(withinMs: number): Promise<void> {
    await until(
      async () => ((await this.isReady()) ? true : null),
      withinMs,
      () => `${this.name} is not ready:\n${this.usher?.log.slice(-10).join('\n') ?? 'it does not run'}`,
    );
  }

  async isReady(): Promise<boolean> {
    try {
      return (
        this.usher !== null &&
        (await fetch(`${this.usher.url}/health/ready`, { signal: AbortSignal.timeout(2000) })).ok
      );
    } catch {
      return false;
    }
  }

  /** `kill -9`; `start` brings another one. */
  async kill(): Promise<void> {
    const usher = this.release();
    await usher?.kill();
  }

  /** SIGTERM, and how long it took. */
  async stop(): Promise<void> {
    const usher = this.release();
    if (usher === null) return;
    const began = performance.now();
    const { code, signal } = await usher.stop();
    const ms = performance.now() - began;
    if (code === 0 && ms <= 15_000) return;
    this.stoppedBadly += 1;
    this.options.note(
      `${this.name} did not stop in order: ${String(code ?? signal)} after ${Math.round(ms)} ms`,
    );
  }

  pause(): void {
    this.isPaused = true;
    this.usher?.signal('SIGSTOP');
  }

  resume(): void {
    this.isPaused = false;
    this.usher?.signal('SIGCONT');
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.kill();
    const { postgres, twin, kafka } = this.wires;
    await Promise.all([postgres.stop(), twin.stop(), kafka?.stop()]);
  }

  /** From here on its end is no news. */
  private release(): Usher | null {
    const { usher } = this;
    this.usher = null;
    this.isPaused = false;
    return usher;
  }

  private isWanted(): boolean {
    return !this.closed && this.usher === null;
  }

  private async ended(usher: Usher, how: string): Promise<void> {
    if (this.usher !== usher || this.closed) return;
    this.release();
    this.endedByItself += 1;
    const last = usher.log.at(-1) ?? '';
    this.options.note(`${this.name} ended by itself (${how}): ${last.slice(0, 300)}`);
    await wait(restartAfterMs);
    if (this.isWanted()) await this.start();
  }
}
