// CPU time of one RS256 signature by node:crypto, in microseconds, over some seconds.
import { generateKeyPairSync, sign } from 'node:crypto';

const seconds = Number(process.argv[2]);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const text = Buffer.from('x'.repeat(700));
for (let i = 0; i < 500; i += 1) sign('sha256', text, privateKey);
const before = process.cpuUsage();
const end = performance.now() + seconds * 1_000;
let signatures = 0;
while (performance.now() < end) {
  for (let i = 0; i < 50; i += 1) sign('sha256', text, privateKey);
  signatures += 50;
}
const { user, system } = process.cpuUsage(before);
console.log((user + system) / signatures);
