import { arnsIn, assumedCredentials } from './aws-answers.js';
import { signedHeaders } from './aws-signature.js';

// The published example of the signature algorithm: ListUsers of IAM without a body, here without its content type.
const CREDENTIALS = { accessKey: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const AT = { region: 'us-east-1', service: 'service', now: new Date('2015-08-30T12:36:00Z') };

it.each([
  ['https://example.amazonaws.com/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['https://example.amazonaws.com/?Param2=value2&Param1=value1', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
])('signs %s as AWS publishes it', (url, signature) => {
  const headers = signedHeaders(new URL(url), CREDENTIALS, AT);

  expect(headers['authorization']).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  );
});

it('signs the token of an assumed role', () => {
  const headers = signedHeaders(new URL('https://example.amazonaws.com/'), { ...CREDENTIALS, sessionToken: 't' }, AT);

  expect(headers).toMatchObject({
    'x-amz-security-token': 't',
    authorization: expect.stringContaining('host;x-amz-date;x-amz-security-token'),
  });
});

it('reads a page of functions', () => {
  const page = { Functions: [{ FunctionArn: 'arn:1' }, { FunctionName: 'x' }, { FunctionArn: 'arn:2' }], NextMarker: 'm' };

  expect(arnsIn(JSON.stringify(page))).toEqual({ names: ['arn:1', 'arn:2'], next: 'm' });
  expect(arnsIn('{"Functions":[]}')).toEqual({ names: [], next: undefined });
  expect(() => arnsIn('<html>')).toThrow(expect.objectContaining({ status: 400 }));
});

it('reads the credentials of an assumed role', () => {
  const credentials = '<AccessKeyId>a</AccessKeyId><SecretAccessKey>0123</SecretAccessKey><SessionToken>t</SessionToken>';
  const answer = `<AssumeRoleResponse><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;

  expect(assumedCredentials(answer)).toEqual({ accessKey: 'a', secretKey: '0123', sessionToken: 't' });
  expect(() => assumedCredentials('<ErrorResponse/>')).toThrow(expect.objectContaining({ status: 400 }));
});
