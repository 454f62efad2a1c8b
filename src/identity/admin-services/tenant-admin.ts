import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import { escapedPattern } from '../tenants/tenant-list.js';
import { checkEmail } from '../tenants/tenant-rules.js';
import { ownerChange } from '../tenants/tenants.mapper.js';
import { DeletionOff } from '../tenants/tenants.problems.js';
import { TenantQueries, type TenantRow } from '../tenants/tenants.queries.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { PasswordInvalid } from '../users/users.problems.js';
import { AdminService, all, answers, does } from './admin-service.js';
import { Parameters } from './parameters.js';
import type { SoapBean, SoapValue } from './soap-message.js';
import { ALL } from './store.queries.js';

const TENANT = 'http://beans.common.stratos.carbon.wso2.org/xsd';
const PAGE = 'http://beans.mgt.tenant.carbon.wso2.org/xsd';
const PAGE_SIZE = 15;

const READ = all('internal_list_tenants');
const WRITE = all('internal_modify_tenants');

const required = (parameters: Parameters, name: string): string => parameters.text(name) ?? '';

/** The object of a request; an empty one when it is missing. */
const tenantIn = (parameters: Parameters): Parameters => {
  const [bean = new Parameters({ name: '', attributes: [], children: [], text: '' })] = parameters.objects('tenantInfoBean');
  return bean;
};

const beanOf = (fields: Readonly<Record<string, SoapValue>>): SoapBean => ({
  namespace: TENANT,
  fields: FIELDS.map((name) => [name, fields[name] ?? null]),
});

const FIELDS = [
  'active',
  'admin',
  'adminPassword',
  'createdDate',
  'email',
  'firstname',
  'lastname',
  'name',
  'originatedService',
  'successKey',
  'tenantDomain',
  'tenantId',
  'usagePlan',
];

/** A tenant in a list: without what only its owner's account tells. */
const listed = ({ active, createdAt, ownerClaims, name, domain, tenantId }: TenantRow) => ({
  ...{ active, name, tenantId, tenantDomain: domain },
  ...{ createdDate: createdAt.toISOString(), email: ownerClaims['emailaddress'] ?? null },
});

const toListedBean = (row: TenantRow): SoapBean => beanOf(listed(row));

const toTenantBean = (row: TenantRow): SoapBean =>
  beanOf({
    ...listed(row),
    ...{ admin: row.ownerName, usagePlan: '' },
    ...{ firstname: row.ownerClaims['givenname'] ?? null, lastname: row.ownerClaims['lastname'] ?? null },
  });

/** Clients take a tenant that is not active and has no id for one that is to be made. */
const NO_TENANT = beanOf({ active: false, tenantId: 0 });

/** `TenantMgtAdminService`: tenants, for administrators of the super tenant (`reference/identity.md` §4). */
@Injectable()
export class TenantAdmin extends AdminService {
  readonly name = 'TenantMgtAdminService';
  readonly namespace = 'http://services.mgt.tenant.carbon.wso2.org';
  readonly exception = 'TenantMgtAdminServiceException';
  override readonly isForSuperTenant = true;

  constructor(
    private readonly tenants: TenantsService,
    private readonly queries: TenantQueries,
  ) {
    super();
  }

  readonly operations = {
    addTenant: answers(WRITE, (_, parameters) => this.add(tenantIn(parameters))),
    getTenant: answers(READ, async (_, parameters) => {
      const row = await this.queries.find(required(parameters, 'tenantDomain'));
      return row ? toTenantBean(row) : NO_TENANT;
    }),
    retrieveTenants: answers(READ, async () => this.all('%')),
    retrievePartialSearchTenants: answers(READ, async (_, parameters) => this.all(partial(parameters))),
    retrievePaginatedTenants: answers(READ, (_, parameters) => this.page('%', parameters)),
    retrievePaginatedPartialSearchTenants: answers(READ, (_, parameters) => this.page(partial(parameters), parameters)),
    checkDomainAvailability: answers(READ, async (_, parameters) => {
      const domain = parameters.text('domainName') ?? required(parameters, 'domain');
      return domain !== SUPER_TENANT && (await this.tenants.byDomain(domain)) === undefined;
    }),
    updateTenant: does(WRITE, (_, parameters) => this.update(tenantIn(parameters))),
    activateTenant: does(WRITE, (_, parameters) => this.setActive(parameters, true)),
    deactivateTenant: does(WRITE, (_, parameters) => this.setActive(parameters, false)),
    deleteTenant: does(WRITE, async (_, parameters) => {
      await this.queries.byDomain(required(parameters, 'tenantDomain'));
      throw DeletionOff();
    }),
  };

  private async add(bean: Parameters): Promise<string> {
    const domain = required(bean, 'tenantDomain');
    const email = required(bean, 'email');
    checkEmail(email);
    const password = bean.text('adminPassword');
    if (password === undefined) throw PasswordInvalid();
    const { claims = {} } = ownerChange({ email, firstname: required(bean, 'firstname'), lastname: required(bean, 'lastname') }, {});
    const owner = { name: required(bean, 'admin'), password, claims };
    const { id } = await this.tenants.create({ domain, name: bean.text('name') || domain, owner });
    return id;
  }

  /** Changes the owner's data; blank fields are left as they are. */
  private async update(bean: Parameters): Promise<void> {
    const { id, ownerId } = await this.queries.byDomain(required(bean, 'tenantDomain'));
    const [email, firstname, lastname, password] = ['email', 'firstname', 'lastname', 'adminPassword'].map((name) => required(bean, name));
    await this.tenants.changeOwner(id, ownerId, (claims) => ownerChange({ email, firstname, lastname, password }, claims));
  }

  private async setActive(parameters: Parameters, active: boolean): Promise<void> {
    const { id } = await this.queries.byDomain(required(parameters, 'tenantDomain'));
    await this.tenants.setActive(id, active);
  }

  private async all(pattern: string): Promise<SoapValue> {
    const { rows } = await this.queries.list({ limit: ALL, offset: 0, filter: { pattern }, order: undefined });
    return rows.map(toListedBean);
  }

  private async page(pattern: string, parameters: Parameters): Promise<SoapBean> {
    const offset = Math.max(0, parameters.integer('pageNumber', 0)) * PAGE_SIZE;
    const { rows, total } = await this.queries.list({ limit: PAGE_SIZE, offset, filter: { pattern }, order: undefined });
    return {
      namespace: PAGE,
      fields: [
        ['numberOfPages', Math.ceil(total / PAGE_SIZE)],
        ['tenantInfoBeans', rows.map(toListedBean)],
      ],
    };
  }
}

/** Any domain with this text in it. */
const partial = (parameters: Parameters): string => `%${escapedPattern(required(parameters, 'domain'))}%`;
