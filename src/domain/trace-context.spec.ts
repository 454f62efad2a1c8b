import { boundedState, isTraced, traceParent, traceparentOf } from './trace-context.js';

const [TRACE, SPAN] = ['a'.repeat(32), 'b'.repeat(16)];

it.each([
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  [`01-${TRACE}-${SPAN}-03-more`, true],
])('%s says whether the request is traced', (header, isSampled) =>
  expect(traceParent(header)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled }));

it.each([
  undefined,
  '',
  'garbage',
  `ff-${TRACE}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
])('%s is no parent', (header) => expect(traceParent(header)).toBeNull());

it('leaves the decision to the caller, and to chance only where there is none', () => {
  expect(isTraced(traceParent(traceparentOf(TRACE, SPAN)), 0)).toBe(true);
  expect(isTraced(traceParent(`00-${TRACE}-${SPAN}-00`), 1)).toBe(false);
  expect(isTraced(null, 1)).toBe(true);
  expect(isTraced(null, 0)).toBe(false);
});

it('passes on no state that is too long', () => {
  expect(boundedState('shop=1')).toBe('shop=1');
  expect(boundedState('x'.repeat(513))).toBeNull();
  expect(boundedState(undefined)).toBeNull();
});
