import { badParameter, badToken } from './graph.ts';
import type { Reply } from './server.ts';

export const USER_TOKEN = 'EAAG-long-lived-user-token';
export const SHORT_TOKEN = 'EAAG-short-lived-user-token';

const page = (id: string, name: string, token: string | undefined, tasks?: readonly string[]) => ({
  id,
  name,
  link: `https://www.facebook.com/${id}`,
  ...(token === undefined ? {} : { access_token: token }),
  ...(tasks === undefined ? {} : { tasks }),
});

/** What a person's token reads: their Pages over two turns, and those of one business. */
export function facebookLoginPages(url: URL, pageToken: string): Reply {
  const path = url.pathname.replace(/^\/v[\d.]+\//, '');
  const query = url.searchParams;
  if (path === 'oauth/access_token') {
    const isRight =
      query.get('grant_type') === 'fb_exchange_token' && query.get('client_secret') === 'secret';
    if (!isRight || query.get('fb_exchange_token') !== SHORT_TOKEN) return badToken();
    return { status: 200, body: { access_token: USER_TOKEN, token_type: 'bearer', expires_in: 5_183_944 } };
  }
  if (path === 'me/permissions') {
    const asked = ['public_profile', 'pages_show_list', 'pages_manage_posts', 'pages_read_engagement'];
    return { status: 200, body: { data: asked.map((permission) => ({ permission, status: 'granted' })) } };
  }
  if (path === 'me/accounts' && query.get('after') === null) {
    const data = [
      page('104206117993110', 'Bakery', pageToken, ['CREATE_CONTENT', 'MODERATE']),
      page('2', 'Only to look at', 'EAAG-other', ['ANALYZE']),
    ];
    return { status: 200, body: { data, paging: { cursors: { after: 'more' }, next: 'https://…' } } };
  }
  if (path === 'me/accounts') {
    return { status: 200, body: { data: [page('3', 'Mill', 'EAAG-mill', ['CREATE_CONTENT'])] } };
  }
  if (path === 'me/businesses') return { status: 200, body: { data: [{ id: '77' }] } };
  // Only the edges of a person add it: https://developers.facebook.com/docs/graph-api/reference/user/accounts
  if (path.startsWith('77/') && query.get('fields')?.split(',').includes('tasks')) {
    return badParameter('Tried accessing nonexisting field (tasks) on node type (Page)');
  }
  if (path === '77/owned_pages') {
    return {
      status: 200,
      body: {
        data: [
          page('4', 'Café', 'EAAG-cafe'),
          page('5', 'Not lent', undefined),
          page('2', 'Only to look at', 'EAAG-other'),
        ],
      },
    };
  }
  if (path === '77/client_pages') {
    return { status: 200, body: { data: [page('3', 'Mill', 'EAAG-mill')] } };
  }
  return badParameter(`no ${path}`);
}
