import { createServer } from 'node:net';

/** Every port the server may open, and those of the mail server and the AI service it is told of, before the offset. */
const PORTS = [9443, 9763, 8280, 8243, 9099, 8099, 9021, 8021, 3025, 3026];
const OFFSET_MIN = 1000;
/** Offsets of two blocks never lead to one port: the main ports lie within 1742 of each other, so 4000 between blocks of 2200 keep them apart. */
const BLOCK_STEP = 4000;
const BLOCK_SIZE = 2200;
/** With five blocks all ports stay below 32768, from where on the system gives out ephemeral ones. */
const BLOCKS = 5;

/** A server that was told of its ports may not have opened them yet. */
const givenOut = new Set();

const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '0.0.0.0', exclusive: true }, () => probe.close(() => resolve(true)));
  });

/**
 * An offset at which all the server's ports are free. Callers that run side by side name blocks of their own, so that neither takes a
 * port that the other has found free and not yet opened.
 * @param {number} block 0 for the server that all files share, the number of the Jest worker for one that a test starts
 * @returns {Promise<number>}
 */
export const freeOffset = async (block = 0) => {
  const first = OFFSET_MIN + (block % BLOCKS) * BLOCK_STEP;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const offset = first + Math.floor(Math.random() * BLOCK_SIZE);
    const ports = PORTS.map((port) => port + offset);
    if (ports.some((port) => givenOut.has(port))) continue;
    // At once, so that a second call meanwhile goes elsewhere.
    for (const port of ports) givenOut.add(port);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return offset;
  }
  throw new Error('found no offset at which all ports are free');
};
