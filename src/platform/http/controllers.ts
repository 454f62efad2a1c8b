import { applyDecorators, Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

export const BASE_PATHS = {
  publisher: '/api/am/publisher/v4',
  devportal: '/api/am/devportal/v3',
  admin: '/api/am/admin/v4',
  serviceCatalog: '/api/am/service-catalog/v1',
  devops: '/api/am/devops/v0',
  clientRegistration: '/client-registration/v0.17',
  gateway: '/api/am/gateway/v2',
  internalData: '/internal/data/v1',
  gatehouse: '/api/gatehouse/v1',
} as const;

const face =
  (base: string) =>
  (path: string, ...tags: readonly string[]): ClassDecorator =>
    applyDecorators(Controller(path ? `${base}/${path}` : base), ...(tags.length > 0 ? [ApiTags(...tags)] : []));

/** A controller below the publisher API; the tags are the contract's. */
export const PublisherController = face(BASE_PATHS.publisher);
/** A controller below the developer portal API; the tags are the contract's. */
export const DevportalController = face(BASE_PATHS.devportal);
/** A controller below the admin API; the tags are the contract's. */
export const AdminController = face(BASE_PATHS.admin);
/** A controller below the service catalog API; the tags are the contract's. */
export const ServiceCatalogController = face(BASE_PATHS.serviceCatalog);
/** A controller below the DevOps API. */
export const DevopsController = face(BASE_PATHS.devops);
/** A controller below the client registration API. */
export const ClientRegistrationController = face(BASE_PATHS.clientRegistration);
/** A controller below Gatehouse's own API: the operations that no contract of the product has. */
export const GatehouseController = face(BASE_PATHS.gatehouse);
