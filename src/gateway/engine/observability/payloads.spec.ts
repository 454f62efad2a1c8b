import { Payload, Payloads } from './payloads.js';

it('keeps no more than the beginning, and gives its memory back', () => {
  const payloads = new Payloads(4);
  const payload = new Payload(payloads).hold();

  payload.add(Buffer.from('ab'));
  payload.add(Buffer.from('cdef'));
  payload.add(Buffer.from('gh'));

  expect(payload).toMatchObject({ bytes: 8, isComplete: true, isCut: true });
  expect(payload.text()).toBe('abcd');
  expect(payloads.heldBytes).toBe(4);
  payload.release();
  expect(payloads.heldBytes).toBe(0);
});

it.each([
  ['grün', 4, 'grü'],
  ['grün', 3, 'gr'],
  ['ok\0', 9, null],
  ['\u00ff', 9, 'ÿ'],
])('shows %j in %d bytes as %j', (text, bytesMax, shown) => {
  expect(Payload.of(new Payloads(bytesMax), Buffer.from(text)).text()).toBe(shown);
});

it('shows bytes that are no UTF-8 as none', () => {
  expect(Payload.of(new Payloads(9), Buffer.from([0xff, 0x41])).text()).toBeNull();
});

it('keeps nothing once all bodies together take too much memory', () => {
  const payloads = new Payloads(64 * 1_048_576);
  const large = Payload.of(payloads, Buffer.alloc(33 * 1_048_576)).hold();
  const late = Payload.of(payloads, Buffer.from('late')).hold();

  expect([late.isCut, late.text()]).toEqual([true, '']);
  large.release();
  expect(Payload.of(payloads, Buffer.from('late')).text()).toBe('late');
});
