import { withCertificates } from './environment-certificates.js';

const filesOf = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const));
const jsonIn = (files: ReadonlyMap<string, Buffer>, path: string): unknown => JSON.parse(String(files.get(path)));

describe('the certificates that parameters name', () => {
  it('take the place of those of the archive for backends', () => {
    const files = filesOf({ 'Endpoint-certificates/old.crt': 'old', 'Deployment/certificates/new.crt': 'new' });

    const result = withCertificates(files, { certs: [{ hostName: 'https://a', alias: 'a', path: 'new.crt' }] });

    expect(result.has('Endpoint-certificates/old.crt')).toBe(false);
    expect(String(result.get('Endpoint-certificates/new.crt'))).toBe('new');
    expect(jsonIn(result, 'Endpoint-certificates/endpoint_certificates.json')).toEqual({
      type: 'endpoint_certificates',
      version: 'v4.7.0',
      data: [{ alias: 'a', endpoint: 'https://a', certificate: 'new.crt' }],
    });
  });

  it('are told apart by their folders', () => {
    const files = filesOf({ 'Deployment/dev/ca.crt': 'dev', 'Deployment/prod/ca.crt': 'prod' });
    const certs = ['dev', 'prod'].map((alias) => ({ hostName: `https://${alias}`, alias, path: `${alias}/ca.crt` }));

    const result = withCertificates(files, { certs });

    expect(jsonIn(result, 'Endpoint-certificates/endpoint_certificates.json')).toMatchObject({
      data: [{ certificate: 'dev/ca.crt' }, { certificate: 'prod/ca.crt' }],
    });
    expect(['dev', 'prod'].map((folder) => String(result.get(`Endpoint-certificates/${folder}/ca.crt`)))).toEqual(['dev', 'prod']);
  });

  it('are sorted by key type for clients', () => {
    const files = filesOf({ 'Deployment/a.crt': 'a', 'Deployment/b.crt': 'b' });
    const mutualSslCerts = [
      { alias: 'a', path: 'a.crt', tierName: 'Gold' },
      { alias: 'b', path: 'b.crt', keyType: 'sandbox' },
    ];

    const result = withCertificates(files, { mutualSslCerts });

    expect(jsonIn(result, 'Client-certificates/PRODUCTION/client_certificates.json')).toMatchObject({
      data: [{ alias: 'a', tierName: 'Gold', keyType: 'PRODUCTION', certificate: 'a.crt' }],
    });
    expect(jsonIn(result, 'Client-certificates/SANDBOX/client_certificates.json')).toMatchObject({
      data: [{ alias: 'b', tierName: 'Unlimited', keyType: 'SANDBOX', certificate: 'b.crt' }],
    });
  });

  it('leave everything else alone', () => {
    const files = filesOf({ 'api.yaml': 'x', 'Endpoint-certificates/old.crt': 'old' });

    expect(withCertificates(files, {})).toEqual(files);
  });

  it.each([
    [{ certs: ['a'] }],
    [{ certs: [{ alias: 'a' }] }],
    [{ certs: [{ alias: 'a', path: '../a' }] }],
    [{ mutualSslCerts: [{ alias: 'a', path: 'a', keyType: 'OTHER' }] }],
  ])('are refused in %j', (params) => expect(() => withCertificates(filesOf({ a: 'a' }), params)).toThrow('900908'));
});
