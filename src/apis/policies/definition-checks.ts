import { Injectable } from '@nestjs/common';
import type { Problem } from '../../domain/problem.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import type * as worker from './definition-checks.worker.js';
import type { PolicyContent } from './operation-policy.entity.js';
import { UnusableDefinition, UnusableParameters } from './policies.problems.js';
import { isShippedTemplate } from './shipped/shipped-policies.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./definition-checks.worker.js', import.meta.url) };
const TIMEOUT_MS = 20_000;
/** Texts that are checked in one piece of work. */
const BATCH = 100;

/** A user's template with the parameters of one attachment, its secrets in clear. */
export interface AttachedTemplate extends worker.CheckedAttachment {
  readonly policyName: string;
}

/** Compiles what users have written as the gateway will, so that it is refused before it is stored (`reference/mediation.md` §9.2). */
@Injectable()
export class DefinitionChecks {
  constructor(private readonly pool: WorkPool) {}

  /** @throws UnusableDefinition (902006) with the element and the line. `named`: there are several, so that the refusal says which. */
  async policies(all: readonly PolicyContent[], named = false): Promise<void> {
    const written = all.filter((policy) => policy.synapse !== null && !isShippedTemplate(policy));
    const texts = written.map(({ synapse, language, specification }) => ({
      definition: synapse ?? '',
      language,
      attributes: specification.policyAttributes.map(({ name, defaultValue }) => ({ name, defaultValue })),
    }));
    await this.check('definitions', texts, (index, reason) => {
      const { name = '', version = '' } = written[index] ?? {};
      return UnusableDefinition(named ? `${name} ${version}: ${reason}` : reason);
    });
  }

  /** @throws UnusableParameters (903212). */
  async attachments(all: readonly AttachedTemplate[]): Promise<void> {
    const texts = all.map(({ definition, parameters }) => ({ definition, parameters }));
    await this.check('attachments', texts, (index, reason) => UnusableParameters(all[index]?.policyName ?? '', reason));
  }

  /** @throws UnusableDefinition (902006). */
  async backends(all: readonly string[]): Promise<void> {
    await this.check('backends', all, (_, reason) => UnusableDefinition(reason));
  }

  /** @throws UnusableDefinition (902006). */
  async resources(all: readonly string[]): Promise<void> {
    await this.check('resources', all, (_, reason) => UnusableDefinition(reason));
  }

  private async check<K extends keyof typeof worker>(
    name: K,
    all: Parameters<(typeof worker)[K]>[0],
    refusal: (index: number, reason: string) => Problem,
  ): Promise<void> {
    for (let from = 0; from < all.length; from += BATCH) {
      const finding = await this.run(name, all.slice(from, from + BATCH) as typeof all);
      if (finding !== undefined) throw refusal(from + finding.index, finding.reason);
    }
  }

  private async run<K extends keyof typeof worker>(name: K, part: Parameters<(typeof worker)[K]>[0]): Promise<worker.Finding | undefined> {
    try {
      return await this.pool.run<typeof worker, K>(WORKER, name, part, TIMEOUT_MS);
    } catch (err) {
      if (err instanceof WorkFailed) return { index: 0, reason: 'it takes too long to compile' };
      throw err;
    }
  }
}
