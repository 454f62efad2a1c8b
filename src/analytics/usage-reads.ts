import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Reads the usage that gateways reported. */
@Injectable()
export class UsageReads {
  constructor(private readonly database: DataSource) {}

  /** How many requests of the applications to an API were let through since then: neither throttled nor refused. */
  async admitted(
    organization: string,
    { apiId, applications, since }: { readonly apiId: string; readonly applications: readonly string[]; readonly since: Date },
  ): Promise<number> {
    const [row]: readonly { count: string }[] = await this.database.query(
      `SELECT coalesce(sum(hits - throttled - refused), 0) AS count FROM usage_minutes
       WHERE organization = $1 AND api_id = $2 AND minute >= $3 AND application_id = ANY ($4::uuid[])`,
      [organization, apiId, since, applications],
    );
    return Number(row?.count ?? 0);
  }
}
