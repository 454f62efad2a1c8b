import { linksOf, parseFilter, parseLimit, parseOffset, parseOrder } from './tenant-list.js';

it.each([
  ['domainName sw acme', 'acme%'],
  ['domainName ew .com', '%.com'],
  ['domainName co _', '%\\_%'],
  ['domainname EQ acme.com', 'acme.com'],
])('reads the filter %p', (text, pattern) => expect(parseFilter(text)).toEqual({ pattern }));

it.each([
  'domainName sw',
  'domainName  sw acme',
  'domainName sw acme com',
  'name sw acme',
  'domainName ne acme',
])('refuses the filter %p', (text) => expect(() => parseFilter(text)).toThrow(expect.objectContaining({ status: 400 })));

it('has no filter without a text', () => expect(parseFilter('')).toBeUndefined());

it('limits to 15, at most to 100', () => {
  expect([undefined, '0', '100', '5000'].map(parseLimit)).toEqual([15, 0, 100, 100]);
  expect(() => parseLimit('-1')).toThrow(expect.objectContaining({ code: 60_010 }));
  expect(() => parseOffset('-1')).toThrow(expect.objectContaining({ code: 60_011 }));
});

it('sorts by the domain only', () => {
  expect(parseOrder('domainName', 'desc')).toBe('DESC');
  expect(parseOrder('domainName', undefined)).toBe('ASC');
  expect(parseOrder('name', 'DESC')).toBeUndefined();
});

it.each([
  [{ limit: 10, offset: 0, total: 5 }, []],
  [{ limit: 10, offset: 0, total: 11 }, [{ rel: 'next', href: '/t?offset=10&limit=10' }]],
  [
    { limit: 10, offset: 5, total: 30, filter: 'domainName sw a' },
    [
      { rel: 'next', href: '/t?offset=15&limit=10&filter=domainName%20sw%20a' },
      { rel: 'previous', href: '/t?offset=0&limit=10&filter=domainName%20sw%20a' },
    ],
  ],
])('links to the neighbours of %j', (window, links) => expect(linksOf('/t', window)).toEqual(links));
