import { Slots } from './slots.js';

const full = () => new Error('full');

/** Work that ends when it is told to. */
const work = () => {
  let end: (text: string) => void = () => undefined;
  const result = new Promise<string>((resolve) => {
    end = resolve;
  });
  let begun = false;
  const run = () => {
    begun = true;
    return result;
  };
  return { run, end: (text: string) => end(text), hasBegun: () => begun };
};

it('runs a few at a time, the others in their order, and refuses those that are too many', async () => {
  const slots = new Slots(1, 1);
  const [first, second, third] = [work(), work(), work()];

  const one = slots.run(first.run, full);
  const two = slots.run(second.run, full);
  await expect(slots.run(third.run, full)).rejects.toThrow('full');

  expect([first.hasBegun(), second.hasBegun(), third.hasBegun()]).toEqual([true, false, false]);
  first.end('a');
  expect(await one).toBe('a');
  second.end('b');
  expect(await two).toBe('b');
});

it('goes on after work that fails', async () => {
  const slots = new Slots(1, 0);

  await expect(slots.run(() => Promise.reject(new Error('broken')), full)).rejects.toThrow('broken');

  expect(await slots.run(async () => 'done', full)).toBe('done');
});
