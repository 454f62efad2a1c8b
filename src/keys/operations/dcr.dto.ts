import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

const NAME_MAX = 255;
const TEXT_MAX = 2_048;
const LIST_MAX = 100;
const SECONDS_MAX = 2_147_483_647;
const DESCRIPTION_MAX = 512;
/** Means the same in a URL, a header and a form. */
const CLIENT_ID = /^[\w.-]{3,255}$/;
const SECRET_MIN = 8;
/** Printable characters without blanks. */
const SECRET = /^[\x21-\x7e]+$/;

export class ClientSecretRequestDto {
  @IsOptional() @IsInt() @Min(0) @Max(SECONDS_MAX) expires_in?: number;
  @IsOptional() @IsString() @MaxLength(DESCRIPTION_MAX) description?: string;
  /** A random one when left out. */
  @IsOptional() @Length(SECRET_MIN, NAME_MAX) @Matches(SECRET) client_secret?: string;
}

/** What may be said of a client both when it is made and later. */
export class ClientFieldsDto {
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @IsString({ each: true }) @MaxLength(TEXT_MAX, { each: true }) redirect_uris?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @IsString({ each: true }) @MaxLength(NAME_MAX, { each: true }) grant_types?: string[];
  @IsOptional() @IsString() @MaxLength(NAME_MAX) application_display_name?: string;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) token_type_extension?: string;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) ext_application_owner?: string;
  /** Seconds; 0 takes the server's. */
  @IsOptional() @IsInt() @Min(0) @Max(SECONDS_MAX) ext_application_token_lifetime?: number;
  @IsOptional() @IsInt() @Min(0) @Max(SECONDS_MAX) ext_user_token_lifetime?: number;
  @IsOptional() @IsInt() @Min(0) @Max(SECONDS_MAX) ext_refresh_token_lifetime?: number;
  @IsOptional() @IsInt() @Min(0) @Max(SECONDS_MAX) ext_id_token_lifetime?: number;
  @IsOptional() @IsBoolean() pkceMandatory?: boolean;
  @IsOptional() @IsBoolean() pkceSupportPlain?: boolean;
  @IsOptional() @IsBoolean() bypassClientCredentials?: boolean;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_MAX)
  @IsString({ each: true })
  @MaxLength(NAME_MAX, { each: true })
  application_scopes?: string[];
  /** What stands in `aud` of its tokens besides its id; the contract has no place for it, so no answer shows it. */
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @IsString({ each: true }) @MaxLength(NAME_MAX, { each: true }) audiences?: string[];
  /** Clients are not told of logouts: without effect. */
  @Allow() backchannel_logout_uri?: string;
  @Allow() backchannel_logout_session_required?: boolean;
}

export class RegistrationRequestDto extends ClientFieldsDto {
  @IsString() @IsNotEmpty() @MaxLength(NAME_MAX) client_name!: string;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) application_type?: string;
  @IsOptional() @Matches(CLIENT_ID) client_id?: string;
  @IsOptional() @Length(SECRET_MIN, NAME_MAX) @Matches(SECRET) client_secret?: string;
  @IsOptional() @Matches(CLIENT_ID) ext_param_client_id?: string;
  @IsOptional() @Length(SECRET_MIN, NAME_MAX) @Matches(SECRET) ext_param_client_secret?: string;
  @IsOptional() @IsString() @MaxLength(DESCRIPTION_MAX) ext_client_secret_description?: string;
  @IsOptional() @IsInt() @Min(0) @Max(SECONDS_MAX) ext_client_secret_expires_in?: number;
  // Metadata of OpenID clients that nothing here asks for: accepted, without effect.
  @Allow() jwks_uri?: string;
  @Allow() url?: string;
  @Allow() contacts?: string[];
  @Allow() post_logout_redirect_uris?: string[];
  @Allow() request_uris?: string[];
  @Allow() response_types?: string[];
  @Allow() ext_param_sp_template?: string;
}

export class UpdateRequestDto extends ClientFieldsDto {
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX) client_name?: string;
  /** As it was read: neither can be changed here. */
  @IsOptional() @IsString() @MaxLength(NAME_MAX) client_id?: string;
  @IsOptional() @IsString() @MaxLength(NAME_MAX) client_secret?: string;
}

export interface ApplicationBody {
  readonly client_id: string;
  readonly client_secret: string;
  readonly client_secret_expires_at: string;
  readonly redirect_uris: readonly string[];
  readonly client_name: string;
  readonly grant_types: readonly string[];
  readonly ext_application_owner: string;
  readonly ext_application_token_lifetime: number;
  readonly ext_user_token_lifetime: number;
  readonly ext_refresh_token_lifetime: number;
  readonly ext_id_token_lifetime: number;
  readonly pkceMandatory: boolean;
  readonly pkceSupportPlain: boolean;
  readonly bypassClientCredentials: boolean;
  readonly token_type_extension: string;
  readonly application_scopes: readonly string[];
  readonly ext_client_secret_description: string;
}

export interface ClientSecretBody {
  readonly id: string;
  readonly description: string;
  readonly client_secret: string;
  /** Epoch seconds; 0 never. */
  readonly client_secret_expires_at: number;
}

export interface ClientSecretListBody {
  readonly count: number;
  readonly list: readonly ClientSecretBody[];
}
