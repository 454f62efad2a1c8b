import { Problem } from '../domain/problem.js';
import { checkEndpointConfig, hideSecrets, sealSecrets } from './endpoint-config.js';

const URL_OK = 'https://backend.example.com/v1';
const at = (url: unknown, type = 'http') => ({ endpoint_type: type, production_endpoints: { url } });
const secured = (security: object) => ({ ...at(URL_OK), endpoint_security: { production: security } });

const codeOf = (config: Record<string, unknown>): number | undefined => {
  try {
    checkEndpointConfig(config);
    return undefined;
  } catch (err) {
    if (err instanceof Problem) return err.code;
    throw err;
  }
};

it.each([
  [at(URL_OK), undefined],
  [at('http://{uri.var.host}:80/x'), undefined],
  [at(undefined), 903210],
  [at(''), 903210],
  [at('not a url'), 900346],
  [at('ftp://host'), 900346],
  [at(5), 900346],
  [at('ws://host/x', 'ws'), undefined],
  [at('http://host/x', 'ws'), 900346],
  [at('default', 'default'), undefined],
  [{ endpoint_type: 'load_balance', production_endpoints: [{ url: URL_OK }, { url: 'x' }] }, 900346],
  [{ endpoint_type: 'failover', production_endpoints: { url: URL_OK }, production_failovers: [{}] }, 903210],
  [{ ...at(URL_OK), sessionTimeOut: 'soon' }, 902012],
  [{ ...at(URL_OK), sessionTimeOut: '10' }, undefined],
  [secured({ type: 'BASIC', username: 'ann', password: 'x' }), undefined],
  [secured({ type: 'BASIC', username: 'ann', password: '' }), undefined],
  [secured({ type: 'BASIC', username: 'ann' }), 902000],
  [secured({ type: 'BASIC', username: ' ', password: 'x' }), 902000],
  [secured({ type: 'MAGIC' }), 903213],
  [secured({ type: 'MAGIC', enabled: false }), undefined],
  [secured({ type: 'NONE' }), undefined],
  [secured({ type: 'OAUTH', grantType: 'CLIENT_CREDENTIALS', tokenUrl: URL_OK, clientId: 'a', clientSecret: 'b' }), undefined],
  [secured({ type: 'OAUTH', grantType: 'CLIENT_CREDENTIALS', clientId: 'a', clientSecret: 'b' }), 902000],
])('%j: %s', (config, code) => {
  expect(codeOf(config)).toBe(code);
});

describe('secrets', () => {
  const encrypt = (plain: string) => `sealed(${plain})`;

  it('are sealed, hidden from callers, and nothing else is touched', () => {
    const config = {
      ...secured({ type: 'OAUTH', clientId: 'a', clientSecret: 'b', proxyConfigs: { proxyHost: 'h', proxyPassword: 'p' } }),
      amznSecretKey: 'k',
    };

    const sealed = sealSecrets(config, null, encrypt);

    expect(sealed).toEqual({
      ...config,
      amznSecretKey: 'sealed(k)',
      endpoint_security: {
        production: {
          type: 'OAUTH',
          clientId: 'a',
          clientSecret: 'sealed(b)',
          proxyConfigs: { proxyHost: 'h', proxyPassword: 'sealed(p)' },
        },
      },
    });
    expect(hideSecrets(sealed)).toEqual({
      ...config,
      amznSecretKey: 'AWS_SECRET_KEY',
      endpoint_security: {
        production: { type: 'OAUTH', clientId: 'a', clientSecret: '', proxyConfigs: { proxyHost: 'h', proxyPassword: '' } },
      },
    });
  });

  it('that come back as they were shown stay as they are stored', () => {
    const stored = sealSecrets({ ...secured({ type: 'BASIC', username: 'ann', password: 'x' }), amznSecretKey: 'k' }, null, encrypt);

    expect(sealSecrets(hideSecrets(stored), stored, encrypt)).toEqual(stored);
  });

  it('of a new key type are empty until they are given', () => {
    const stored = sealSecrets(secured({ type: 'BASIC', username: 'ann', password: 'x' }), null, encrypt);
    const other = { endpoint_security: { sandbox: { type: 'BASIC', username: 'ann', password: '' } } };

    expect(sealSecrets(other, stored, encrypt)).toEqual(other);
  });
});
