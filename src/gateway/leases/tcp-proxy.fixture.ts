import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, so that a test can cut the line, slow it down, or have it go dead without a word. */
export class TcpProxy {
  /** How long each answer takes more, milliseconds. */
  delayMs = 0;
  private isCut = false;
  private readonly sockets = new Set<Socket>();
  private readonly dead = new WeakSet<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.carry(client));
  }

  static async start(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, target);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port; // listening on TCP
  }

  /** Ends every connection, and each new one at once, until restored. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  restore(): void {
    this.isCut = false;
  }

  /** The connections that there are pass nothing on any more, and nobody is told. */
  deaden(): void {
    for (const socket of this.sockets) this.dead.add(socket);
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(client: Socket): void {
    if (this.isCut) {
      client.destroy();
      return;
    }
    const server = connect(this.target);
    this.pass(client, server, () => 0);
    this.pass(server, client, () => this.delayMs);
  }

  private pass(from: Socket, to: Socket, delayMs: () => number): void {
    this.sockets.add(from);
    const delayed: Buffer[] = [];
    from.on('data', (data: Buffer) => {
      if (this.dead.has(from)) return;
      const delay = delayMs();
      if (delay === 0 && delayed.length === 0) {
        to.write(data);
        return;
      }
      delayed.push(data);
      // Whichever timer is first, the oldest goes first.
      setTimeout(() => {
        const oldest = delayed.shift();
        if (oldest !== undefined && !to.destroyed) to.write(oldest);
      }, delay);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
