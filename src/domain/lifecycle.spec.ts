import { API_STATUSES } from './api.js';
import { checkItemsOf, compareVersions, LIFECYCLE_ACTIONS, nextState, parseChecklist, titleOf, transitionsFrom } from './lifecycle.js';

describe('the life cycle', () => {
  it.each([
    ['CREATED', 'Publish', 'PUBLISHED'],
    ['CREATED', 'Deploy as a Prototype', 'PROTOTYPED'],
    ['PROTOTYPED', 'Publish', 'PUBLISHED'],
    ['PROTOTYPED', 'Demote to Created', 'CREATED'],
    ['PROTOTYPED', 'Deploy as a Prototype', 'PROTOTYPED'],
    ['PUBLISHED', 'Block', 'BLOCKED'],
    ['PUBLISHED', 'Deprecate', 'DEPRECATED'],
    ['PUBLISHED', 'Demote to Created', 'CREATED'],
    ['PUBLISHED', 'Deploy as a Prototype', 'PROTOTYPED'],
    ['PUBLISHED', 'Publish', 'PUBLISHED'],
    ['BLOCKED', 'Re-Publish', 'PUBLISHED'],
    ['BLOCKED', 'Deprecate', 'DEPRECATED'],
    ['DEPRECATED', 'Retire', 'RETIRED'],
  ] as const)('%s + %s = %s', (from, action, to) => expect(nextState(from, action)).toBe(to));

  it('has no other transition', () => {
    const known = API_STATUSES.flatMap((state) => LIFECYCLE_ACTIONS.filter((action) => nextState(state, action)));

    expect(known).toHaveLength(13);
  });

  it.each(['publish', 'Delete', '', 'constructor'])('does not know the action %p', (action) =>
    expect(nextState('CREATED', action)).toBeUndefined());

  it.each([
    ['CREATED', ['Publish', 'Deploy as a Prototype']],
    ['PROTOTYPED', ['Publish', 'Demote to Created']],
    ['PUBLISHED', ['Block', 'Deploy as a Prototype', 'Demote to Created', 'Deprecate']],
    ['BLOCKED', ['Deprecate', 'Re-Publish']],
    ['DEPRECATED', ['Retire']],
    ['RETIRED', []],
  ] as const)('%s offers %j', (state, actions) => expect(transitionsFrom(state).map(({ action }) => action)).toEqual(actions));

  it.each([
    ['CREATED', 2],
    ['PROTOTYPED', 2],
    ['PUBLISHED', 0],
    ['RETIRED', 0],
  ] as const)('%s has %d check items', (state, count) => expect(checkItemsOf(state)).toHaveLength(count));

  it('spells states in title case', () => expect(API_STATUSES.map(titleOf).slice(0, 3)).toEqual(['Created', 'Prototyped', 'Published']));
});

describe('the checklist', () => {
  it.each([
    ['', false, false],
    ['Deprecate old versions after publishing the API:true', true, false],
    ['Deprecate old versions after publishing the API:false,Requires re-subscription when publishing the API:true', false, true],
    ['Deprecate old versions after publishing the API: TRUE , Requires re-subscription when publishing the API:true', true, true],
    ['something else:true', false, false],
  ])('%p', (text, deprecateOlder, requireResubscription) =>
    expect(parseChecklist(text)).toEqual({ deprecateOlder, requireResubscription }));
});

describe('version order', () => {
  it.each([
    ['1.0.0', '1.0.1'],
    ['1.2', '1.10'],
    ['1.10', '1.10.1'],
    ['v9', 'v10'],
    ['1.0.0-alpha', '1.0.0-beta'],
    ['9', '10'],
  ])('%s is below %s', (lower, higher) => {
    expect(compareVersions(lower, higher)).toBeLessThan(0);
    expect(compareVersions(higher, lower)).toBeGreaterThan(0);
  });

  it('finds equal versions equal', () => expect(compareVersions('V1.0', 'v1.0')).toBe(0));
});
