import { canonicalPath } from './edge.js';

it.each([
  ['/api/am/publisher/v4/apis', '/api/am/publisher/v4/apis'],
  ['/api/am/publisher/v4.5/apis?limit=1', '/api/am/publisher/v4/apis?limit=1'],
  ['/api/am/publisher/apis', '/api/am/publisher/v4/apis'],
  ['/api/am/publisher/v2/apis', '/api/am/publisher/v2/apis'],
  ['/api/am/devportal/v3.5/apis', '/api/am/devportal/v3/apis'],
  ['/api/am/admin/settings', '/api/am/admin/v4/settings'],
  ['/api/am/admin', '/api/am/admin/v4'],
  ['/oauth2/token', '/oauth2/token'],
])('%s is %s', (sent, known) => expect(canonicalPath(sent)).toBe(known));
