import { aboutRoutes } from './about.ts';
import { appRoutes } from './apps.ts';
import { assistRoutes } from './assist.ts';
import { attentionRoutes } from './attention.ts';
import { brandRoutes } from './brands.ts';
import { channelRoutes } from './channels.ts';
import { connectRoutes } from './connect.ts';
import { connectPageRoutes } from './connect-callback.ts';
import { deliveryRoutes } from './deliveries.ts';
import { holdRoutes } from './holds.ts';
import { keyRoutes } from './keys.ts';
import { mediaRoutes } from './media.ts';
import { metricRoutes } from './metrics.ts';
import { postRoutes } from './posts.ts';
import { reportRoutes } from './reports.ts';
import type { Route } from './route.ts';
import { unsubscribeRoutes } from './unsubscribe.ts';

/** Every endpoint there is, in the order in which the document tells of them. */
export const routes: readonly Route[] = [
  ...brandRoutes,
  ...channelRoutes,
  ...connectRoutes,
  ...appRoutes,
  ...mediaRoutes,
  ...postRoutes,
  ...deliveryRoutes,
  ...holdRoutes,
  ...attentionRoutes,
  ...reportRoutes,
  ...metricRoutes,
  ...keyRoutes,
  ...aboutRoutes,
  ...unsubscribeRoutes,
  ...connectPageRoutes,
  ...assistRoutes,
];
