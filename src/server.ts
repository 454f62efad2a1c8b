import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import express, { type RequestHandler } from 'express';
import { AccessControl } from './access-control/access-control.js';
import { declaredResources } from './access-control/declared-resources.js';
import { managementAccessLog } from './access-log/management-access-log.js';
import { managementCorrelation } from './access-log/management-correlation.js';
import { managementTracing } from './access-log/management-tracing.js';
import { AppModule, type AppParts } from './app.module.js';
import { clientAddress } from './gateway/engine/front/client-address.js';
import { Gateway } from './gateway/gateway.js';
import { Readiness } from './health/readiness.js';
import { Installation } from './platform/config/installation.js';
import { HttpAccessLogConfig } from './platform/config/sections/access-log.config.js';
import { GatewayConfig } from './platform/config/sections/gateway.config.js';
import { ServerConfig } from './platform/config/sections/server.config.js';
import { TransportConfig } from './platform/config/sections/transport.config.js';
import { BodyInterceptor } from './platform/http/body.interceptor.js';
import { edge } from './platform/http/edge.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { ReplyInterceptor } from './platform/http/reply.interceptor.js';
import { swaggerYaml } from './platform/http/swagger-yaml.js';
import { BodyValidation } from './platform/http/validation.pipe.js';
import { CorrelationLog } from './platform/logging/correlation-log.js';
import { Log } from './platform/logging/log.js';
import { RequestMetrics } from './platform/metrics/request-metrics.js';
import { observesRequests } from './platform/metrics/request-observation.js';
import { originOf } from './platform/origin/origin.js';
import { portRefused } from './platform/process/ports.js';
import { ServerCertificate } from './platform/tls/server-certificate.js';
import { Traces } from './platform/tracing/traces.js';

export interface RunningServer {
  /** Stops taking requests, lets running ones end, closes the gateway and the database connections. */
  readonly stop: () => Promise<void>;
}

const OAUTH = /^(?:\/t\/[^/]+)?\/oauth2\//;

/** How often connections of the management port that have become idle are closed while it stops. */
const SWEEP_MS = 50;

/** Makes the Nest application with everything every answer passes through; it does not listen yet. */
export const createApp = async (parts: AppParts, preview = false): Promise<NestExpressApplication> => {
  const instance = express();
  // A path in other letters is another path: what rules and logs say of it would not be so otherwise.
  instance.enable('case sensitive routing');
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(parts), new ExpressAdapter(instance), {
    bodyParser: false,
    logger: false,
    abortOnError: false,
    preview,
  });
  return app;
};

/** Opens the management port over everything the profile runs. */
export const serve = async (parts: AppParts): Promise<RunningServer> => {
  const app = await createApp(parts);
  const log = app.get(Log);
  app.useLogger(log);
  app.disable('x-powered-by', 'etag');
  const installation = app.get(Installation);
  const addressOf = clientAddress(app.get(GatewayConfig).trustedProxies);
  const clientOf = (request: IncomingMessage): string =>
    addressOf({ request, forwardedFor: request.headers['x-forwarded-for']?.toString() ?? null });
  const accessLog = app.get(HttpAccessLogConfig);
  if (accessLog.enabled) app.use(managementAccessLog(accessLog, installation.dataDir, clientOf, log));
  app.use(originOf(clientOf));
  const traces = app.get(Traces);
  if (traces.ratio !== null) app.use(managementTracing(traces));
  app.use(observesRequests(app.get(RequestMetrics), log));
  app.use(managementCorrelation(app.get(CorrelationLog)));
  app.use(edge);
  const access = app.get(AccessControl);
  if (access.isOn) app.use(access.check);
  app.use(compressed());
  app.use(swaggerYaml(() => app, installation.managementUrl));
  app.useGlobalPipes(new BodyValidation());
  app.useGlobalInterceptors(new ReplyInterceptor(), new BodyInterceptor(app.get(TransportConfig)));
  app.useGlobalFilters(new ProblemFilter(log));
  const readiness = app.get(Readiness);
  if (parts.profile.modules.has('gateway')) readiness.gateway = app.get(Gateway, { strict: false });
  await app.init();
  access.begin(declaredResources(app));
  const { bindAddress } = app.get(ServerConfig);
  const tls = app.get(ServerCertificate);
  const { certificate, key } = await tls.files();
  const server = createServer({ cert: certificate, key }, app.getHttpAdapter().getInstance());
  tls.onChange((files) => server.setSecureContext({ cert: files.certificate, key: files.key }));
  await listen(server, installation.managementPort, bindAddress);
  readiness.isStarted = true;
  return {
    stop: async () => {
      readiness.isStarted = false;
      await close(server, app.get(GatewayConfig).drainMs);
      await app.close();
      await traces.stop();
    },
  };
};

/** The key manager's answers are short and many, and hold secrets, whose length compression would tell (BREACH). */
const compressed = (): RequestHandler => {
  const compress = compression();
  return (request, response, next) => (OAUTH.test(request.url) ? next() : compress(request, response, next));
};

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    // Taken since it was probed, by a server that started at the same moment.
    server.once('error', (err) => reject(portRefused(port, err)));
    server.listen({ port, host }, () => resolve());
  });

/** Lets running requests end for at most `deadlineMs`, then cuts what is left. */
const close = async (server: Server, deadlineMs: number): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last request has ended would otherwise be kept for its client's next one.
  const sweeper = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(sweeper);
  clearTimeout(timer);
};
