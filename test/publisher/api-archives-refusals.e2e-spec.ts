import { randomUUID } from 'node:crypto';
import { ApiExists, ApiNotFound, InvalidTier, ProviderUnknown } from '../../src/apis/apis.problems.js';
import {
  EnvironmentUnknown,
  NoArtifacts,
  ProjectDefinitionMissing,
  ProviderOfOtherTenant,
  UnreadableMeta,
  UnreadableParams,
} from '../../src/apis/archives/api-archives.problems.js';
import { DocumentExists } from '../../src/apis/documents/documents.problems.js';
import { EndpointMissing, TiersMissing, UnsupportedAction } from '../../src/apis/lifecycle/lifecycle.problems.js';
import { RevisionNumberNotFound, VhostUnknown } from '../../src/apis/revisions/revisions.problems.js';
import { BadRequest, Forbidden, Unauthenticated } from '../../src/domain/problem.js';
import type { Actor } from '../support/actor.js';
import { type ArchiveContents, exported, importArchive, imported, zip } from '../support/archives.js';
import type { Body } from '../support/client.js';
import { given, type Organization } from '../support/given.js';
import { productArchive } from '../support/product-archive.js';
import { unique } from '../support/unique.js';

let home: Organization;
let publisher: Actor;
beforeAll(async () => {
  home = await given.organization();
  publisher = await given.user({ roles: ['Internal/publisher'], by: home.admin });
});

/** The product's archive with its folder left out, files replaced and others added. */
const archiveOf = (replaced: ArchiveContents = {}, name = unique('Pizza')): ArchiveContents => {
  const files = Object.entries(productArchive({ name, provider: home.admin.username }));
  return { ...Object.fromEntries(files.map(([path, content]) => [path.slice(path.indexOf('/') + 1), content])), ...replaced };
};
const apiYaml = (change: (text: string) => string, name = unique('Pizza')): ArchiveContents => {
  const archive = archiveOf({}, name);
  return { ...archive, 'api.yaml': change(String(archive['api.yaml'])) };
};
const exists = async (name: string): Promise<boolean> => {
  const { body } = await home.admin.publisher<{ count: number }>('GET /apis', { query: { query: `name:"${name}"` } });
  return body.count > 0;
};

describe('an export is refused', () => {
  it('for an API that is not there, or is another tenant’s', async () => {
    const { id } = await given.api();
    const unknown = randomUUID();

    expect(await home.admin.publisher('GET /apis/export', { query: { apiId: unknown } })).toFailWith(ApiNotFound(unknown));
    expect(await home.admin.publisher('GET /apis/export', { query: { apiId: id } })).toFailWith(ApiNotFound(id));
    expect(await home.admin.publisher('GET /apis/export', { query: { apiId: 'a' } })).toFailWith(ApiNotFound('a'));
    expect(await home.admin.publisher('GET /apis/export', { query: { name: 'None', version: '1' } })).toFailWith(ApiNotFound('None-1'));
  });

  it('for a provider the API does not have', async () => {
    const { name, version } = await given.api({ by: home.admin });

    const query = { name, version, providerName: `somebody@${home.domain}` };

    expect(await home.admin.publisher('GET /apis/export', { query })).toFailWith(ApiNotFound);
  });

  it.each<[string, Body]>([
    ['without an API', {}],
    ['with a name alone', { name: 'Pets' }],
    ['with an unknown format', { apiId: 'a', format: 'XML' }],
    ['with a flag that is none', { apiId: 'a', preserveStatus: 'maybe' }],
    ['with two ids', { apiId: ['a', 'b'] }],
    ['with a NUL byte', { name: 'a\0', version: '1' }],
  ])('%s', async (_, query) => {
    expect(await home.admin.publisher('GET /apis/export', { query: query as Record<string, string> })).toFailWith(BadRequest);
  });

  it('for a revision that is not there', async () => {
    const { id: apiId } = await given.api({ by: home.admin });

    for (const revisionNumber of ['1', '0', 'x', '99999999999']) {
      const answer = await home.admin.publisher('GET /apis/export', { query: { apiId, revisionNumber } });
      expect(answer).toFailWith(RevisionNumberNotFound(revisionNumber));
    }
    expect(await home.admin.publisher('GET /apis/export', { query: { apiId, latestRevision: true } })).toFailWith(RevisionNumberNotFound);
  });

  it('for an environment that does not serve the API', async () => {
    const { id: apiId } = await given.api({ by: home.admin });

    const answer = await home.admin.publisher('GET /apis/export', { query: { apiId, gatewayEnvironment: 'Default' } });

    expect(answer).toFailWith(NoArtifacts());
  });

  it('to callers without the scope, and with credentials to those who only look', async () => {
    const { id: apiId } = await given.api({ by: home.admin });
    const looking = home.admin.withScopes('apim:api_view');

    expect(await home.admin.withScopes('apim:subscribe').publisher('GET /apis/export', { query: { apiId } })).toFailWith(Unauthenticated());
    expect(await looking.publisher('GET /apis/export', { query: { apiId, preserveCredentials: true } })).toFailWith(Forbidden);
    expect((await looking.publisher('GET /apis/export', { query: { apiId } })).status).toBe(200);
  });

  it('to callers whom the API’s access roles keep out', async () => {
    const { id: apiId } = await given.api({ by: home.admin, with: { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] } });

    expect(await publisher.publisher('GET /apis/export', { query: { apiId } })).toFailWith(Forbidden);
  });
});

describe('an import is refused', () => {
  it('to callers without the scope', async () => {
    expect(await importArchive(publisher, archiveOf())).toFailWith(Unauthenticated());
    expect(await importArchive(home.admin.withScopes('apim:api_create', 'apim:api_manage'), archiveOf())).toFailWith(Unauthenticated());
  });

  it('without an archive, or with flags that are none', async () => {
    expect(await home.admin.publisher('POST /apis/import', { form: { other: 'x' } })).toFailWith(BadRequest);
    expect(await importArchive(home.admin, archiveOf(), { overwrite: 'perhaps' })).toFailWith(BadRequest);
    expect(await importArchive(home.admin, archiveOf(), { dryRun: ['true', 'true'] })).toFailWith(BadRequest);
  });

  it('for an API that exists, in any letter case', async () => {
    const name = unique('Pizza');
    await imported(home.admin, archiveOf({}, name));

    expect(await importArchive(home.admin, archiveOf({}, name))).toFailWith(ApiExists());
    expect(await importArchive(home.admin, archiveOf({}, name.toUpperCase()), { overwrite: true })).toFailWith(ApiExists());
  });

  it('over an API of another type', async () => {
    const { id, name } = await given.api({ by: home.admin });
    const archive = apiYaml((text) => text.replace('type: HTTP', 'type: SOAP'), name);

    expect(await importArchive(home.admin, archive, { overwrite: true })).toFailWith(BadRequest('The API exists and is of type HTTP.'));
    expect((await home.admin.publisher('GET /apis/{apiId}', { path: { apiId: id } })).status).toBe(200);
  });

  it('over an API whose access roles keep the caller out', async () => {
    const importer = await given.user({ roles: ['Internal/devops'], by: home.admin });
    const access = { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] };
    const { id } = await given.api({ by: home.admin, with: access });
    const archive = await exported(home.admin, { apiId: id });

    expect(await importArchive(importer, archive, { overwrite: true })).toFailWith(Forbidden);
  });

  it('when its owner is of another tenant or unknown, unless the caller is to own it', async () => {
    const foreign = productArchive({ name: unique('Pizza'), provider: 'admin' });
    const unknown = productArchive({ name: unique('Pizza'), provider: `nobody@${home.domain}` });

    expect(await importArchive(home.admin, foreign)).toFailWith(ProviderOfOtherTenant());
    expect(await importArchive(home.admin, unknown)).toFailWith(ProviderUnknown());
    const { id } = await imported(home.admin, foreign, { preserveProvider: false });
    const { body } = await home.admin.publisher('GET /apis/{apiId}', { path: { apiId: id } });
    expect(body['provider']).toBe(home.admin.username);
  });

  it.each<[string, () => Buffer | ArchiveContents | Promise<Buffer>]>([
    ['that is no zip', () => Buffer.from('no zip')],
    ['that is cut off', async () => (await zip(archiveOf())).subarray(0, 500)],
    [
      'that leads out of itself',
      async () => Buffer.from((await zip({ 'aa/b': 'x' })).toString('latin1').replaceAll('aa/b', '../b'), 'latin1'),
    ],
    ['of too many files', () => zip(Object.fromEntries(Array.from({ length: 5_001 }, (_, at) => [`f${at}`, ''])))],
    ['that unpacks to too much', () => zip({ ...archiveOf(), bomb: Buffer.alloc(201 * 1_048_576) })],
  ])('for a file %s', async (_, archive) => {
    expect(await importArchive(home.admin, await archive())).toFailWith(BadRequest);
  });

  it('for an archive above the size that is read', async () => {
    expect((await importArchive(home.admin, Buffer.alloc(51 * 1_048_576))).status).toBe(413);
  });

  it('for an archive without an API, or with several', async () => {
    expect(await importArchive(home.admin, { 'readme.txt': 'x' })).toFailWith(ProjectDefinitionMissing());
    expect(await importArchive(home.admin, { 'a/b/api.yaml': 'x' })).toFailWith(ProjectDefinitionMissing());
    expect(await importArchive(home.admin, { 'a/api.yaml': 'x', 'b/api.yaml': 'x' })).toFailWith(ProjectDefinitionMissing());
    expect(await importArchive(home.admin, { 'SourceArchive.zip': Buffer.from('no zip') })).toFailWith(BadRequest);
  });

  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefghi'.split('').map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(', ')}]`),
  ].join('\n');
  it.each([
    ['is no YAML', 'type: [api'],
    ['is no object', '- api'],
    ['is of something else', 'type: mcp_server\ndata: {}'],
    ['has no data', 'type: api\nversion: v4.7.0'],
    ['holds a type of its own', 'type: api\ndata: !!js/function "x"'],
    ['grows out of its aliases', bomb],
    ['is nested without end', `type: api\ndata: ${'['.repeat(100_000)}`],
  ])('for an API object that %s', async (_, text) => {
    expect(await importArchive(home.admin, { 'api.yaml': text })).toFailWith(UnreadableMeta('', ''));
  });

  it.each<[string, (text: string) => string, { readonly status: number; readonly code: number }]>([
    ['a name that is too long', (text) => text.replace(/^ {2}name: .*/m, `  name: ${'n'.repeat(61)}`), { status: 400, code: 900704 }],
    ['an unknown plan', (text) => text.replace(/policies:\n {4}- Unlimited/, 'policies:\n    - None'), InvalidTier],
    ['a malformed context', (text) => text.replace(/context: .*/, 'context: /a b'), { status: 400, code: 900253 }],
    ['a value of the wrong type', (text) => text.replace('tags:\n    - pizza', 'tags: pizza'), { status: 400, code: 400 }],
    ['an unknown state', (text) => text.replace('PUBLISHED', 'SLEEPING'), UnsupportedAction],
    ['no plan although it is published', (text) => text.replace('policies:\n    - Unlimited', 'policies: []'), TiersMissing],
    ['no endpoint although it is published', (text) => text.replace(/endpointConfig:[\s\S]*endpointImpl/, 'endpointImpl'), EndpointMissing],
    ['a NUL byte', (text) => text.replace('Orders pizza.', '"a\\0"'), { status: 400, code: 900907 }],
  ])('for an API with %s, and nothing is left of it', async (_, change, problem) => {
    const name = unique('Pizza');

    expect(await importArchive(home.admin, apiYaml(change, name))).toFailWith(problem);

    expect(await exists(name)).toBe(false);
  });

  it.each<[string, ArchiveContents, { readonly status: number; readonly code: number }]>([
    ['a broken definition', { 'Definitions/swagger.yaml': 'openapi: 3.0.1' }, { status: 400, code: 900762 }],
    ['a picture that is none', { 'Image/icon.png': 'text' }, { status: 415, code: 902050 }],
    ['a document without a name', { 'Docs/X/document.yaml': 'data: {type: HOWTO, sourceType: INLINE}' }, { status: 400, code: 400 }],
    ['a document that is no YAML', { 'Docs/X/document.yaml': 'data: [' }, { status: 400, code: 900907 }],
    ['two documents of one name', { 'Docs/X/document.yaml': 'data: {name: Menu, type: HOWTO, sourceType: INLINE}' }, DocumentExists],
    ['an unknown environment', { 'deployment_environments.yaml': 'data: [{deploymentEnvironment: Mars}]' }, EnvironmentUnknown],
    [
      'an unknown host',
      { 'deployment_environments.yaml': 'data: [{deploymentEnvironment: Default, deploymentVhost: mars}]' },
      VhostUnknown,
    ],
    ['environments that are none', { 'deployment_environments.yaml': 'data: [Default]' }, { status: 400, code: 900907 }],
  ])('for an archive with %s, and nothing is left of it', async (_, files, problem) => {
    const name = unique('Pizza');

    expect(await importArchive(home.admin, archiveOf(files, name))).toFailWith(problem);

    expect(await exists(name)).toBe(false);
  });

  it('for parameters that cannot be used', async () => {
    const params = (text: string) => archiveOf({ 'intermediate_params.yaml': text });
    const refused = UnreadableParams('');

    expect(await importArchive(home.admin, params('endpoints: ['))).toFailWith(refused);
    expect(await importArchive(home.admin, params('endpointType: pigeon'))).toFailWith(refused);
    expect(await importArchive(home.admin, params('environments: [{name: a}, {name: b}]'))).toFailWith(refused);
    expect(await importArchive(home.admin, params('deploymentEnvironments: Default'))).toFailWith(refused);
    expect(await importArchive(home.admin, params('certs: [{alias: a, path: missing.crt}]'))).toFailWith(refused);
  });

  it('for a state that no action leads to', async () => {
    const name = unique('Pizza');
    const at = (status: string) => apiYaml((text) => text.replace('PUBLISHED', status), name);
    const { id } = await imported(home.admin, at('DEPRECATED'));

    const answer = await importArchive(home.admin, at('PUBLISHED'), { overwrite: true });

    expect(answer).toFailWith(UnsupportedAction);
    expect((await home.admin.publisher('GET /apis/{apiId}', { path: { apiId: id } })).body).toMatchObject({
      lifeCycleStatus: 'DEPRECATED',
    });
  });

  it('in a trial as it would be in earnest', async () => {
    const name = unique('Pizza');
    await imported(home.admin, archiveOf({}, name));

    expect(await importArchive(home.admin, archiveOf({}, name), { dryRun: true })).toFailWith(ApiExists());
    expect(await importArchive(home.admin, archiveOf({ 'Image/icon.png': 'text' }), { dryRun: true })).toFailWith({
      status: 415,
      code: 902050,
    });
  });
});
