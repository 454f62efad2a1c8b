#!/usr/bin/env node
import { createRequire } from 'node:module';

/** Password hashes use the argon2 of `node:crypto`, which came with this version. */
const [MAJOR_MIN, MINOR_MIN] = [24, 7];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < MAJOR_MIN || (major === MAJOR_MIN && minor < MINOR_MIN)) {
  process.stderr.write(
    `gatehouse: Node ${process.versions.node} is too old, ${MAJOR_MIN}.${MINOR_MIN} is the oldest; "npm start" brings its own\n`,
  );
  process.exit(2);
}

// libuv's helper threads do password hashes, files, DNS and compression for all threads; must be set before the first of them starts.
process.env['UV_THREADPOOL_SIZE'] ??= '8';
// Compiled code is kept between starts; asked for this way because older versions, refused above, do not have it to import.
createRequire(import.meta.url)('node:module').enableCompileCache();

const { run } = await import('./commands.js');
await run(process.argv);
