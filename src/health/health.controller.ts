import { Controller, Get, Inject, Optional } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { OutsideKeyRefresh } from '../keys/managers/outside-key-refresh.js';
import { Reply, textReply } from '../platform/http/reply.js';
import { Anonymous, Guarded } from '../platform/http/scopes.js';
import { Readiness } from './readiness.js';

/** Probes for supervisors: alive (`/healthz`), started (`/startupz`), able to serve (`/readyz`). */
@ApiExcludeController()
@Guarded('none')
@Anonymous()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    @Optional() @Inject(OutsideKeyRefresh) private readonly outsideKeys: OutsideKeyRefresh | null,
    @Optional() @Inject(DataSource) private readonly database: DataSource | null,
  ) {}

  @Get('healthz')
  alive(): { status: string } {
    return { status: 'up' };
  }

  @Get('startupz')
  started(): Reply {
    return probe({ started: this.readiness.isStarted });
  }

  @Get('readyz')
  async ready(): Promise<Reply> {
    const { gateway, isStarted } = this.readiness;
    const parts = {
      started: isStarted,
      ...(gateway && { gateway: gateway.isReady }),
      ...(this.database && { database: await this.answers(this.database) }),
    };
    // Somebody else's server being away is told, but nobody takes ours out of service for it: the keys known before stay in force.
    return probe(parts, {
      ...(this.outsideKeys && { keyManagers: this.outsideKeys.areFetched ? 'up' : 'degraded' }),
      ...(gateway && { backends: gateway.hasSuspendedEndpoints ? 'degraded' : 'up' }),
      ...(gateway?.areCountersAway !== undefined && { sharedCounters: gateway.areCountersAway ? 'degraded' : 'up' }),
    });
  }

  /** The product's probe of a gateway's start: whether all APIs are loaded. Where there is no gateway there is nothing to load. */
  @Get('api/am/gateway/v2/server-startup-healthcheck')
  loaded(): Reply<string> {
    const { gateway, isStarted } = this.readiness;
    const isLoaded = isStarted && (gateway?.isLoaded ?? true);
    return textReply('text/plain', isLoaded ? 'OK' : 'The APIs are not loaded yet.', isLoaded ? 200 : 503);
  }

  /** The product's liveness probe. */
  @Get('services/Version')
  version(): Reply {
    return new Reply(
      200,
      '<ns:getVersionResponse xmlns:ns="http://version.services.core.carbon.wso2.org"><return>Gatehouse</return></ns:getVersionResponse>',
      {
        'Content-Type': 'application/xml',
      },
    );
  }

  private async answers(database: DataSource): Promise<boolean> {
    try {
      await database.query('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }
}

/** Up when all parts are; the notes change nothing. */
const probe = (parts: Readonly<Record<string, boolean>>, notes: Readonly<Record<string, string>> = {}): Reply => {
  const up = Object.values(parts).every(Boolean);
  return new Reply(up ? 200 : 503, {
    status: up ? 'up' : 'down',
    ...Object.fromEntries(Object.entries(parts).map(([name, ok]) => [name, ok ? 'up' : 'down'])),
    ...notes,
  });
};
