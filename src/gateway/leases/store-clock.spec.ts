import { StoreClock } from './store-clock.js';

it('knows nothing before it was measured', () => expect(new StoreClock().aheadMs).toBe(0));

it('takes the middle of question and answer for the moment of the other clock', () => {
  const clock = new StoreClock();

  clock.measured(1_000, 6_002, 1_004);

  expect(clock.aheadMs).toBe(5_000);
});

it('goes by the quickest of the last eight answers', () => {
  const clock = new StoreClock();
  clock.measured(0, 501, 2);
  for (let i = 1; i < 8; i += 1) clock.measured(0, 600 + i, 100);
  expect(clock.aheadMs).toBe(500);

  clock.measured(0, -290, 20);

  expect(clock.aheadMs).toBe(-300);
});

it('believes no answer any more from before one of the clocks was set', () => {
  const clock = new StoreClock();
  clock.measured(1_000, 1_001, 1_002);

  // Ours was set ahead by ten seconds.
  clock.measured(14_000, 4_020, 14_040);

  expect(clock.aheadMs).toBe(-10_000);
});

it('leaves out an answer that came before its question, as our clock was set back', () => {
  const clock = new StoreClock();
  clock.measured(1_000, 1_501, 1_002);

  clock.measured(2_000, 2_501, 1_900);

  expect(clock.aheadMs).toBe(500);
});
