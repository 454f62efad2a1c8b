import { maskedUrl } from './masked-url.js';

it.each([
  ['/a/b', '/a/b'],
  ['/a?x=1&y=2', '/a?x=1&y=2'],
  ['/a?apikey=s3cret&x=1', '/a?apikey=***&x=1'],
  ['/a?ApiKey=s3cret', '/a?ApiKey=***'],
  ['/a?api_key=s3cret', '/a?api_key=***'],
  ['/a?%61pikey=s3cret', '/a?%61pikey=***'],
  ['/a?access_token=s&refresh_token=r&id_token=i', '/a?access_token=***&refresh_token=***&id_token=***'],
  ['/a?client_secret=s&password=p&code=c', '/a?client_secret=***&password=***&code=***'],
  ['/a?apikey=one=two', '/a?apikey=***'],
  ['/a?%zz=1&token', '/a?%zz=1&token'],
])('%s is written as %s', (url, written) => {
  expect(maskedUrl(url)).toBe(written);
});
