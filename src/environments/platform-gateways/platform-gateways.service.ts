import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { found } from '../../domain/problem.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import { ConfiguredEnvironments } from '../configured-environments.js';
import { EnvironmentEntity } from '../environment.entity.js';
import { PLATFORM_GATEWAY_TYPE } from '../environment.js';
import { EnvironmentUses } from '../environment-uses.js';
import { PlatformGatewayEntity } from './platform-gateway.entity.js';
import { addressOf, type NewPlatformGateway, newRegistrationToken, type PlatformGateway, versionIn } from './platform-gateway.js';
import { toGatewayEnvironment, toPlatformGateway } from './platform-gateways.mapper.js';
import {
  AddressInvalid,
  NameAndAddressFixed,
  PlatformGatewayExists,
  PlatformGatewayNotFound,
  VersionUnsupported,
} from './platform-gateways.problems.js';

/** A gateway with the token that it connects with, which is known only now. */
export interface RegisteredGateway {
  readonly gateway: PlatformGateway;
  readonly token: string;
}

/** The platform gateways of a tenant: each is an environment too, with the same id and name. */
@Injectable()
export class PlatformGateways {
  constructor(
    @InjectRepository(PlatformGatewayEntity) private readonly gateways: Repository<PlatformGatewayEntity>,
    @InjectRepository(EnvironmentEntity) private readonly environments: Repository<EnvironmentEntity>,
    private readonly configured: ConfiguredEnvironments,
    private readonly config: ApimConfig,
    private readonly uses: EnvironmentUses,
    private readonly transactions: Transactions,
  ) {}

  /** By name: two statements, whatever their number. */
  async list(organization: string): Promise<readonly PlatformGateway[]> {
    const where = { organization, gatewayType: PLATFORM_GATEWAY_TYPE };
    const environments = await this.environments.find({ where, order: { name: 'ASC' } });
    const gateways = new Map((await this.gateways.findBy({ organization })).map((gateway) => [gateway.id, gateway]));
    return environments.flatMap((environment) => {
      const gateway = gateways.get(environment.id);
      return gateway ? [toPlatformGateway(environment, gateway)] : [];
    });
  }

  /** @throws PlatformGatewayExists (409), AddressInvalid, VersionUnsupported (400). */
  async create(organization: string, { name, vhost, ...content }: NewPlatformGateway): Promise<RegisteredGateway> {
    const url = addressOf(vhost);
    if (url === undefined) throw AddressInvalid();
    this.checkVersion(content.properties);
    if (this.configured.all.some((environment) => environment.name === name)) throw PlatformGatewayExists(name);
    const now = new Date();
    const gateway: PlatformGateway = { ...content, id: randomUUID(), name, url, isActive: false, createdAt: now, updatedAt: now };
    const { id, properties } = gateway;
    const { token, tokenId, tokenHash } = newRegistrationToken();
    await this.transactions.run(async (tx) => {
      await tx.em
        .insert(EnvironmentEntity, { ...toGatewayEnvironment(organization, gateway), id, organization })
        .catch(onConflict('environments_organization_name', () => PlatformGatewayExists(name)));
      const row = { id, organization, url, properties, tokenId, tokenHash, createdAt: now, updatedAt: now };
      await tx.em.save(tx.em.create(PlatformGatewayEntity, row));
    });
    return { gateway, token };
  }

  /** Changes everything but the name and the address. @throws PlatformGatewayNotFound (404), NameAndAddressFixed, VersionUnsupported (400). */
  update(organization: string, id: string, { name, vhost, ...content }: NewPlatformGateway): Promise<PlatformGateway> {
    return this.transactions.run(async (tx) => {
      const { environment, gateway } = await this.lock(tx, organization, id);
      if (name !== environment.name || addressOf(vhost) !== gateway.url) throw NameAndAddressFixed();
      this.checkVersion(content.properties);
      // Later than the last change in any case.
      const updatedAt = new Date(Math.max(Date.now(), gateway.updatedAt.getTime() + 1));
      const changed = { ...toPlatformGateway(environment, gateway), ...content, updatedAt };
      await tx.em.save(EnvironmentEntity, { ...toGatewayEnvironment(organization, changed), id, organization });
      await tx.em.save(Object.assign(gateway, { properties: content.properties, updatedAt }));
      return changed;
    });
  }

  /** Removes the gateway and its environment; its token is worth nothing any more. @throws PlatformGatewayNotFound (404), EnvironmentInUse (409). */
  remove(organization: string, id: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      const { environment } = await this.lock(tx, organization, id);
      const refusal = await this.uses.refusal(tx, organization, environment.name);
      if (refusal) throw refusal(id);
      await tx.em.delete(PlatformGatewayEntity, { id, organization });
      await tx.em.delete(EnvironmentEntity, { id, organization });
    });
  }

  /** A new token in place of the old one. @throws PlatformGatewayNotFound (404). */
  regenerateToken(organization: string, id: string): Promise<RegisteredGateway> {
    const { token, tokenId, tokenHash } = newRegistrationToken();
    return this.transactions.run(async (tx) => {
      const { environment, gateway } = await this.lock(tx, organization, id);
      await tx.em.update(PlatformGatewayEntity, { id, organization }, { tokenId, tokenHash, updatedAt: gateway.updatedAt });
      return { gateway: toPlatformGateway(environment, gateway), token };
    });
  }

  private async lock(
    tx: Tx,
    organization: string,
    id: string,
  ): Promise<{ readonly environment: EnvironmentEntity; readonly gateway: PlatformGatewayEntity }> {
    if (!isUUID(id)) throw PlatformGatewayNotFound();
    const where = { id, organization };
    const environment = await tx.em.findOne(EnvironmentEntity, { where, lock: { mode: 'pessimistic_write' } });
    const gateway = await tx.em.findOneBy(PlatformGatewayEntity, where);
    return { environment: found(environment, PlatformGatewayNotFound), gateway: found(gateway, PlatformGatewayNotFound) };
  }

  private checkVersion(properties: NewPlatformGateway['properties']): void {
    const { versions } = this.config.platformGateway;
    const version = versionIn(properties);
    if (version !== undefined && !versions.some((supported) => supported === version)) throw VersionUnsupported(versions);
  }
}
