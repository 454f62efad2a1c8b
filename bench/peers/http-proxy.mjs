// The usual Node proxy, for scale.
import { Agent, createServer } from 'node:http';
import proxy from 'http-proxy';

const [port, target] = process.argv.slice(2);
const server = proxy.createProxyServer({ target, agent: new Agent({ keepAlive: true, maxSockets: 256 }) });
server.on('error', (_, __, response) => response.writeHead(502).end());
createServer((request, response) => server.web(request, response)).listen(Number(port), '127.0.0.1');
