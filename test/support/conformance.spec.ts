import { exceptionName, type WireException } from '../wire-exceptions.js';
import { staleExceptions } from './conformance.js';

const OPERATION = 'publisher-v4 POST /apis/{apiId}/deploy-revision';
const instead: WireException = { operations: [OPERATION], differs: { instead: 201, of: 200 }, reference: '' };
const also: WireException = { operations: [OPERATION], differs: { also: 204 }, reference: '' };
const inDocument: WireException = { operations: [OPERATION], differs: { document: 'tags is A instead of B' }, reference: '' };

const seen = (status: number, ...exceptions: readonly WireException[]) => ({
  operation: OPERATION,
  status,
  exceptions: exceptions.map(({ differs }) => exceptionName(OPERATION, differs)),
});

it.each([
  ['an operation nobody called', instead, [], []],
  ['an operation that was only refused', instead, [seen(404)], []],
  ['an exception that was needed', instead, [seen(201, instead)], []],
  ['an exception that was not needed', instead, [seen(200)], [exceptionName(OPERATION, instead.differs)]],
  ['a conditional status that did not occur', also, [seen(200)], []],
  ['a document that no longer deviates', inDocument, [seen(200)], [exceptionName(OPERATION, inDocument.differs)]],
] as const)('judges %s', (_, exception, observations, stale) => expect(staleExceptions([exception], observations, [])).toEqual(stale));

it('keeps an exception for a document that deviates as it says', () => {
  expect(staleExceptions([inDocument], [seen(200)], [{ operation: OPERATION, text: 'tags is A instead of B' }])).toEqual([]);
});
