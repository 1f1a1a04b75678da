import type { Connection } from './connect.js';
import type { WarmthLimits } from './warmth-limits.js';

/** What the pool is told about one of its connections. */
export interface Watcher {
  /** It can carry a request: for the first time, or again. */
  free(held: HeldConnection): void;
  /** It is gone. `failure` names why, where it never was of any use. */
  gone(held: HeldConnection, failure: string | null): void;
}

/**
 * One connection through its life: connecting, then idle and busy in turn, then gone. Its listeners stay for good;
 * whether it is idle tells what an event means.
 */
export class HeldConnection {
  state: 'connecting' | 'idle' | 'busy' | 'gone' = 'connecting';
  /** Rises with every request: whoever remembers an older number has nothing to do with this connection any more. */
  uses = 0;
  private readyAt: number | null = null;
  private served = false;
  private failure = 'it was closed at once';

  constructor(
    readonly connection: Connection,
    private readonly limits: WarmthLimits,
    watcher: Watcher,
  ) {
    const { socket, readyEvent } = connection;
    socket.setTimeout(limits.connectMs);
    socket.once(readyEvent, () => {
      this.readyAt = performance.now();
      watcher.free(this);
    });
    // Node's HTTP client emits it once an answer was read to its end and the connection may be used again.
    socket.on('free', () => {
      this.served = true;
      watcher.free(this);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => (this.failure = error.code ?? 'it failed'));
    this.destroyWhenUseless();
    socket.once('close', () => {
      this.state = 'gone';
      watcher.gone(this, this.wasOfNoUse() ? this.failure : null);
    });
  }

  /** Waits for work, at most for `idleMs`. */
  rest(idleMs: number): void {
    this.state = 'idle';
    this.connection.socket.setTimeout(idleMs);
  }

  /** Taken by a request: from now on Node's HTTP client says what happens on it. */
  work(): void {
    this.state = 'busy';
    this.uses += 1;
    this.connection.socket.setTimeout(0);
  }

  /** False when the server has hung up and the news of it is only on its way. */
  get usable(): boolean {
    const { socket } = this.connection;
    return !socket.destroyed && socket.readable && socket.writable;
  }

  /** Ends it, unless a request is on it. */
  end(): void {
    if (this.state !== 'busy') this.connection.socket.destroy();
  }

  private destroyWhenUseless(): void {
    const { socket } = this.connection;
    const endIdle = (): void => {
      if (this.state === 'idle') socket.destroy();
    };
    // Whatever comes unasked (an early answer, a "408, you were too slow") would be taken for the answer of the next request.
    socket.on('data', endIdle);
    socket.on('end', endIdle);
    socket.on('timeout', () => {
      if (this.state === 'connecting') this.failure = 'connecting took too long';
      this.end();
    });
  }

  private wasOfNoUse(): boolean {
    if (this.readyAt === null) return true;
    return (
      !this.served && this.state !== 'busy' && performance.now() - this.readyAt < this.limits.stillbornMs
    );
  }
}
