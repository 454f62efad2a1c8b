import { Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { Unauthenticated } from '../../domain/problem.js';
import { isAdmin, type User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { EventMalformed, tokenEvent } from './token-events.js';
import { TokenEvents } from './token-events.service.js';

const BODY_BYTES_MAX = 65_536;

/** Where key managers push their revocations (`reference/key-manager.md` §2.5). */
@ApiExcludeController()
@Controller('/internal/data/v1/notify')
export class TokenEventsController {
  constructor(private readonly events: TokenEvents) {}

  @Post()
  @HttpCode(200)
  async notify(@Caller() caller: User, @Headers('x-wso2-key-manager') type: string | undefined, @Req() request: Request): Promise<object> {
    if (!isAdmin(caller)) throw Unauthenticated();
    if (!type) throw EventMalformed('the header X-WSO2-KEY-MANAGER is missing');
    await this.events.receive(caller, tokenEvent(request.body ?? (await jsonOf(request))));
    return {};
  }
}

/** The senders' JSON comes as plain text as often as not. */
const jsonOf = async (request: Request): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw EventMalformed('it is too large');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw EventMalformed('it is no JSON');
  }
};
