import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Secrets } from '../../platform/crypto/secrets.js';
import { RegisteredClientEntity } from './registered-client.entity.js';

/** Where a client is managed, and the token that opens it (RFC 7592 §3). */
export interface Registration {
  readonly uri: string;
  readonly accessToken: string;
}

/** The registrations of clients at outside key managers, encrypted at rest. */
@Injectable()
export class RegisteredClients {
  constructor(
    @InjectRepository(RegisteredClientEntity) private readonly rows: Repository<RegisteredClientEntity>,
    private readonly secrets: Secrets,
  ) {}

  async find(keyManagerId: string, clientId: string): Promise<Registration | undefined> {
    const row = await this.rows.findOneBy({ keyManagerId, clientId });
    return row ? (JSON.parse(this.secrets.decrypt(row.registration)) as Registration) : undefined; // written below, and authenticated
  }

  async keep(keyManagerId: string, clientId: string, registration: Registration): Promise<void> {
    await this.rows.upsert({ keyManagerId, clientId, registration: this.secrets.encrypt(JSON.stringify(registration)) }, [
      'keyManagerId',
      'clientId',
    ]);
  }

  async forget(keyManagerId: string, clientId: string): Promise<void> {
    await this.rows.delete({ keyManagerId, clientId });
  }
}
