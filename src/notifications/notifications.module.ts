import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { Mailer } from './mailer.js';
import { NewVersionNotices } from './new-version-notices.js';

/** Notices to users by mail. */
@Module({ imports: [IdentityModule], providers: [Mailer, NewVersionNotices] })
export class NotificationsModule {}
