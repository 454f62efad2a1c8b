/** The script of one operation. */
export class MockResponsePayloadInfoDto {
  path?: string;
  /** JavaScript. */
  content?: string;
  verb?: string;
}

export class MockResponsePayloadListDto {
  list?: MockResponsePayloadInfoDto[];
}
