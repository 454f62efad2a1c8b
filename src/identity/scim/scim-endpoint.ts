import { applyDecorators, Controller, UseFilters, UseInterceptors } from '@nestjs/common';
import { Reply } from '../../platform/http/reply.js';
import { IdentityInterface } from '../identity.guard.js';
import { ScimErrorsFilter } from './scim-errors.filter.js';
import type { Resource } from './scim-lists.js';
import { ScimMediaInterceptor } from './scim-media.interceptor.js';

/** A controller below `/scim2` and `/t/{tenant}/scim2`. */
export const ScimEndpoint = (path: string): ClassDecorator =>
  applyDecorators(
    Controller([`scim2/${path}`, `t/:tenant/scim2/${path}`]),
    IdentityInterface(),
    UseFilters(ScimErrorsFilter),
    UseInterceptors(ScimMediaInterceptor),
  );

/** 201 with the `Location` that the resource names itself. */
export const createdResource = (resource: Resource): Reply => {
  const { location } = resource['meta'] as { readonly location: string }; // every resource of ours has it
  return new Reply(201, resource, { Location: location });
};
