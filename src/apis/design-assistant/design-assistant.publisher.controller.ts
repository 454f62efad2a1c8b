import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { AiService } from './ai-service.js';
import {
  DesignAssistantAPIPayloadResponseDto,
  DesignAssistantChatQueryDto,
  DesignAssistantChatResponseDto,
  DesignAssistantGenAPIPayloadDto,
} from './design-assistant.dto.js';
import { toChatResponse, toPayloadResponse } from './design-assistant.mapper.js';

@PublisherController('design-assistant', 'API Design Assistant')
export class DesignAssistantPublisherController {
  constructor(private readonly service: AiService) {}

  @Post('chat')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'designAssistantChat' })
  @ApiOkResponse({ type: DesignAssistantChatResponseDto })
  @HttpCode(200)
  async designAssistantChat(@Body() { text, session_id }: DesignAssistantChatQueryDto): Promise<DesignAssistantChatResponseDto> {
    return toChatResponse(await this.service.ask('/ai/api-design-assistant/chat', { text, sessionId: session_id }));
  }

  @Post('generate-api-payload')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'designAssistantApiPayloadGen' })
  @ApiOkResponse({ type: DesignAssistantAPIPayloadResponseDto })
  @HttpCode(200)
  async designAssistantApiPayloadGen(
    @Body() { session_id }: DesignAssistantGenAPIPayloadDto,
  ): Promise<DesignAssistantAPIPayloadResponseDto> {
    return toPayloadResponse(await this.service.ask('/ai/api-design-assistant/generate-api-payload', { sessionId: session_id }));
  }
}
