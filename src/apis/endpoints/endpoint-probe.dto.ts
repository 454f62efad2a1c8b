import { ApiProperty } from '@nestjs/swagger';

/** What an endpoint answered; status code 0 with an error when it did not. */
export class ApiEndpointValidationResponseDto {
  @ApiProperty({ type: 'integer' }) statusCode!: number;
  statusMessage!: string;
  @ApiProperty({ required: false }) error!: string;
}
