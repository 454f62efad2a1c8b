// node bench/peers/bodies.mjs <port>: GET /bytes/<n> answers with as many bytes, a POST is read and answered with how many came.
import { createServer } from 'node:http';

const CHUNK = Buffer.alloc(64 * 1024, 'x');

const send = async (response, bytes) => {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes });
  for (let left = bytes; left > 0 && !response.destroyed; left -= CHUNK.length) {
    if (!response.write(left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK))
      await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
};

const count = async (request, response) => {
  let bytes = 0;
  for await (const chunk of request) bytes += chunk.length;
  response.end(String(bytes));
};

createServer((request, response) => {
  if (request.method === 'POST') return count(request, response).catch(() => response.destroy());
  return send(response, Number(request.url.slice('/bytes/'.length)));
}).listen(Number(process.argv[2]), '127.0.0.1');
