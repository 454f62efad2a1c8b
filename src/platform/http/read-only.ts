import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, TransformationType } from 'class-transformer';
import { Allow } from 'class-validator';

/** A property that only answers carry: in a request it is ignored, never refused, because portals send whole objects back. */
export const ReadOnly = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  applyDecorators(
    Allow(),
    Transform(({ value, type }) => (type === TransformationType.PLAIN_TO_CLASS ? undefined : value)),
    ApiProperty({ required: false, ...options, readOnly: true } as ApiPropertyOptions), // the union of option types loses its tag when spread
  );
