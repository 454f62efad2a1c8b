export class PublisherOrganizationInfoDto {
  organizationId?: string;
  name?: string;
}
