import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly socket: Socket;
  /** The client's port: tells connections apart, also when they are gone. */
  readonly from: number | undefined;
}

type Answering = (seen: Seen, response: ServerResponse) => void;

/** An HTTP server on a free port that keeps every connection and request it saw, and answers as it is told. */
export class LocalServer {
  readonly seen: Seen[] = [];
  readonly sockets: Socket[] = [];
  answer: Answering = (_seen, response) => {
    envelope(response, { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', RequestId: 'Id-1' });
  };

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => undefined);
      this.sockets.push(socket);
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.receive(request, response);
    });
  }

  /** Listens on 127.0.0.1; `server` may be one that speaks TLS. */
  static async start(server: Server = createServer()): Promise<LocalServer> {
    const started = new LocalServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections still open at this end. */
  get open(): Socket[] {
    return this.sockets.filter((socket) => !socket.destroyed);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const from = request.socket.remotePort;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers, socket } = request;
    const seen = {
      method,
      url: new URL(url, this.url),
      headers,
      body: Buffer.concat(chunks).toString(),
      socket,
      from,
    };
    this.seen.push(seen);
    this.answer(seen, response);
  }
}

/** Answers with this JSON, as Tencent does: with status 200. */
export function envelope(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
