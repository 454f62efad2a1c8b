import type { TenantConfig } from '../identity/tenant-config/tenant-config.js';
import type { Mail } from './mailer.js';

const NEW_VERSION = 'new_api_version';

/** A title and an HTML text, in which `$1` stands for the API's name and `$2` for its version. */
export interface NoticeTemplate {
  readonly Title: string;
  readonly Template: string;
}

/** How a tenant announces new versions; none when it does not. */
export const newVersionTemplates = ({
  NotificationsEnabled,
  Notifications = [],
}: Pick<TenantConfig, 'NotificationsEnabled' | 'Notifications'>): readonly NoticeTemplate[] => {
  if (String(NotificationsEnabled).toLowerCase() !== 'true') return [];
  return Notifications.filter(({ Type }) => Type === NEW_VERSION).flatMap(({ Notifiers }) => Notifiers);
};

/** The mail that announces a version to one person. */
export const newVersionMail = (
  { Title, Template }: NoticeTemplate,
  api: { readonly name: string; readonly version: string },
  to: string,
): Mail => {
  const filled = (text: string, worded: (value: string) => string) =>
    text.replace(/\$[12]/g, (place) => worded(place === '$1' ? api.name : api.version));
  return { to, subject: filled(Title, (value) => value), html: filled(Template, escaped) };
};

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
