import { aboutRoutes } from './about.ts';
import { postRoutes } from './posts.ts';
import type { RouteFile } from './router.ts';

/**
 * Every address there is and the file that answers it, in the order in which the document tells of them. Posts, for
 * which the API is there, are read when it starts; everything else when it is first asked for, so that nobody waits
 * for reports, mails and logins who only queues a post.
 */
export const ROUTE_FILES: readonly RouteFile[] = [
  {
    paths: ['/v1/brands', '/v1/brands/{brandId}'],
    read: async () => (await import('./brands.ts')).brandRoutes,
  },
  {
    paths: ['/v1/brands/{brandId}/channels', '/v1/channels/{channelId}', '/v1/channels/{channelId}/verify'],
    read: async () => (await import('./channels.ts')).channelRoutes,
  },
  {
    paths: ['/v1/brands/{brandId}/channels/connect', '/v1/connect/{loginId}', '/v1/connect/{loginId}/choose'],
    read: async () => (await import('./connect.ts')).connectRoutes,
  },
  {
    paths: ['/v1/apps', '/v1/apps/{network}'],
    read: async () => (await import('./apps.ts')).appRoutes,
  },
  {
    paths: [
      '/v1/brands/{brandId}/media',
      '/v1/brands/{brandId}/media/{mediaId}',
      '/v1/brands/{brandId}/media/{mediaId}/inspect',
    ],
    read: async () => (await import('./media.ts')).mediaRoutes,
  },
  {
    paths: [
      '/v1/brands/{brandId}/posts',
      '/v1/posts',
      '/v1/posts/validate',
      '/v1/posts/{postId}',
      '/v1/posts/{postId}/cancel',
    ],
    read: async () => postRoutes,
  },
  {
    paths: ['/v1/posts/{postId}/attempts', '/v1/posts/{postId}/metrics'],
    read: async () => (await import('./post-history.ts')).postHistoryRoutes,
  },
  {
    paths: [
      '/v1/deliveries',
      '/v1/deliveries/{deliveryId}',
      '/v1/deliveries/{deliveryId}/edit',
      '/v1/deliveries/{deliveryId}/release',
      '/v1/deliveries/{deliveryId}/remove',
      '/v1/deliveries/{deliveryId}/resolve',
      '/v1/deliveries/{deliveryId}/retry',
    ],
    read: async () => (await import('./deliveries.ts')).deliveryRoutes,
  },
  {
    paths: ['/v1/holds', '/v1/holds/{holdId}', '/v1/holds/{holdId}/release'],
    read: async () => (await import('./holds.ts')).holdRoutes,
  },
  {
    paths: ['/v1/attention'],
    read: async () => (await import('./attention.ts')).attentionRoutes,
  },
  {
    paths: ['/v1/brands/{brandId}/reports', '/v1/reports/{reportId}', '/v1/reports/{reportId}/send'],
    read: async () => (await import('./reports.ts')).reportRoutes,
  },
  {
    paths: ['/v1/brands/{brandId}/metrics'],
    read: async () => (await import('./metrics.ts')).metricRoutes,
  },
  {
    paths: ['/v1/keys', '/v1/keys/{keyId}', '/v1/me'],
    read: async () => (await import('./keys.ts')).keyRoutes,
  },
  {
    paths: ['/v1/networks', '/v1/health', '/v1/openapi.json', '/docs', '/'],
    // It finds the built document beside the function, so it must not be a part in a folder of its own.
    read: async () => aboutRoutes,
  },
  {
    paths: ['/v1/unsubscribe/{token}'],
    read: async () => (await import('./unsubscribe.ts')).unsubscribeRoutes,
  },
  {
    paths: ['/v1/connect/callback', '/v1/connect/choose'],
    read: async () => (await import('./connect-callback.ts')).connectPageRoutes,
  },
  {
    paths: ['/v1/assist/{token}', '/v1/assist/{token}/media/{number}'],
    read: async () => (await import('./assist.ts')).assistRoutes,
  },
];
