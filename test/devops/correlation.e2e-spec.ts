import {
  EmptyElement,
  NamedTwice,
  NotSwitched,
  UnknownComponent,
  UnknownProperty,
} from '../../src/devops/correlation/correlation.problems.js';
import { InvalidPermission } from '../../src/devops/devops.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { expected } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';

interface Component {
  readonly name: string;
  readonly enabled: string | boolean;
  readonly properties?: readonly { readonly name: string; readonly value: readonly string[] }[];
}
interface Components {
  readonly components: readonly Component[];
}

const CORRELATION = '/config/correlation/';
const NAMES = ['http', 'jdbc', 'ldap', 'synapse', 'method-calls'];
const by = given.superAdmin;
const get = (actor = by) => actor.devops<Components>(`GET ${CORRELATION}`);
const set = (components: unknown, actor = by) => actor.devops<Components>(`PUT ${CORRELATION}`, { body: { components } });
const on = (name: string, enabled: string | boolean = 'true') => ({ name, enabled });
const denied = (...value: readonly string[]) => [{ name: 'deniedThreads', value }];

afterEach(() => set(NAMES.map((name) => on(name, 'false'))));

it('shows every component, and what only jdbc has', async () => {
  const { components } = expected(await get(), 200);

  expect(components.map(({ name, enabled }) => [name, enabled])).toEqual(NAMES.map((name) => [name, 'false']));
  expect(components.map(({ properties }) => properties?.length)).toEqual([0, 1, 0, 0, 0]);
  expect(components[1]?.properties?.[0]).toMatchObject({ name: 'deniedThreads', value: expect.any(Array) });
});

it('takes the whole document back, with changes', async () => {
  const { components } = expected(await get(), 200);
  const changed = components.map((each) =>
    each.name === 'jdbc'
      ? { ...each, enabled: 'true', properties: denied('background', 'x') }
      : each.name === 'ldap'
        ? on('ldap', true)
        : each,
  );

  const answer = await set(changed);

  expect(answer.status).toBe(200);
  expect(answer.body.components[1]).toEqual({ ...on('jdbc'), properties: denied('background', 'x') });
  expect(answer.body.components[2]).toEqual({ ...on('ldap'), properties: [] });
  expect(await get()).toMatchObject({ status: 200, body: answer.body });
});

it('leaves alone what is not named', async () => {
  expected(await set([on('synapse'), { ...on('jdbc', 'false'), properties: denied('x') }]), 200);
  const { components } = expected(await set([on('jdbc', 'FALSE')]), 200);

  expect(components[1]).toEqual({ ...on('jdbc', 'false'), properties: denied('x') });
  expect(components[3]).toMatchObject(on('synapse'));
  const again = expected(await set([{ ...on('jdbc'), properties: null }]), 200);
  expect(again.components[1]).toEqual({ ...on('jdbc'), properties: denied('x') });
});

it.each([
  ['nothing', undefined, EmptyElement],
  ['null', null, EmptyElement],
  ['an empty list', [], EmptyElement],
  ['a component without a name', [{ enabled: 'true' }], EmptyElement],
  ['a component that is neither on nor off', [{ name: 'http' }], EmptyElement],
  ['an unknown component', [on('http'), on('smtp')], UnknownComponent],
  ['a component twice', [on('http'), on('http', 'false')], () => NamedTwice('http')],
  ['another word', [on('http', 'yes')], () => NotSwitched('http')],
  ['an unknown property', [{ ...on('jdbc'), properties: [{ name: 'threads', value: [] }] }], () => UnknownProperty('jdbc', 'threads')],
  ['a property of another component', [{ ...on('http'), properties: denied('x') }], () => UnknownProperty('http', 'deniedThreads')],
  ['a property without its value', [{ ...on('jdbc'), properties: [{ name: 'deniedThreads' }] }], EmptyElement],
  ['null for a value', [{ ...on('jdbc'), properties: [{ name: 'deniedThreads', value: null }] }], EmptyElement],
])('refuses %s', async (_, components, problem) => {
  expect(await set(components)).toFailWith(problem());
  expect(expected(await get(), 200).components.every(({ enabled }) => enabled === 'false')).toBe(true);
});

it('refuses what is no list of components', async () => {
  expect(await set('http')).toFailWith({ status: 400, code: 400 });
  expect(await set([null])).toFailWith({ status: 400, code: 400 });
  expect(await set([{ ...on('jdbc'), properties: [null] }])).toFailWith({ status: 400, code: 400 });
});

it('shows itself to administrators of other tenants, who cannot change it', async () => {
  const { admin } = await given.organization();

  expect(await get(admin)).toMatchObject({ status: 200, body: (await get()).body });
  expect(await set([on('smtp')], admin)).toFailWith(InvalidPermission());
});

it('asks for the scope of administrators', async () => {
  const actor = by.withScopes('apim:api_view');

  expect(await get(actor)).toFailWith(Unauthenticated());
  expect(await set([on('http')], actor)).toFailWith(Unauthenticated());
  expect(await new Client('/api/am/devops/v0', () => NOBODY).request(`GET ${CORRELATION}`)).toFailWith(Unauthenticated());
});
