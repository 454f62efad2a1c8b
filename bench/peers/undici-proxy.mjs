// The bare proxy the gateway is measured against: one undici pool, raw headers, nothing else.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [port, target] = process.argv.slice(2);
const pool = new Pool(target, { connections: 256, pipelining: 1 });
const HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'proxy-authorization',
  'proxy-authenticate',
]);

const forwardable = (raw) => {
  const kept = [];
  for (let i = 0; i < raw.length; i += 2) if (!HOP.has(raw[i].toLowerCase())) kept.push(raw[i], raw[i + 1]);
  return kept;
};

class Exchange {
  constructor(response) {
    this.response = response;
    this.head = true;
  }
  onRequestStart(controller) {
    this.controller = controller;
  }
  onResponseStart(controller, statusCode) {
    const headers = [];
    const raw = controller.rawHeaders;
    for (let i = 0; i < raw.length; i += 2) {
      const name = raw[i].toString('latin1');
      if (!HOP.has(name.toLowerCase())) headers.push(name, raw[i + 1].toString('latin1'));
    }
    this.response.writeHead(statusCode, headers);
  }
  onResponseData(controller, chunk) {
    if (!this.response.write(chunk)) {
      controller.pause();
      this.response.once('drain', () => controller.resume());
    }
  }
  onResponseEnd() {
    this.response.end();
  }
  onResponseError() {
    if (!this.response.headersSent) this.response.writeHead(502);
    this.response.end();
  }
}

createServer((request, response) => {
  const body = request.headers['content-length'] || request.headers['transfer-encoding'] ? request : null;
  pool.dispatch({ method: request.method, path: request.url, headers: forwardable(request.rawHeaders), body }, new Exchange(response));
}).listen(Number(port), '127.0.0.1');
