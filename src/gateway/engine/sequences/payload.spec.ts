import { MessagePayload } from './payload.js';

/** Bodies of which trees are made, or which are converted, keep the thread from everybody else meanwhile. */
const item = { id: 12345, name: 'Margherita', tags: ['a', 'b', 'c'], note: 'x'.repeat(40) };
const list = (count: number) => JSON.stringify({ items: Array.from({ length: count }, () => item) });

it.each([
  ['a long JSON body as XML', 'application/json', `["${'x'.repeat(5_000_000)}"]`],
  ['a JSON body of very many elements as XML', 'application/json', `[${'[],'.repeat(200_000)}[]]`],
  ['a long XML body', 'application/xml', `<a>${'x'.repeat(5_000_000)}</a>`],
  ['an XML body of very many elements', 'application/xml', `<a>${'<b/>'.repeat(150_000)}</a>`],
])('refuses to read %s', (_, type, body) => {
  const payload = new MessagePayload(Buffer.from(body), type);

  expect(() => payload.envelope()).toThrow(/Texts of more than 4194304 characters|Max Element Count \[100000\] Reached/);
});

it('converts what it takes without holding up others for long', () => {
  const body = Buffer.from(list(5_000));
  const before = process.cpuUsage();

  const xml = new MessagePayload(body, 'application/json').write('text/xml');
  const { user } = process.cpuUsage(before);

  expect(xml.toString()).toContain('<name>Margherita</name>');
  expect(user / 1_000).toBeLessThan(2_500);
});

it('still reads JSON of any size as JSON', () => {
  const payload = new MessagePayload(Buffer.from(list(60_000)), 'application/json');

  expect(JSON.stringify(payload.json())).toHaveLength(list(60_000).length);
});

it('keeps a property’s markup apart from the payload that was made of it', () => {
  const given = new MessagePayload(Buffer.from('<a><b/></a>'), 'application/xml').envelope().documentElement;
  const payload = new MessagePayload(null, null);

  payload.setXml(given);
  payload.envelope().documentElement.setAttribute('changed', 'yes');

  expect(given.hasAttribute('changed')).toBe(false);
});
