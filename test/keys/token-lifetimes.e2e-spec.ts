import { introspect, partsOf, register, tokenOf } from './oauth.js';

const asked = async (parameters: Readonly<Record<string, string>>) =>
  tokenOf(await register(), { grant_type: 'client_credentials', ...parameters });

const lifeOf = (token: string): number => {
  const { iat, exp } = partsOf(token).claims;
  return exp - iat;
};

describe('the life of an application’s token', () => {
  it('is the server’s, an hour', async () => {
    const { body } = await asked({});

    expect({ expires_in: body.expires_in, life: lifeOf(body.access_token) }).toEqual({ expires_in: 3_600, life: 3_600 });
  });

  it('is what the request says', async () => {
    const { body } = await asked({ validity_period: '60' });

    expect({ expires_in: body.expires_in, life: lifeOf(body.access_token) }).toEqual({ expires_in: 60, life: 60 });
  });

  it('has no end when the request says so', async () => {
    const { body } = await asked({ validity_period: '-1' });

    expect(partsOf(body.access_token).claims).not.toHaveProperty('exp');
    expect(await introspect(body.access_token)).toMatchObject({ active: true });
  });

  it.each(['0', '-2', '1.5', 'soon', '1e400'])('is refused as %s seconds', async (validity_period) => {
    expect(await asked({ validity_period })).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});
