import { externalIdOf, ownAuditService, reportOf, serversAuditService } from './audit-service.js';

const SERVICE = { apiToken: 't', collectionId: 'c', baseUrl: 'http://audit' };

it.each([
  ['its own', { ...SERVICE, overrideGlobal: true }, SERVICE],
  ['none without the word', { ...SERVICE, overrideGlobal: false }, undefined],
  ['none that is incomplete', { ...SERVICE, apiToken: '', overrideGlobal: true }, undefined],
  ['none', undefined, undefined],
])('a tenant has %s', (_, configured, expected) => expect(ownAuditService(configured)).toEqual(expected));

it.each([
  ['every tenant', 'a.com', { ...SERVICE, global: true }, SERVICE],
  ['the super tenant alone', 'a.com', { ...SERVICE, global: false }, undefined],
  ['the super tenant', 'carbon.super', { ...SERVICE, global: false }, SERVICE],
  ['nobody', 'carbon.super', { ...SERVICE, baseUrl: '', global: true }, undefined],
])('the service of the server is for %s', (_, organization, config, expected) =>
  expect(serversAuditService(config, organization)).toEqual(expected));

const data = Buffer.from('{"valid":"ü"}').toString('base64');

it.each([
  [
    { data, attr: { data: { grade: 27.95, numErrors: 3 } } },
    { report: '{"valid":"ü"}', grade: '27.95', numErrors: 3 },
  ],
  [
    { data, attr: { data: { grade: '90', numErrors: '0' } } },
    { report: '{"valid":"ü"}', grade: '90', numErrors: 0 },
  ],
  [{ data, attr: {} }, undefined],
  [{ data, attr: { data: { grade: 1, numErrors: 'many' } } }, undefined],
  [{ attr: { data: { grade: 1, numErrors: 1 } } }, undefined],
  ['report', undefined],
])('%j is the report %j', (answer, report) => expect(reportOf(answer)).toEqual(report));

it.each([
  [{ desc: { id: 'a' } }, 'a'],
  [{ desc: { id: 1 } }, undefined],
  [{ desc: 'a' }, undefined],
  [null, undefined],
])('%j names %p', (answer, id) => expect(externalIdOf(answer)).toBe(id));
