import { IsObject } from 'class-validator';

/** Carries a document of any shape through the checks that every body passes: nothing in it that could not be stored. */
export class AnyDocument {
  @IsObject() document!: Record<string, unknown>;
}
