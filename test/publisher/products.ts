import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';

export interface Operation extends Body {
  readonly target: string;
  readonly verb: string;
  readonly usedProductIds: readonly string[];
}

/** A product as the publisher shows it, as far as the tests look at it. */
export interface Product extends Body {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly context: string;
  readonly apis: readonly {
    readonly apiId: string;
    readonly name: string;
    readonly version: string;
    readonly operations: readonly Operation[];
  }[];
}

/** Resources written `GET /menu`. */
export const member = (api: Pick<GivenApi, 'id'>, ...resources: readonly string[]): Body => ({
  apiId: api.id,
  operations: resources.map((resource) => {
    const [verb, target] = resource.split(' ');
    return { verb, target };
  }),
});

/** The properties of a product to create, complete and valid. */
export const productProperties = (apis: readonly Body[], further: Body = {}): Body => {
  const name = unique('Product');
  return { name, context: `/${name.toLowerCase()}`, version: '1.0.0', policies: ['Unlimited'], apis, ...further };
};

export const create = (by: Actor, body: Body) => by.publisher<Product>('POST /api-products', { body });

/** A product in state CREATED. */
export const product = async (by: Actor, apis: readonly Body[], further: Body = {}): Promise<Product> =>
  expected(await create(by, productProperties(apis, further)), 201);

/** Sends an operation on one product. */
export const on = <T = Body>(by: Actor, operation: string, apiProductId: string, { path, ...options }: RequestOptions = {}) =>
  by.publisher<T>(operation, { path: { apiProductId, ...path }, ...options });

export const read = async (by: Actor, id: string): Promise<Product> =>
  expected(await on<Product>(by, 'GET /api-products/{apiProductId}', id), 200);

export const update = (by: Actor, id: string, body: Body, options: RequestOptions = {}) =>
  on<Product>(by, 'PUT /api-products/{apiProductId}', id, { body, ...options });

export const change = (by: Actor, apiProductId: string, action: string, query: Readonly<Record<string, string>> = {}) =>
  by.publisher('POST /api-products/change-lifecycle', { query: { apiProductId, action, ...query } });

/** The resources of a product as `GET /menu`, in its order. */
export const resourcesOf = ({ apis }: Product): readonly string[] =>
  apis.flatMap(({ operations }) => operations.map(({ verb, target }) => `${verb} ${target}`));

/** A revision of the product; gives its id. */
export const revision = async (by: Actor, id: string): Promise<string> =>
  expected(await on<{ id: string }>(by, 'POST /api-products/{apiProductId}/revisions', id, { body: {} }), 201).id;

export const deploy = (by: Actor, id: string, revisionId: string) =>
  on(by, 'POST /api-products/{apiProductId}/deploy-revision', id, {
    query: { revisionId },
    body: [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }],
  });

/** An API with these resources, written `GET /menu`. */
export const apiWith = (by: Actor, resources: readonly string[], further: Body = {}): Promise<GivenApi> =>
  given.api({ by, with: { operations: member({ id: '' }, ...resources)['operations'], ...further } });
