import { Injectable } from '@nestjs/common';
import { type Application, type ApplicationVisibility, isTrimmed, missingAttributes, storedAttributes } from '../domain/application.js';
import { NO_STANDING } from '../domain/application-sharing.js';
import type { UserName } from '../domain/organization.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { ApplicationAttributes } from './application-attributes.js';
import { ApplicationSharing } from './application-sharing.js';
import { ApplicationNameUntrimmed, AttributesMissing, ForeignGroups, TierInvalid } from './applications.problems.js';

/** What is decided about an application. */
export interface ApplicationContent {
  readonly name: string;
  readonly throttlingPolicy: string;
  readonly description: string;
  readonly visibility: ApplicationVisibility;
  readonly attributes: Readonly<Record<string, string>>;
  /** Undefined leaves them as they are. */
  readonly groups: readonly string[] | undefined;
}

/** The same, checked and as it is stored. */
export type SettledContent = Pick<
  Application,
  'name' | 'throttlingPolicy' | 'description' | 'visibility' | 'consumerOrganization' | 'attributes'
> & { readonly groups: string[] };

/** Checks of an application what the contract cannot (`reference/devportal.md` §5). */
@Injectable()
export class ApplicationChecks {
  constructor(
    private readonly policies: ThrottlingPoliciesService,
    private readonly declared: ApplicationAttributes,
    private readonly sharing: ApplicationSharing,
  ) {}

  /**
   * What to store when the editor decides this about an application of the owner, which is as `current` now if it exists.
   * @throws ApplicationNameUntrimmed, TierInvalid, AttributesMissing, ForeignGroups (400).
   */
  async settled(
    { organization, name: editor }: UserName,
    owner: string,
    { groups: wanted, ...content }: ApplicationContent,
    current?: Application,
  ): Promise<SettledContent> {
    if (!isTrimmed(content.name)) throw ApplicationNameUntrimmed();
    if (!(await this.policies.find(organization, 'application', content.throttlingPolicy))) throw TierInvalid();
    const declared = await this.declared.of(organization);
    const attributes = storedAttributes(content.attributes, declared);
    const missing = missingAttributes(attributes, declared);
    if (missing.length > 0) throw AttributesMissing(missing.join(', '));
    const standings = await this.sharing.standingsOf(organization, [...new Set([editor, owner])]);
    const kept = current?.groups ?? [];
    const groups = [...new Set((this.sharing.hasGroups ? wanted : undefined) ?? kept)];
    const { groups: own } = standings.get(editor) ?? NO_STANDING;
    const foreign = groups.filter((group) => !own.includes(group) && !kept.includes(group));
    if (foreign.length > 0) throw ForeignGroups(foreign);
    const { consumerOrganization: ownersNow } = standings.get(owner) ?? NO_STANDING;
    // Members who edit it do not carry it elsewhere.
    const isKept = editor !== owner && current?.visibility === 'SHARED_WITH_ORG';
    const sharedWith = isKept ? current.consumerOrganization : ownersNow;
    return { ...content, attributes, groups, consumerOrganization: content.visibility === 'SHARED_WITH_ORG' ? sharedWith : '' };
  }
}
