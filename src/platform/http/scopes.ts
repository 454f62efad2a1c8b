import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

export const SCOPES = 'gatehouse:scopes';
export const ANONYMOUS = 'gatehouse:anonymous';
export const AUTHENTICATION = 'gatehouse:authentication';

/** The name of the security scheme in every contract. */
export const SECURITY_SCHEME = 'OAuth2Security';

/** Any one of the scopes opens the operation. Without this decorator any authenticated user passes. */
export const Scopes = (...scopes: readonly string[]): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(SCOPES, scopes), ApiSecurity(SECURITY_SCHEME, [...scopes]));

/** Opens the operation to callers without any credential; a credential that is sent is still checked. */
export const Anonymous = (): MethodDecorator & ClassDecorator => SetMetadata(ANONYMOUS, true);

/**
 * How a controller is guarded: `rest` as the product's REST APIs (Bearer or Basic), `users` by a guard of its own that lets in users alone, `none` when it
 * guards itself (health, metrics).
 */
export type Authentication = 'rest' | 'users' | 'none';
export const Guarded = (by: Authentication): ClassDecorator & MethodDecorator => SetMetadata(AUTHENTICATION, by);
