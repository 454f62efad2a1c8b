import 'reflect-metadata';
import { createServer, type Server } from 'node:https';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import express from 'express';
import { AppModule, type AppParts } from './app.module.js';
import { Gateway } from './gateway/gateway.js';
import { Readiness } from './health/readiness.js';
import { Installation } from './platform/config/installation.js';
import { ServerConfig } from './platform/config/sections/server.config.js';
import { TransportConfig } from './platform/config/sections/transport.config.js';
import { BodyInterceptor } from './platform/http/body.interceptor.js';
import { edge } from './platform/http/edge.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { ReplyInterceptor } from './platform/http/reply.interceptor.js';
import { swaggerYaml } from './platform/http/swagger-yaml.js';
import { BodyValidation } from './platform/http/validation.pipe.js';
import { Log } from './platform/logging/log.js';
import { serverCertificate } from './platform/tls/certificate.js';

export interface RunningServer {
  /** Stops taking requests, lets running ones end, closes the gateway and the database connections. */
  readonly stop: () => Promise<void>;
}

/** How long kept-alive connections of the management port may hold up the stop. */
const CLOSE_MS = 2_000;

/** Makes the Nest application with everything every answer passes through; it does not listen yet. */
export const createApp = async (parts: AppParts, preview = false): Promise<NestExpressApplication> => {
  const instance = express();
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
  app.use(edge);
  app.use(compression());
  app.use(swaggerYaml(() => app, installation.managementUrl));
  app.useGlobalPipes(new BodyValidation());
  app.useGlobalInterceptors(new ReplyInterceptor(), new BodyInterceptor(app.get(TransportConfig)));
  app.useGlobalFilters(new ProblemFilter(log));
  const readiness = app.get(Readiness);
  const gateway = app.get(Gateway, { strict: false });
  readiness.watchGateway(() => gateway.isReady);
  await app.init();
  const { hostname, bindAddress } = app.get(ServerConfig);
  const { certificate, key } = await serverCertificate(installation.dataDir, hostname);
  const server = createServer({ cert: certificate, key }, app.getHttpAdapter().getInstance());
  await listen(server, installation.managementPort, bindAddress);
  readiness.isStarted = true;
  return {
    stop: async () => {
      readiness.isStarted = false;
      await close(server);
      await app.close();
    },
  };
};

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => resolve());
  });

const close = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearTimeout(timer);
};
