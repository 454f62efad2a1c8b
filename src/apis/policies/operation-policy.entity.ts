import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PolicySpecification } from './policy-specification.js';

export type PolicyLanguage = 'sequence' | 'javascript';

/**
 * A policy with the files that gateways of each kind run. Written once and never changed: another content is another row. A common policy belongs to no API;
 * attaching it gives the API a copy.
 */
@Entity('operation_policies')
export class OperationPolicyEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  /** Null for a common policy. */
  @Column('uuid', { name: 'api_id', nullable: true })
  readonly apiId!: string | null;

  /** Of a copy: the common policy it was made from, which may be gone. */
  @Column('uuid', { name: 'cloned_from', nullable: true })
  readonly clonedFrom!: string | null;

  /** Taken off its API's list, and only here because a revision still uses it. */
  @Column('boolean')
  readonly removed!: boolean;

  @Column('text')
  readonly name!: string;

  @Column('text')
  readonly version!: string;

  /** Of specification and files, in hexadecimal. */
  @Column('text')
  readonly md5!: string;

  @Column('jsonb')
  readonly specification!: PolicySpecification;

  /** What this gateway runs: a template of Synapse mediators (`.j2`), or a script (`.js`). */
  @Column('text', { nullable: true })
  readonly synapse!: string | null;

  /** What {@link synapse} is written in. */
  @Column('text', { default: 'sequence' })
  readonly language!: PolicyLanguage;

  /** The Choreo Connect template (`.gotmpl`). */
  @Column('text', { nullable: true })
  readonly choreo!: string | null;
}

/** What a policy is, wherever it is kept. */
export type PolicyContent = Pick<OperationPolicyEntity, 'name' | 'version' | 'md5' | 'specification' | 'synapse' | 'language' | 'choreo'>;

/** A policy without its files, which only its archive needs. */
export type ListedPolicy = Omit<OperationPolicyEntity, 'synapse' | 'language' | 'choreo'>;

export const LISTED = {
  id: true,
  organization: true,
  apiId: true,
  clonedFrom: true,
  removed: true,
  name: true,
  version: true,
  md5: true,
  specification: true,
} as const satisfies Record<keyof ListedPolicy, true>;
