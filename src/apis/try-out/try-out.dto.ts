import { ApiProperty } from '@nestjs/swagger';

export class CurlCommandDto {
  verb!: string;
  target!: string;
  /** For a POSIX shell; the credential is in the variable ACCESS_TOKEN, API_KEY or CREDENTIALS. */
  command!: string;
}

export class CurlCommandListDto {
  @ApiProperty({ type: 'integer' }) count!: number;
  @ApiProperty({ type: [CurlCommandDto] }) list!: readonly CurlCommandDto[];
}
