import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Takes traces over OTLP/HTTP, as JSON. */
export class TraceCollector {
  /** What it was sent, export by export. */
  readonly exports: string[] = [];
  private readonly server = createServer(async (request, reply) => {
    this.exports.push(await text(request));
    reply.end('{}');
  });

  /** Listens on the port, or on any free one; gives which. */
  async start(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port; // it listens on TCP
  }

  stop(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
