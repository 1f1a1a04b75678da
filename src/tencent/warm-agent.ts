import type { ClientRequest } from 'node:http';
import type { Clock } from '../commands/ports.js';
import type { HeldConnection } from './held-connection.js';
import type { WarmSockets } from './warm-sockets.js';

/**
 * The agent of one request, as far as Node looks at one: `_http_client.js` calls `addRequest` synchronously while it makes
 * the request. Handing a connected connection over is the moment at which the request leaves; whatever fails before is
 * provably unsent, whatever fails after may have been carried out. No request ever waits in here.
 */
export class Departure {
  /** Node keeps a connection after the answer only for agents that say so. */
  readonly keepAlive = true;
  readonly defaultPort: number;
  /** When it left (database time); null as long as not a byte can have left. */
  sentAt: number | null = null;
  /** Why it did not leave, in words. */
  refusal = 'the request could not be made';
  /** Given up by us. */
  abandoned = false;
  private held: HeldConnection | null = null;
  private use = 0;

  /** Open until `sendBy` (monotonic milliseconds). */
  constructor(
    private readonly sockets: WarmSockets,
    private readonly clock: Clock,
    private readonly sendBy: number,
    readonly protocol: string,
  ) {
    this.defaultPort = protocol === 'https:' ? 443 : 80;
  }

  /** Called by Node. Throws where the request must not leave: axios then fails before anything was written. */
  addRequest(request: ClientRequest): void {
    const held = this.sockets.take();
    if (!held)
      throw this.refused(
        `no connected socket was free; of the last one that failed: ${this.sockets.lastFailure}`,
      );
    // With the socket in hand, so that nothing but the write lies between this look at the clock and the wire.
    const late = this.clock.monotonic() - this.sendBy;
    if (late > 0) {
      this.sockets.shelve(held);
      throw this.refused(`the slot was missed by ${late.toFixed(1)} ms`);
    }
    this.held = held;
    this.use = held.uses;
    this.sentAt = this.clock.now();
    request.onSocket(held.connection.socket);
  }

  /** Gives the request up, so that nothing of it that is still on its way out of this machine arrives later. */
  abandon(): void {
    this.abandoned = true;
    if (this.held?.state === 'busy' && this.held.uses === this.use) this.held.connection.reset();
  }

  private refused(why: string): Error {
    this.refusal = why;
    return new Error(why);
  }
}
