import { IsString } from 'class-validator';
import { Setting } from '../setting.js';

/** `[apim.ai]`. */
export class AiConfig {
  @Setting('Offer what needs an AI service.')
  readonly enable: boolean = true;

  @Setting('Address of the AI service, without the resource.')
  @IsString()
  readonly endpoint: string = '';

  @Setting('Token for the AI service. Without one a token is fetched with the key.', { secret: true })
  @IsString()
  readonly token: string = '';

  @Setting('Client id and secret for the token endpoint, as Basic credentials in base64.', { secret: true })
  @IsString()
  readonly key: string = '';

  @Setting('Where tokens for the AI service come from.')
  @IsString()
  readonly tokenEndpoint: string = '';
}
