export class ServiceCatalogSettingsDto {
  scopes?: string[];
}
