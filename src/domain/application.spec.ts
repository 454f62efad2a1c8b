import { APPLICATION_STATUSES, editObstacle, isActive, isTrimmed, missingAttributes, numberOf, storedAttributes } from './application.js';

describe('an application', () => {
  it.each([
    ['00000001-0000-4000-8000-000000000000', 1],
    ['7fffffff-0000-4000-8000-000000000000', 2_147_483_647],
    ['ffffffff-0000-4000-8000-000000000000', 2_147_483_647],
    ['80000001-0000-4000-8000-000000000000', 1],
    ['00000000-0000-4000-8000-000000000000', 1],
    ['80000000-0000-4000-8000-000000000000', 1],
  ])('%s is number %d', (id, number) => expect(numberOf(id)).toBe(number));

  it.each(APPLICATION_STATUSES)('holds keys and subscriptions only when approved: %s', (status) => {
    expect(isActive({ status })).toBe(status === 'APPROVED');
  });

  it.each([
    ['APPROVED', undefined],
    ['UPDATE_REJECTED', undefined],
    ['UPDATE_PENDING', 'update pending'],
    ['CREATED', 'not active'],
    ['REJECTED', 'not active'],
    ['DELETE_PENDING', 'not active'],
  ] as const)('of status %s may be edited unless: %s', (status, obstacle) => expect(editObstacle({ status })).toBe(obstacle));

  it.each([
    ['App', true],
    ['My App', true],
    [' App', false],
    ['App\t', false],
    [' ', false],
  ])('name %j is without outer blanks: %s', (name, expected) => expect(isTrimmed(name)).toBe(expected));
});

describe('application attributes', () => {
  const declared = [
    { name: 'team', default: '', required: true },
    { name: 'cost', default: '0', required: true },
    { name: 'note', default: '', required: false },
  ];

  it('drops unknown ones and fills left-out ones', () => {
    expect(storedAttributes({ team: 'blue', colour: 'red' }, declared)).toEqual({ team: 'blue', cost: '0', note: '' });
  });

  it.each([
    [{ team: 'blue' }, []],
    [{}, ['team']],
    [{ team: ' ', cost: '' }, ['team', 'cost']],
  ])('of %j these required ones are missing: %j', (sent, missing) => {
    expect(missingAttributes(storedAttributes(sent, declared), declared)).toEqual(missing);
  });
});
