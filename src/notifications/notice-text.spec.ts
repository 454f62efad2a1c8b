import { DEFAULT_TENANT_CONFIG } from '../identity/tenant-config/tenant-config.js';
import { newVersionMail, newVersionTemplates } from './notice-text.js';

const notifier = { Title: 'T', Template: 'B' };
const Notifications = [
  { Type: 'new_api_version', Notifiers: [notifier] },
  { Type: 'other', Notifiers: [{ Title: 'no', Template: 'no' }] },
];

it.each([
  ['true', 1],
  [true, 1],
  ['True', 1],
  ['false', 0],
  [false, 0],
  [undefined, 0],
])('NotificationsEnabled %p has %d templates', (NotificationsEnabled, count) =>
  expect(newVersionTemplates({ ...(NotificationsEnabled !== undefined && { NotificationsEnabled }), Notifications })).toHaveLength(count));

it('says nothing by default', () => expect(newVersionTemplates(DEFAULT_TENANT_CONFIG)).toEqual([]));

it('fills in name and version, harmless in HTML', () =>
  expect(newVersionMail({ Title: '$1 $2, $1', Template: '<b>$1</b> $2 $3' }, { name: 'A<b>&$2', version: '2.0' }, 'a@b.example')).toEqual({
    to: 'a@b.example',
    subject: 'A<b>&$2 2.0, A<b>&$2',
    html: '<b>A&lt;b&gt;&amp;$2</b> 2.0 $3',
  }));
