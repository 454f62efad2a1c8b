import { IsArray, IsString, Matches, MinLength } from 'class-validator';
import { Sections, Setting } from '../setting.js';

/** `[[resource.access_control]]`; the product's keys (`reference/operations.md` §1.1) and `deny`. */
export class AccessRuleConfig {
  @Setting('Pattern of paths (RE2 syntax) that must match as a whole, such as `(.*)/internal/data/v1/(.*)`.')
  @IsString()
  @MinLength(1)
  readonly context: string = '(.*)/internal/data/v1/(.*)';

  @Setting('Whether a caller must be known, by Basic or Bearer; `false` only where the resource can be served to anybody.')
  readonly secure: boolean = true;

  @Setting('Methods, with commas between; `all` for any. `GET` means `HEAD` as well.')
  @Matches(/^\s*(all|[a-z]+(\s*,\s*[a-z]+)*)\s*$/i, { message: '$property must be `all` or methods with commas between' })
  readonly httpMethod: string = 'all';

  @Setting('Permissions of which the caller’s roles must have every one, themselves or by one above them; administrators have all.')
  @IsArray()
  @IsString({ each: true })
  readonly permissions: readonly string[] = [];

  @Setting('Scopes of which the caller must hold every one.')
  @IsArray()
  @IsString({ each: true })
  readonly scopes: readonly string[] = [];

  @Setting('Refuse everybody, whatever else the entry says.')
  readonly deny: boolean = false;
}

/** `[resource]`. */
export class ResourceConfig {
  @Sections(AccessRuleConfig, 'Rules for resources of the management port, over those that each has by itself; see docs/access-control.md.')
  readonly accessControl: readonly AccessRuleConfig[] = [];
}

/** `[resource_access_control]`. */
export class ResourceAccessControlConfig {
  @Setting('Only `false` is served: what is not declared is not there, and what is declared says itself who may call it.')
  readonly defaultAccessAllow: boolean = false;
}
