import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { Log } from '../platform/logging/log.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
}

const WAITING_MAX = 10_000;
/** Connecting, the server's greeting, and each pause in the conversation. */
const TIMEOUT_MS = 10_000;
/** SMTP over TLS from the first byte. */
const IMPLICIT_TLS_PORT = 465;

/**
 * Sends mails one after the other in the background, through the server of `[apim.notification]`. A mail that cannot be sent is one warning;
 * nobody waits for it, and it is not tried again.
 */
@Injectable()
export class Mailer implements OnModuleDestroy {
  private readonly waiting: Mail[] = [];
  private transport: Transporter | undefined;
  private isSending = false;

  constructor(
    private readonly config: ApimConfig,
    private readonly log: Log,
  ) {}

  /** Takes what fits into the queue and gives how many mails were left out. */
  post(mails: readonly Mail[]): number {
    const taken = mails.slice(0, Math.max(0, WAITING_MAX - this.waiting.length));
    this.waiting.push(...taken);
    if (!this.isSending) void this.send();
    return mails.length - taken.length;
  }

  onModuleDestroy(): void {
    this.waiting.length = 0;
    this.transport?.close();
  }

  private async send(): Promise<void> {
    this.isSending = true;
    const transport = this.open();
    for (let mail = this.waiting.shift(); mail !== undefined; mail = this.waiting.shift()) {
      // As an object the address is one: a text could be a list.
      const to = { name: '', address: mail.to };
      try {
        await transport.sendMail({ from: this.config.notification.fromAddress, ...mail, to });
      } catch (err) {
        this.log.warn({ err, subject: mail.subject }, 'mail could not be sent');
      }
    }
    this.isSending = false;
  }

  private open(): Transporter {
    const { hostname, port, username, password, enableStartTls, enableAuthentication } = this.config.notification;
    this.transport ??= createTransport({
      host: hostname,
      port,
      secure: port === IMPLICIT_TLS_PORT,
      requireTLS: enableStartTls,
      ignoreTLS: !enableStartTls,
      ...(enableAuthentication && { auth: { user: username, pass: password } }),
      ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
    return this.transport;
  }
}
