import { passwordTokens, register } from '../keys/oauth.js';
import { management } from '../support/client.js';
import { given } from '../support/given.js';

const NEW = 'An0therOne';
const useAtDevportal = (token: string) => management.request('GET /api/am/devportal/v3/applications', { as: { bearer: token } });
const login = (username: string, password: string) => management.request('GET /scim2/Me', { as: { basic: { username, password } } });

it('changes the password of the caller and ends its tokens', async () => {
  const ann = await given.user({ roles: ['Internal/subscriber'] });
  const { access_token: token } = await passwordTokens(
    await register(),
    { username: ann.username, password: ann.password },
    'apim:subscribe',
  );

  const answer = await ann.devportal('POST /me/change-password', { body: { currentPassword: ann.password, newPassword: NEW } });

  expect(answer).toMatchObject({ status: 200 });
  expect(await login(ann.username, NEW)).toMatchObject({ status: 200 });
  expect(await login(ann.username, ann.password)).toMatchObject({ status: 401 });
  expect(await useAtDevportal(token)).toMatchObject({ status: 401 });
});

it('changes nothing for a wrong current password, which counts as a failed login', async () => {
  const ann = await given.user({ roles: ['Internal/subscriber'] });
  const body = { currentPassword: 'wrong-one', newPassword: NEW };

  const answer = await ann.devportal('POST /me/change-password', { body });

  expect(answer).toMatchObject({ status: 400, body: { code: 901451, description: 'The current password entered is incorrect' } });
  expect(await login(ann.username, ann.password)).toMatchObject({ status: 200 });
  for (let i = 0; i < 10; i++) await ann.devportal('POST /me/change-password', { body });
  expect(await ann.devportal('POST /me/change-password', { body: { currentPassword: ann.password, newPassword: NEW } })).toMatchObject({
    status: 400,
    body: { code: 901451 },
  });
});

it.each(['', 'abc', 'with blank', 'x'.repeat(31)])('refuses %p as a password', async (newPassword) => {
  const ann = await given.user({ roles: ['Internal/subscriber'] });

  const answer = await ann.devportal('POST /me/change-password', { body: { currentPassword: ann.password, newPassword } });

  expect(answer).toMatchObject({ status: 400, body: { code: 901452 } });
  expect(await login(ann.username, ann.password)).toMatchObject({ status: 200 });
});

it('needs the scope of subscribers', async () => {
  const ann = await given.user({ roles: ['Internal/subscriber'] });
  const body = { currentPassword: ann.password, newPassword: NEW };

  expect(await ann.withScopes('apim:api_key').devportal('POST /me/change-password', { body })).toMatchObject({ status: 401 });
  expect(await login(ann.username, ann.password)).toMatchObject({ status: 200 });
});

it('is offered to portals', async () => {
  expect(await given.superAdmin.devportal('GET /settings')).toMatchObject({ status: 200, body: { IsPasswordChangeEnabled: true } });
});
