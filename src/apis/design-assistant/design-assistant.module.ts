import { Module } from '@nestjs/common';
import { AiService } from './ai-service.js';
import { DesignAssistantPublisherController } from './design-assistant.publisher.controller.js';

/** The assistant that drafts APIs: a proxy of the configured AI service. */
@Module({ controllers: [DesignAssistantPublisherController], providers: [AiService] })
export class DesignAssistantModule {}
