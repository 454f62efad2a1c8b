import { AddressThrottle } from './address-throttle.js';

it('lets an address fail its number of times, then makes it wait for what it regains', () => {
  let now = 0;
  const throttle = new AddressThrottle(3, 6, () => now);

  for (let i = 0; i < 3; i++) throttle.failed('192.0.2.1');

  expect(throttle.waitSeconds('192.0.2.1')).toBe(10);
  expect(throttle.waitSeconds('192.0.2.2')).toBe(0);
  now = 10_000;
  expect(throttle.waitSeconds('192.0.2.1')).toBe(0);
  throttle.failed('192.0.2.1');
  expect(throttle.waitSeconds('192.0.2.1')).toBe(10);
});

it('never makes anybody wait when it is off', () => {
  const throttle = new AddressThrottle(0, 1);

  for (let i = 0; i < 10; i++) throttle.failed('a');

  expect(throttle.waitSeconds('a')).toBe(0);
});
