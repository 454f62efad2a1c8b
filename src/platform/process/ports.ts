import { createServer } from 'node:net';
import { StartError } from '../config/config-error.js';

const PORT_MAX = 65_535;

/**
 * Listens on each port alone for a moment: the gateway's workers share theirs (`reusePort`), which would hide that another server has it.
 * @throws StartError naming the port that is taken or may not be opened.
 */
export const requireFreePorts = async (host: string, ports: readonly number[]): Promise<void> => {
  await Promise.all(ports.map((port) => probe(host, port)));
};

const probe = (host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    if (port > PORT_MAX) return reject(new StartError(`port ${port} does not exist, ${PORT_MAX} is the highest; lower server.offset`));
    const server = createServer();
    server.once('error', (err) => reject(portRefused(port, err)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve()));
  });

/** The line for the operator when a port cannot be opened. */
export const portRefused = (port: number, err: NodeJS.ErrnoException): StartError => {
  const why =
    err.code === 'EADDRINUSE' ? 'is taken' : err.code === 'EACCES' ? 'may not be opened by this user' : `cannot be opened (${err.message})`;
  return new StartError(`port ${port} ${why}; stop the other server, or shift all ports with server.offset`, { cause: err });
};
