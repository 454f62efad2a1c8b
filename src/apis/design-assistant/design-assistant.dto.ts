import { IsArray, IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';

const TEXT_MAX = 32_768;
const SESSION_MAX = 255;

export class DesignAssistantChatQueryDto {
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) text?: string;
  @IsOptional() @IsString() @MaxLength(SESSION_MAX) session_id?: string;
}

export class DesignAssistantChatResponseDto {
  @IsOptional() @IsString() backendResponse?: string;
  @IsOptional() @IsBoolean() isSuggestions?: boolean;
  @IsOptional() @IsString() typeOfApi?: string;
  @IsOptional() @IsString() code?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) paths?: string[];
  @IsOptional() @IsString() apiTypeSuggestion?: string;
  @IsOptional() @IsString() missingValues?: string;
  @IsOptional() @IsString() state?: string;
}

export class DesignAssistantGenAPIPayloadDto {
  @IsOptional() @IsString() @MaxLength(SESSION_MAX) session_id?: string;
}

export class DesignAssistantAPIPayloadResponseDto {
  @IsOptional() @IsString() generated_payload?: string;
}
