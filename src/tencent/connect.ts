import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

/** One connection: what requests are written to, and how to cut it so that nothing still unsent goes out later. */
export interface Connection {
  readonly socket: Socket;
  /** The event after which it can carry a request: TCP connected, or TLS finished. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /**
   * Ends it with a reset. A plain close lets the kernel go on sending what it still holds, for a minute or more: a call
   * that we gave up could then reach Tencent after its quiet time.
   */
  reset(): void;
}

/** Opens connections to the origin of a base URL. `tls` is added to the TLS options. */
export function connectionsTo(baseUrl: URL, tls: ConnectionOptions = {}): () => Connection {
  const secure = baseUrl.protocol === 'https:';
  const host = baseUrl.hostname.replace(/^\[|\]$/g, '');
  const port = Number(baseUrl.port) || (secure ? 443 : 80);
  const servername = isIP(host) ? {} : { servername: host };
  // One context for all: making one takes a millisecond, and calls wait on this thread.
  const options = secure && {
    secureContext: createSecureContext(tls),
    ALPNProtocols: ['http/1.1'],
    host,
    ...servername,
    ...tls,
  };
  return () => {
    const tcp = connectTcp({ host, port, noDelay: true, keepAlive: true });
    const reset = (): void => void tcp.resetAndDestroy();
    if (!options) return { socket: tcp, readyEvent: 'connect', reset };
    // Node resets TCP sockets alone, so the one under TLS is opened first and kept at hand.
    return { socket: connectTls({ ...options, socket: tcp }), readyEvent: 'secureConnect', reset };
  };
}
