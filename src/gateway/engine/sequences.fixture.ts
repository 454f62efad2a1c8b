import type { ApiDocument, AttachedPolicyDocument, PolicyFlowsDocument } from '../../domain/gateway-documents.js';
import {
  type Answer,
  apiRow,
  type CallOptions,
  operation,
  type Seen,
  startBackend,
  type TestBackend,
  TestGateway,
} from './engine.fixture.js';

/** A policy as a user has written it. */
export const written = (definition: string, parameters: Record<string, unknown> = {}): AttachedPolicyDocument => ({
  name: 'written',
  version: 'v1',
  isBuiltIn: false,
  parameters,
  definition,
});

export const builtIn = (name: string, version: string, parameters: Record<string, unknown> = {}): AttachedPolicyDocument => ({
  name,
  version,
  isBuiltIn: true,
  parameters,
});

/** The policies of a resource; texts are definitions. */
export type Flows = { readonly [F in keyof PolicyFlowsDocument]?: string | readonly AttachedPolicyDocument[] };

const listOf = (flow: string | readonly AttachedPolicyDocument[] | undefined) =>
  typeof flow === 'string' ? [written(flow)] : (flow ?? []);

/** A gateway and a backend for resources with policies; each resource takes GET, POST, PUT and DELETE. */
export class SequenceGateway {
  private constructor(
    readonly backend: TestBackend,
    readonly gateway: TestGateway,
  ) {}

  static async start(
    resources: Readonly<Record<string, Flows>>,
    answer?: Parameters<typeof startBackend>[0],
    changes: (url: string) => Partial<ApiDocument> = () => ({}),
  ): Promise<SequenceGateway> {
    const backend = await startBackend(answer);
    const operations = Object.entries(resources).flatMap(([target, flows]) =>
      ['GET', 'POST', 'PUT', 'DELETE'].map((method) =>
        operation(method, target, {
          authType: 'None',
          policies: { request: listOf(flows.request), response: listOf(flows.response), fault: listOf(flows.fault) },
        }),
      ),
    );
    const gateway = await TestGateway.start([apiRow(backend.url, { operations, ...changes(backend.url) })]);
    const refused = gateway.messages.find((message) => message.type === 'ack' && !message.ok);
    const started = new SequenceGateway(backend, gateway);
    if (refused !== undefined && 'error' in refused) {
      await started.stop();
      throw new Error(String(refused.error));
    }
    return started;
  }

  call(path: string, options: CallOptions = {}): Promise<Answer> {
    return this.gateway.call(`/pizza/1.0.0${path}`, options);
  }

  post(path: string, body: string, type = 'application/json', headers: Record<string, string> = {}): Promise<Answer> {
    return this.call(path, { method: 'POST', body, headers: { 'Content-Type': type, ...headers } });
  }

  /** What the backend was asked last. */
  get seen(): Seen {
    const seen = this.backend.seen.at(-1);
    if (seen === undefined) throw new Error('the backend was not asked');
    return seen;
  }

  /** Lines that policies wrote. */
  get lines(): readonly string[] {
    return this.gateway.messages.flatMap((message) => (message.type === 'policy-log' ? [message.text] : []));
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.backend.stop();
  }
}
