import { operationOf } from './request-observation.js';

it.each([
  ['GET', '/api/am/publisher/v4/apis/1', '/api/am/publisher/v4/apis/:apiId', 'publisher', 'GET /apis/{apiId}'],
  ['GET', '/api/am/publisher/apis', '/api/am/publisher/v4/apis', 'publisher', 'GET /apis'],
  ['GET', '/api/am/admin/v4/labels', '/api/am/admin/v4/labels', 'admin', 'GET /labels'],
  ['GET', '/api/gatehouse/v1/audit/export', '/api/gatehouse/v1/audit/export', 'gatehouse', 'GET /audit/export'],
  ['GET', '/api/am/devportal/v3/nothing/here', undefined, 'devportal', 'other'],
  ['POST', '/oauth2/token', '/oauth2/token', 'oauth2', 'POST /oauth2/token'],
  ['GET', '/t/a.com/oauth2/jwks', '/t/:tenant/oauth2/jwks', 'oauth2', 'GET /t/{tenant}/oauth2/jwks'],
  ['GET', '/scim2/Users/7', '/scim2/Users/:id', 'scim2', 'GET /scim2/Users/{id}'],
  ['GET', '/wp-login.php', undefined, 'other', 'other'],
])('%s %s is of an operation that names nobody', (method, path, route, face, operation) =>
  expect(operationOf(method, path, route)).toMatchObject({ face, operation }));
