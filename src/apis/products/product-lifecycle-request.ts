import { IsNotEmpty, IsOptional, IsString } from 'class-validator';

/** The query of a change of state; which actions there are depends on the state. */
export class ProductLifecycleRequest {
  @IsString() @IsNotEmpty() readonly action!: string;
  @IsOptional() @IsString() readonly lifecycleChecklist?: string;
  @IsString() @IsNotEmpty() readonly apiProductId!: string;
}
