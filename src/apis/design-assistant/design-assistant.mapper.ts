import { orNone } from '../apis.mapper.js';
import type { DesignAssistantAPIPayloadResponseDto, DesignAssistantChatResponseDto } from './design-assistant.dto.js';

type Answer = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | undefined =>
  orNone(value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value));

/** What the service said, in the contract's shape: it is not ours, so nothing of it is taken for granted. */
export const toChatResponse = (answer: Answer): DesignAssistantChatResponseDto => ({
  backendResponse: textOf(answer['backendResponse']),
  isSuggestions: answer['isSuggestions'] === true,
  typeOfApi: textOf(answer['typeOfApi']),
  code: textOf(answer['code']),
  paths: Array.isArray(answer['paths']) ? answer['paths'].map((path) => String(path)) : [],
  apiTypeSuggestion: textOf(answer['apiTypeSuggestion']),
  missingValues: textOf(answer['missingValues']),
  state: textOf(answer['state']),
});

export const toPayloadResponse = (answer: Answer): DesignAssistantAPIPayloadResponseDto => ({
  generated_payload: textOf(answer['generated_payload']),
});
