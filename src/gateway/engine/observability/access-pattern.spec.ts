import { accessPattern } from './access-pattern.js';
import type { AccessRecord } from './access-record.js';

const HEADERS: Readonly<Record<string, string>> = { referer: 'https://shop.example/', 'user-agent': 'curl/8 "x"\r\nforged line' };
const record: AccessRecord = {
  client: '192.0.2.7',
  user: 'ann',
  at: Date.UTC(2026, 10, 22, 9, 8, 7),
  method: 'GET',
  url: '/pizza/1.0.0/menu?size=2',
  httpVersion: '1.1',
  status: 200,
  bytes: 5,
  durationMs: 1_234.5,
  host: 'localhost:8280',
  port: 8280,
  secure: false,
  header: (name) => HEADERS[name],
};

it('writes the product’s pattern', () => {
  const line = accessPattern('%h %l %u %t %r %s %b %{Referer}i %T')(record);

  expect(line).toBe(
    '192.0.2.7 - ann [22/Nov/2026:09:08:07 +0000] "GET /pizza/1.0.0/menu?size=2 HTTP/1.1" 200 5 "https://shop.example/" 1.234',
  );
});

it.each([
  ['%m %U %q %H %p %v', 'GET /pizza/1.0.0/menu ?size=2 HTTP/1.1 8280 localhost:8280'],
  ['%D ms, 100%%', '1235 ms, 100%'],
  ['%{X-Missing}i', '-'],
  ['%{user-agent}i', '"curl/8 \\"x\\"\\x0d\\x0aforged line"'],
])('writes %s', (pattern, line) => {
  expect(accessPattern(pattern)(record)).toBe(line);
});

it('writes a hyphen for what there is not', () => {
  expect(accessPattern('%u %b %B')({ ...record, user: null, bytes: 0 })).toBe('- - 0');
});

it.each([
  ['%z', /'%z'/],
  ['%', /'%'/],
  ['%{Server}o', /%\{Server\}o/],
  ['%{Authorization}i', /never writes the header 'authorization'/],
  ['%{Cookie}i', /never writes/],
  ['%{X-Gateway-Explain}i', /never writes/],
  ['%{open', /'%'/],
])('refuses the pattern %s', (pattern, reason) => {
  expect(() => accessPattern(pattern)).toThrow(reason);
});
