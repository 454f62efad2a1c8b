import { apiLogLine, type FlowRecord } from './api-log-line.js';
import { Payload, Payloads } from './payloads.js';

const record: FlowRecord = {
  level: 'STANDARD',
  flow: 'REQUEST_OUT',
  at: Date.UTC(2026, 10, 22, 7, 40, 0, 123),
  api: 'Weather',
  apiTo: '/weather/1.0.0/today',
  correlationId: 'order-7',
  verb: 'GET',
  sourceIP: '127.0.0.1',
  headers: [],
  credentials: ['x-backend-id'],
  payload: null,
};
const shown = (name: string, value: string): unknown => {
  const line = apiLogLine({ ...record, headers: [name, value] });
  return JSON.parse(line.slice(line.indexOf('{"'))).headers;
};

it('has the date, the level, the logger and the API before what it tells', () => {
  expect(apiLogLine({ ...record, level: 'BASIC' })).toBe(
    '[2026-11-22 07:40:00,123] INFO {API_LOG} Weather - {"apiTo":"/weather/1.0.0/today","correlationId":"order-7","flow":"REQUEST_OUT","verb":"GET","sourceIP":"127.0.0.1"}\n',
  );
});

it.each([
  ['Authorization', 'Bearer s3cret', ['Authorization=***']],
  ['APIKEY', 's3cret', ['APIKEY=***']],
  ['Cookie', 'a=s3cret', ['Cookie=***']],
  ['Set-Cookie', 'a=s3cret', ['Set-Cookie=***']],
  ['X-Backend-Id', 's3cret', ['X-Backend-Id=***']],
  ['X-Amz-Security-Token', 's3cret', ['X-Amz-Security-Token=***']],
  ['X-Caller', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln', ['X-Caller=***']],
  ['X-Upstream', 'Basic czNjcmV0', ['X-Upstream=***']],
  ['Location', '/next?token=s3cret&page=2', ['Location=/next?token=***&page=2']],
  ['WWW-Authenticate', 'Basic realm="x"', ['WWW-Authenticate=Basic realm="x"']],
  ['WWW-Authenticate', 'Internal API Key realm="x"', ['WWW-Authenticate=Internal API Key realm="x"']],
  [':path', '/weather?apikey=s3cret', []],
  ['Accept', 'a="b"\u0007', ['Accept=a="b"\u0007']],
])('shows the header %s: %s', (name, value, headers) => expect(shown(name, value)).toEqual(headers));

it('is one line, whatever is in it', () => {
  const payload = Payload.of(new Payloads(100), Buffer.from('one\ntwo\r\nthree'));

  const line = apiLogLine({ ...record, level: 'FULL', headers: ['X', 'a\r\nb'], payload });

  expect(line.trimEnd().split(/[\r\n]/)).toHaveLength(1);
  expect(JSON.parse(line.slice(line.indexOf('{"')))).toMatchObject({ payload: 'one\ntwo\r\nthree' });
});
