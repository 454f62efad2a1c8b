import { isSecretName, MASK, masked, maskedFields } from './mask.js';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl';
const messageOf = (work: () => void): string => {
  try {
    work();
  } catch (err) {
    return JSON.stringify(maskedFields({ err }));
  }
  return '';
};

it.each([
  ['password', true],
  ['currentPassword', true],
  ['client_secret', true],
  ['consumerSecret', true],
  ['Proxy-Authorization', true],
  ['Set-Cookie', true],
  ['access_token', true],
  ['refreshToken', true],
  ['token', true],
  ['code', true],
  ['private_key', true],
  ['apiKey', true],
  ['accountKey', true],
  ['sasToken', true],
  ['hmac.key', true],
  ['pwd', true],
  ['tokenType', false],
  ['maxTokens', false],
  ['keyType', false],
  ['userName', false],
  ['status', false],
  ['clientId', false],
])('%p holds a secret: %p', (name, isSecret) => expect(isSecretName(name)).toBe(isSecret));

it.each([
  [`token ${JWT} refused`, `token ${MASK} refused`],
  ['Authorization: Basic YWRtaW46YWRtaW4=', `Authorization: Basic ${MASK}`],
  ['https://ann:secret@example.com/x could not be fetched', `https://${MASK}@example.com/x could not be fetched`],
  ['GET /x?access_token=abc&state=1', `GET /x?access_token=${MASK}&state=1`],
  ['http://h/?secret=x&subscription-key=x&sig=x&page=2', `http://h/?secret=${MASK}&subscription-key=${MASK}&sig=${MASK}&page=2`],
  ['sent {"api_key" : "x\\"y", "tokenType":"JWT"}', `sent {"api_key" : "${MASK}", "tokenType":"JWT"}`],
  [`sealed v2:01234567:${'A'.repeat(40)}`, `sealed ${MASK}`],
  ['nothing of the kind', 'nothing of the kind'],
])('%p becomes %p', (text, expected) => expect(masked(text)).toBe(expected));

it.each(['a.', '"secret', 'secret-', '":"'])('looks through a long text of %p without delay', (part) => {
  const text = part.repeat(100_000);
  const start = performance.now();

  masked(text);

  expect(performance.now() - start).toBeLessThan(2_000);
});

it('masks fields at any depth', () => {
  const fields = { user: 'ann', body: { items: [{ clientSecret: 's3cret', name: 'n' }] } };

  expect(maskedFields(fields)).toEqual({ user: 'ann', body: { items: [{ clientSecret: MASK, name: 'n' }] } });
});

it('keeps of an error where and why, and not what it carries', () => {
  const cause = Object.assign(new Error('duplicate key'), {
    ...{ code: '23505', constraint: 'users_name', detail: 'Failing row contains (ann, s3cret)', parameters: ['s3cret'], query: 'INSERT' },
  });
  const err = new Error('write failed', { cause });

  const fields = maskedFields({ err });

  expect(fields).toMatchObject({ err: { type: 'Error', message: 'write failed', cause: { code: '23505', constraint: 'users_name' } } });
  expect(JSON.stringify(fields)).not.toContain('s3cret');
});

it('does not repeat what a parser could not read', () => {
  expect(messageOf(() => JSON.parse('s3cret'))).not.toContain('s3cret');
  expect(messageOf(() => JSON.parse(`{"a": ${'s3cret'.repeat(20)}`))).not.toContain('s3cret');
  expect(
    messageOf(() => {
      throw new Error('invalid input syntax for type uuid: "s3cret"');
    }),
  ).not.toContain('s3cret');
});
