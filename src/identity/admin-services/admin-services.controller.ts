import { applyDecorators, Body, Controller, Get, Post, Req, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import type { Reply } from '../../platform/http/reply.js';
import { Guarded } from '../../platform/http/scopes.js';
import { AdminServicesFilter } from './admin-services.filter.js';
import { AdminServicesGuard } from './admin-services.guard.js';
import { AdminServices } from './admin-services.js';
import { MetadataHidden } from './admin-services.problems.js';
import { SERVICE_PATHS } from './service-names.js';
import { SoapBodyInterceptor } from './soap-body.interceptor.js';

/** A controller below `/services` and `/t/{tenant}/services`, which speaks SOAP and is part of no API's document. */
const ServicesEndpoint = (): ClassDecorator =>
  applyDecorators(
    Controller(['services', 't/:tenant/services']),
    Guarded('users'),
    UseFilters(AdminServicesFilter),
    ApiExcludeController(),
  );

/** Administration over SOAP, for clients of the product that are older than its REST APIs. */
@ServicesEndpoint()
export class AdminServicesController {
  constructor(private readonly services: AdminServices) {}

  @Post(SERVICE_PATHS)
  @UseGuards(AdminServicesGuard)
  @UseInterceptors(SoapBodyInterceptor)
  call(@Req() request: Request, @Caller() caller: User, @Body() message: string): Promise<Reply<string>> {
    return this.services.answer(this.services.of(request), caller, message);
  }
}

/** What a service is like is told to nobody, as with the product's default. */
@ServicesEndpoint()
export class ServiceMetadataController {
  constructor(private readonly services: AdminServices) {}

  @Get(SERVICE_PATHS)
  describe(@Req() request: Request): never {
    throw MetadataHidden(this.services.of(request).name).asPlainText();
  }
}
