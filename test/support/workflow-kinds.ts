import { expected, type Face } from './actor.js';
import { type Answer, type Body, Client, type Credential } from './client.js';
import { given } from './given.js';
import { server } from './server.js';
import { unique } from './unique.js';

/** The APIs as an administrator of a tenant uses them, with a name and a password. */
export interface Faces {
  readonly publisher: Face;
  readonly devportal: Face;
  readonly admin: Face;
  readonly gatehouse: Face;
  readonly scim: Face;
  readonly identity: Face;
}

/** Somebody who is asked about, and what is decided shows there. */
export interface InQuestion {
  /** Asks for the change. */
  readonly ask: () => Promise<unknown>;
  /** What the other portal shows of it; `gone` for nothing. */
  readonly state: () => Promise<string>;
  /** Takes the request back. */
  readonly cancel: () => Promise<Answer>;
  /** Deletes what it is about, however that is. */
  readonly remove: () => Promise<Answer>;
}

/** One kind of change that may have to wait, and what becomes of it (`reference/admin.md` §6). */
export interface Kind {
  readonly type: string;
  /** Its key in the tenant configuration. */
  readonly element: string;
  /** Of a change of state: which. */
  readonly stateList?: string;
  readonly waits: string;
  readonly approved: string;
  readonly rejected: string;
  readonly cancelled: string;
  /** Brings about what is there before anybody asks. */
  readonly prepare: (by: Faces) => Promise<InQuestion>;
}

export const GONE = 'gone';

export const facesOf = (credential: Credential, origin = server.management): Faces => {
  const face = (base: string): Face => {
    const client = new Client(base, () => credential, origin);
    return (operation, options) => client.request(operation, options);
  };
  return {
    publisher: face('/api/am/publisher/v4'),
    devportal: face('/api/am/devportal/v3'),
    admin: face('/api/am/admin/v4'),
    gatehouse: face('/api/gatehouse/v1'),
    scim: face('/scim2'),
    identity: face('/api/identity/user/v1.0'),
  };
};

const shown = ({ status, body }: Answer, text: (body: Body) => string): string => (status === 404 ? GONE : text(body));

const APPLICATION = '/applications/{applicationId}';

const application = async ({ devportal, admin }: Faces) => {
  const wanted = { name: unique('App'), throttlingPolicy: 'Unlimited', description: 'old' };
  const create = async () => String(expected(await devportal('POST /applications', { body: wanted }), 201)['applicationId']);
  const of = (applicationId: string) => ({
    path: { applicationId },
    wanted,
    read: () => devportal(`GET ${APPLICATION}`, { path: { applicationId } }),
    remove: () => devportal(`DELETE ${APPLICATION}`, { path: { applicationId } }),
    removeAnyway: () => admin(`DELETE ${APPLICATION}`, { path: { applicationId } }),
  });
  return { create, of };
};

const madeApplication = async (by: Faces) => {
  const { create, of } = await application(by);
  return of(await create());
};

const keys = (keyType: 'PRODUCTION' | 'SANDBOX', element: string): Kind => ({
  ...{ type: `APPLICATION_REGISTRATION_${keyType}`, element },
  ...{ waits: 'CREATED', approved: 'COMPLETED', rejected: 'REJECTED', cancelled: GONE },
  prepare: async (by) => {
    const { path, remove } = await madeApplication(by);
    const body = { keyType, grantTypesToBeSupported: ['client_credentials'] };
    return {
      ask: async () => expected(await by.devportal(`POST ${APPLICATION}/generate-keys`, { path, body }), 200),
      state: async () =>
        shown(await by.devportal(`GET ${APPLICATION}/oauth-keys`, { path }), ({ list }) => {
          const [key] = list as readonly { readonly keyState: string }[]; // as the contract has it
          return key?.keyState ?? GONE;
        }),
      cancel: () => by.devportal(`POST ${APPLICATION}/keys/{keyType}/clean-up`, { path: { ...path, keyType } }),
      remove,
    };
  },
});

const api = async ({ publisher }: Faces) => {
  const body = given.apiProperties({ policies: ['Gold', 'Bronze'] });
  const apiId = String(expected(await publisher('POST /apis', { body }), 201)['id']);
  return {
    path: { apiId },
    publish: () => publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }),
    remove: () => publisher('DELETE /apis/{apiId}', { path: { apiId } }),
  };
};

const SUBSCRIPTION = '/subscriptions/{subscriptionId}';

const subscribable = async (by: Faces) => {
  const { path, publish } = await api(by);
  expected(await publish(), 200);
  const { path: of, remove } = await madeApplication(by);
  const body = { ...path, ...of, throttlingPolicy: 'Gold' };
  const subscribe = async () => String(expected(await by.devportal('POST /subscriptions', { body }), 201)['subscriptionId']);
  const read = (subscriptionId: string) => by.devportal(`GET ${SUBSCRIPTION}`, { path: { subscriptionId } });
  const end = (subscriptionId: string) => by.devportal(`DELETE ${SUBSCRIPTION}`, { path: { subscriptionId } });
  const withdraw = (subscriptionId: string) => by.gatehouse(`DELETE ${SUBSCRIPTION}/pending-change`, { path: { subscriptionId } });
  return { body, remove, subscribe, read, end, withdraw };
};

const statusOf = ({ status }: Body) => String(status);

export const KINDS: readonly Kind[] = [
  {
    ...{ type: 'APPLICATION_CREATION', element: 'ApplicationCreation' },
    ...{ waits: 'CREATED', approved: 'APPROVED', rejected: 'REJECTED', cancelled: GONE },
    prepare: async (by) => {
      const { create, of } = await application(by);
      let made = of('');
      return {
        ask: async () => {
          made = of(await create());
        },
        state: async () => shown(await made.read(), statusOf),
        cancel: () => made.remove(),
        remove: () => made.removeAnyway(),
      };
    },
  },
  {
    ...{ type: 'APPLICATION_UPDATE', element: 'ApplicationUpdate' },
    ...{ waits: 'UPDATE_PENDING old', approved: 'APPROVED new', rejected: 'UPDATE_REJECTED old', cancelled: 'APPROVED old' },
    prepare: async (by) => {
      const { path, wanted, read, remove } = await madeApplication(by);
      return {
        ask: async () => expected(await by.devportal(`PUT ${APPLICATION}`, { path, body: { ...wanted, description: 'new' } }), 200),
        state: async () => shown(await read(), ({ status, description }) => `${status} ${description}`),
        cancel: () => by.gatehouse(`DELETE ${APPLICATION}/pending-change`, { path }),
        remove,
      };
    },
  },
  {
    ...{ type: 'APPLICATION_DELETION', element: 'ApplicationDeletion' },
    ...{ waits: 'DELETE_PENDING', approved: GONE, rejected: 'APPROVED', cancelled: 'APPROVED' },
    prepare: async (by) => {
      const { path, read, remove, removeAnyway } = await madeApplication(by);
      return {
        ask: async () => expected(await remove(), 201),
        state: async () => shown(await read(), statusOf),
        cancel: () => by.gatehouse(`DELETE ${APPLICATION}/pending-change`, { path }),
        remove: removeAnyway,
      };
    },
  },
  keys('PRODUCTION', 'ProductionApplicationRegistration'),
  keys('SANDBOX', 'SandboxApplicationRegistration'),
  {
    ...{ type: 'SUBSCRIPTION_CREATION', element: 'SubscriptionCreation' },
    ...{ waits: 'ON_HOLD', approved: 'UNBLOCKED', rejected: 'REJECTED', cancelled: GONE },
    prepare: async (by) => {
      const { subscribe, read, end, remove } = await subscribable(by);
      let id = '';
      return {
        ask: async () => {
          id = await subscribe();
        },
        state: async () => shown(await read(id), statusOf),
        cancel: () => end(id),
        remove,
      };
    },
  },
  {
    ...{ type: 'SUBSCRIPTION_UPDATE', element: 'SubscriptionUpdate' },
    ...{ waits: 'TIER_UPDATE_PENDING Gold', approved: 'UNBLOCKED Bronze', rejected: 'UNBLOCKED Gold', cancelled: 'UNBLOCKED Gold' },
    prepare: async (by) => {
      const { body, subscribe, read, withdraw, remove } = await subscribable(by);
      const id = await subscribe();
      const wanted = { ...body, requestedThrottlingPolicy: 'Bronze', status: 'UNBLOCKED' };
      return {
        ask: async () => expected(await by.devportal(`PUT ${SUBSCRIPTION}`, { path: { subscriptionId: id }, body: wanted }), 200),
        state: async () => shown(await read(id), ({ status, throttlingPolicy }) => `${status} ${throttlingPolicy}`),
        cancel: () => withdraw(id),
        remove,
      };
    },
  },
  {
    ...{ type: 'SUBSCRIPTION_DELETION', element: 'SubscriptionDeletion' },
    ...{ waits: 'DELETE_PENDING', approved: GONE, rejected: 'UNBLOCKED', cancelled: 'UNBLOCKED' },
    prepare: async (by) => {
      const { subscribe, read, end, withdraw, remove } = await subscribable(by);
      const id = await subscribe();
      return {
        ask: async () => expected(await end(id), 201),
        state: async () => shown(await read(id), statusOf),
        cancel: () => withdraw(id),
        remove,
      };
    },
  },
  {
    ...{ type: 'USER_SIGNUP', element: 'UserSignUp' },
    ...{ waits: 'everyone,selfsignup', approved: 'everyone,selfsignup,subscriber', rejected: GONE, cancelled: GONE },
    prepare: async ({ scim, identity }) => {
      const username = unique('new');
      const found = async () => {
        const { Resources } = expected(await scim('GET /Users', { query: { filter: `userName eq ${username}` } }), 200);
        return (Resources as readonly { readonly id: string; readonly roles?: readonly { readonly display: string }[] }[] | undefined)?.[0];
      };
      const remove = async () => scim('DELETE /Users/{id}', { path: { id: (await found())?.id ?? unique('none') } });
      return {
        ask: async () =>
          expected(await identity('POST /me', { body: { user: { username, password: 'Secret12', claims: [] }, properties: [] } }), 201),
        state: async () => {
          const user = await found();
          return user === undefined
            ? GONE
            : (user.roles ?? [])
                .map(({ display }) => display)
                .sort()
                .join(',');
        },
        cancel: remove,
        remove,
      };
    },
  },
  {
    ...{ type: 'API_STATE', element: 'APIStateChange', stateList: 'Created:Publish' },
    ...{ waits: 'CREATED CREATED', approved: 'PUBLISHED APPROVED', rejected: 'CREATED REJECTED', cancelled: 'CREATED null' },
    prepare: async (by) => {
      const { path, publish, remove } = await api(by);
      return {
        ask: async () => expected(await publish(), 200),
        state: async () =>
          shown(
            await by.publisher('GET /apis/{apiId}', { path }),
            ({ lifeCycleStatus, workflowStatus }) => `${lifeCycleStatus} ${workflowStatus}`,
          ),
        cancel: () => by.publisher('DELETE /apis/{apiId}/lifecycle-state/pending-tasks', { path }),
        remove,
      };
    },
  },
  {
    ...{ type: 'API_PRODUCT_STATE', element: 'APIProductStateChange', stateList: 'Created:Publish' },
    ...{ waits: 'CREATED CREATED', approved: 'PUBLISHED APPROVED', rejected: 'CREATED REJECTED', cancelled: 'CREATED null' },
    prepare: async ({ publisher }) => {
      const name = unique('Product');
      const body = { name, context: `/${name.toLowerCase()}`, version: '1.0.0', policies: ['Unlimited'], apis: [] };
      const apiProductId = String(expected(await publisher('POST /api-products', { body }), 201)['id']);
      const path = { apiProductId };
      return {
        ask: async () =>
          expected(await publisher('POST /api-products/change-lifecycle', { query: { apiProductId, action: 'Publish' } }), 200),
        state: async () =>
          shown(await publisher('GET /api-products/{apiProductId}', { path }), ({ state, workflowStatus }) => `${state} ${workflowStatus}`),
        cancel: () => publisher('DELETE /api-products/{apiProductId}/lifecycle-state/pending-tasks', { path }),
        remove: () => publisher('DELETE /api-products/{apiProductId}', { path }),
      };
    },
  },
  {
    ...{ type: 'REVISION_DEPLOYMENT', element: 'APIRevisionDeployment' },
    ...{ waits: 'CREATED', approved: 'APPROVED', rejected: 'REJECTED', cancelled: GONE },
    prepare: async (by) => {
      const { path, remove } = await api(by);
      const revisionId = String(expected(await by.publisher('POST /apis/{apiId}/revisions', { path, body: {} }), 201)['id']);
      const body = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
      return {
        ask: async () => expected(await by.publisher('POST /apis/{apiId}/deploy-revision', { path, query: { revisionId }, body }), 201),
        state: async () =>
          shown(await by.publisher('GET /apis/{apiId}/revisions', { path }), ({ list }) => {
            const [revision] = list as readonly { readonly deploymentInfo: readonly { readonly status: string }[] }[]; // as the contract has it
            return revision?.deploymentInfo[0]?.status ?? GONE;
          }),
        cancel: () =>
          by.publisher('DELETE /apis/{apiId}/cancel-revision-workflow/{revisionId}/{envName}', {
            path: { ...path, revisionId, envName: 'Default' },
          }),
        remove,
      };
    },
  },
];

/** What has to be configured for a kind to wait for its approval. */
export const executorOf = ({ stateList }: Kind, executor: Body = { executor: 'approval' }): Body => ({
  ...executor,
  ...(stateList !== undefined && { stateList }),
});
