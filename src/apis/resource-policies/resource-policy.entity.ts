import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `in` makes the SOAP request of a JSON one, `out` the JSON answer of a SOAP one. */
export const SEQUENCE_TYPES = ['in', 'out'] as const;
export type SequenceType = (typeof SEQUENCE_TYPES)[number];

/** How one resource of a SOAPTOREST API is translated in one direction: Synapse mediators without a root. */
@Entity('api_resource_policies')
export class ResourcePolicyEntity {
  @PrimaryColumn('uuid')
  readonly id!: string;

  @Column('text')
  readonly organization!: string;

  @PrimaryColumn('uuid', { name: 'api_id' })
  readonly apiId!: string;

  @Column('text', { name: 'sequence_type' })
  readonly sequenceType!: SequenceType;

  /** In lower case. */
  @Column('text', { name: 'http_verb' })
  readonly httpVerb!: string;

  /** Without the slash at its start. */
  @Column('text', { name: 'resource_path' })
  readonly resourcePath!: string;

  @Column('text')
  content!: string;
}

/** What a resource policy is, apart from whose it is. */
export type ResourceSequence = Pick<ResourcePolicyEntity, 'sequenceType' | 'httpVerb' | 'resourcePath' | 'content'>;
