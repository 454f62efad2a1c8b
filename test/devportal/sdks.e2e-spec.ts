import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Unauthenticated } from '../../src/domain/problem.js';
import { SDK_LANGUAGES } from '../../src/platform/config/sections/sdk.config.js';
import { expected } from '../support/actor.js';
import { NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { askForSdk, sdkFiles } from '../support/sdks.js';
import { server } from '../support/server.js';

const WITHOUT_JAVA = ['typescript', 'javascript', 'python'];
const hasJava = spawnSync('java', ['-version']).status === 0;
const definition = {
  openapi: '3.0.3',
  info: { title: 'Orders', version: '1' },
  paths: {
    '/orders/{id}': {
      get: {
        operationId: 'readOrder',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'OK', content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } } },
      },
    },
  },
  components: {
    schemas: {
      Order: {
        type: 'object',
        properties: { total: { type: 'integer' }, parts: { type: 'array', items: { $ref: '#/components/schemas/Order' } } },
      },
    },
  },
};

describe('GET /sdk-gen/languages', () => {
  it('lists what can be generated here, as a bare list', async () => {
    const languages = expected(await given.superAdmin.devportal<readonly string[]>('GET /sdk-gen/languages'), 200);

    expect(languages).toEqual(hasJava ? SDK_LANGUAGES : WITHOUT_JAVA);
  });

  it('is for people who may subscribe', async () => {
    const { superAdmin } = given;

    expect(await superAdmin.withScopes('apim:app_manage').devportal('GET /sdk-gen/languages')).toFailWith(Unauthenticated());
    expect(await superAdmin.devportal('GET /sdk-gen/languages', { as: NOBODY })).toFailWith(Unauthenticated());
  });
});

describe('GET /apis/{apiId}/sdks/{language}', () => {
  it(`generates every language that is listed${hasJava ? '' : ' (there is no Java here: three)'}`, async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin, definition, with: { name: 'Orders-API', version: 'v1.2' } });
    const languages = expected(await admin.devportal<readonly string[]>('GET /sdk-gen/languages'), 200);

    // All at once, as somebody does who wants them all.
    const answers = await Promise.all(languages.map(async (language) => [language, await askForSdk(admin, api.id, language)] as const));

    for (const [language, answer] of answers) {
      const { status, headers } = answer;
      expect({ language, status, type: headers['content-type'] }).toEqual({ language, status: 200, type: 'application/zip' });
      expect(headers['content-disposition']).toBe(`attachment; filename="OrdersAPI_v1.2_${language}.zip"`);
      const files = await sdkFiles(answer);
      const texts = [...files.values()].join('\n');
      const speaks = {
        operation: /read[-_]?order|orders\/\$\{id/i.test(texts),
        gateway: texts.includes(api.context),
        path: texts.includes('/orders/'),
      };
      expect({ language, files: files.size > 2, ...speaks }).toEqual({ language, files: true, operation: true, gateway: true, path: true });
    }
    await eventually(
      async () => readdirSync(tmpdir()).filter((name) => name.startsWith('gatehouse-sdk-')),
      (left) => left.length === 0,
    );
  });

  it('names packages after the configuration and the API', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin, definition, with: { name: 'Orders-API', version: 'v1.2' } });

    const npm = await sdkFiles(await askForSdk(admin, api.id, 'javascript'));
    const python = await sdkFiles(await askForSdk(admin, api.id, 'python'));

    expect(JSON.parse(npm.get('package.json') ?? '')).toMatchObject({ name: 'org.wso2.client.ordersapi', version: '1.2.0' });
    expect(python.get('pyproject.toml')).toContain('name = "org.wso2.client.ordersapi"\nversion = "1.2.0"');
    expect([...python.keys()]).toContain('src/orders_api_client/client.py');
    if (hasJava) {
      const maven = (await sdkFiles(await askForSdk(admin, api.id, 'java'))).get('pom.xml') ?? '';
      expect(maven).toContain('<groupId>org.wso2</groupId>\n    <artifactId>org.wso2.client.OrdersAPI</artifactId>');
    }
  });

  it('refuses a language that is not listed, and names those that are', async () => {
    const { id } = await given.publishedApi({ definition });

    for (const language of ['cobol', 'Java', 'java-petstore', '../java', '__proto__']) {
      const { status, body } = await given.superAdmin.devportal('GET /apis/{apiId}/sdks/{language}', { path: { apiId: id, language } });
      expect(body).toMatchObject({
        code: 400,
        message: 'Bad Request',
        description: expect.stringContaining('typescript, javascript, python'),
      });
      expect(status).toBe(400);
    }
  });

  it('refuses more than may wait, and says when to come again', async () => {
    const { id } = await given.publishedApi({ definition });

    const answers = await Promise.all(Array.from({ length: 120 }, () => askForSdk(given.superAdmin, id, 'typescript')));

    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([200, 429]);
    expect(answers.find(({ status }) => status === 429)).toMatchObject({
      headers: { 'retry-after': '10' },
      body: { code: 429, description: 'Too many SDKs are being generated. Try again in some seconds.' },
    });
    expect((await askForSdk(given.superAdmin, id, 'typescript')).status).toBe(200);
  });

  it('is for people who may subscribe', async () => {
    const { id } = await given.publishedApi({ definition });

    expect(await askForSdk(given.superAdmin.withScopes('apim:app_manage'), id, 'python')).toFailWith(Unauthenticated());
    expect(await askForSdk(given.superAdmin, id, 'python', { as: NOBODY })).toFailWith(Unauthenticated());
  });

  it('hides what its caller may not open', async () => {
    const { admin, domain } = await given.organization();
    const restricted = await given.publishedApi({ by: admin, definition, with: { visibility: 'RESTRICTED', visibleRoles: ['admin'] } });
    const created = await given.api({ by: admin, definition });
    const open = await given.publishedApi({ by: admin, definition });
    const subscriber = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const other = (await given.organization()).admin;
    const asGuest = { headers: { 'x-wso2-tenant': domain } };

    expect((await askForSdk(subscriber, restricted.id, 'python')).status).toBe(404);
    expect((await askForSdk(admin, restricted.id, 'python')).status).toBe(200);
    expect((await askForSdk(admin, created.id, 'python')).status).toBe(403);
    expect((await askForSdk(other, open.id, 'python')).status).toBe(404);
    expect(
      (await askForSdk(other, restricted.id, 'python', { path: { apiId: restricted.id, language: 'python' }, ...asGuest })).status,
    ).toBe(404);
    expect((await askForSdk(other, open.id, 'python', { path: { apiId: open.id, language: 'python' }, ...asGuest })).status).toBe(200);
    expect((await askForSdk(admin, '11111111-1111-1111-1111-111111111111', 'python')).status).toBe(404);
  });

  it('leads to where an API is that is only advertised', async () => {
    const { admin } = await given.organization();
    const advertiseInfo = { advertised: true, apiExternalProductionEndpoint: 'https://elsewhere.example/orders/' };
    const { id } = await given.api({ by: admin, definition, with: { advertiseInfo } });
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);

    const python = await sdkFiles(await askForSdk(admin, id, 'python'));

    expect([...python.values()].join()).toContain('base_url: str = "https://elsewhere.example/orders"');
  });

  it('leaves the address to its user while the API is on no gateway', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin, definition });
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);

    const python = await sdkFiles(await askForSdk(admin, id, 'python'));

    expect([...python.values()].join()).toContain('base_url: str,');
    expect([...python.values()].join()).not.toContain(server.gatewayTls);
  });
});
