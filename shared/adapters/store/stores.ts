import type { Instant } from '../../domain/time.ts';
import type { Deps } from '../../ports.ts';
import { agencyStore } from './agencies.ts';
import { alertStore } from './alerts.ts';
import { appStore } from './apps.ts';
import { auditStore } from './audit.ts';
import { brandStore } from './brands.ts';
import { channelStore } from './channels.ts';
import { holdStore } from './holds.ts';
import { loginStore } from './logins.ts';
import { mailLedger } from './mails.ts';
import { mediaStore } from './media.ts';
import { postStore } from './posts.ts';
import { reportStore } from './reports.ts';
import type { Table } from './table.ts';

export type Stores = Pick<
  Deps,
  | 'agencies'
  | 'brands'
  | 'channels'
  | 'posts'
  | 'holds'
  | 'reports'
  | 'mails'
  | 'media'
  | 'alerts'
  | 'audit'
  | 'apps'
  | 'logins'
>;

/** Every store over one table. `now` only dates what may expire; a simulation passes its own clock. */
export function stores(table: Table, now?: () => Instant): Stores {
  return {
    agencies: agencyStore(table),
    brands: brandStore(table),
    channels: channelStore(table),
    posts: postStore(table, now),
    apps: appStore(table),
    logins: loginStore(table),
    holds: holdStore(table),
    reports: reportStore(table),
    mails: mailLedger(table),
    media: mediaStore(table),
    alerts: alertStore(table),
    audit: auditStore(table),
  };
}
