export class AdminOrganizationInfoDto {
  organizationId?: string;
  name?: string;
}
