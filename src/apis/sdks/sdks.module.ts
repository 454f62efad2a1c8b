import { Module } from '@nestjs/common';
import { PortalApisModule } from '../portal/portal-apis.module.js';
import { JavaGenerator } from './java-generator.js';
import { SdksDevportalController } from './sdks.devportal.controller.js';
import { SdksService } from './sdks.service.js';

/** Clients of APIs for the developer portal. */
@Module({ imports: [PortalApisModule], controllers: [SdksDevportalController], providers: [SdksService, JavaGenerator] })
export class SdksModule {}
