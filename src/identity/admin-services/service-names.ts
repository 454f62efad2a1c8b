/** The services that answer below `/services`. */
export const SERVICE_NAMES = ['RemoteUserStoreManagerService', 'UserAdmin', 'OAuthAdminService', 'TenantMgtAdminService'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Where each is called: by its name, and at the endpoint that WSDLs of the product name. */
export const SERVICE_PATHS: string[] = SERVICE_NAMES.flatMap((name) => [name, `${name}.${name}HttpsSoap11Endpoint`]);

/** The name in a path as above. */
export const serviceNameIn = (path: string): string => /\/services\/([^/.]+)[^/]*\/?$/.exec(path)?.[1] ?? '';
