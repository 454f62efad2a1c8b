import type { ApiListItem } from '../apis.queries.js';
import { toSearchResult } from './search.mapper.js';

const TIME = new Date('2026-01-02T03:04:05.678Z');
const product = {
  id: 'p1',
  organization: 'acme.com',
  provider: 'ann@acme.com',
  name: 'Bundle',
  version: '2',
  context: '/bundle',
  contextTemplate: '/bundle/{version}',
  type: 'APIPRODUCT',
  status: 'PUBLISHED',
  createdAt: TIME,
  updatedAt: TIME,
  details: {
    displayName: 'The bundle',
    description: 'Two in one',
    hasThumbnail: true,
    egress: false,
    monetization: { enabled: true },
    businessInformation: { technicalOwner: 'Tom' },
  },
} as unknown as ApiListItem; // what a product has of it and the mapper reads

it('shows a product with its own type and picture', () => {
  expect(toSearchResult({ kind: 'API', api: product })).toEqual({
    id: 'p1',
    name: 'Bundle',
    type: 'APIPRODUCT',
    transportType: 'APIPRODUCT',
    displayName: 'The bundle',
    description: 'Two in one',
    context: '/t/acme.com/bundle',
    version: '2',
    provider: 'ann@acme.com',
    status: 'PUBLISHED',
    thumbnailUri: '/api-products/p1/thumbnail',
    hasThumbnail: true,
    monetizedInfo: true,
    businessOwner: null,
    businessOwnerEmail: null,
    TechnicalOwner: 'Tom',
    TechnicalOwnerEmail: null,
    egress: false,
    createdTime: String(TIME.getTime()),
    updatedTime: String(TIME.getTime()),
  });
});

it('says that a definition is that of a product', () => {
  expect(toSearchResult({ kind: 'DEFINITION', api: product })).toMatchObject({
    type: 'DEFINITION',
    apiUUID: 'p1',
    associatedType: 'APIProduct',
  });
});
