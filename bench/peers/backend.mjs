// The backend where nginx is not installed.
import { createServer } from 'node:http';

const BODY = Buffer.from(JSON.stringify({ ok: true, items: Array.from({ length: 20 }, (_, id) => ({ id, name: `item ${id}` })) }));
createServer((_, response) =>
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': BODY.length }).end(BODY),
).listen(Number(process.argv[2]), '127.0.0.1');
