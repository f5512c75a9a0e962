import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

type Post = { id: string; account: string; text: string; link?: string; key: string; at: string };

/** The sandbox network's REST contract, kept in memory. Posts count 3 views, 2 likes and no replies or shares each. */
export async function fakeSandbox(): Promise<FakeNetwork> {
  const posts: Post[] = [];
  const forget = (id: string): boolean => {
    const index = posts.findIndex((post) => post.id === id);
    if (index >= 0) posts.splice(index, 1);
    return index >= 0;
  };
  const server = await startServer((request) => respond(request));

  function respond({ method, url, headers, json }: Received): Reply {
    const { pathname, searchParams } = url;
    const account = headers.authorization?.replace('Bearer ', '') ?? '';
    if (account === '' || account.startsWith('expired-'))
      return { status: 401, body: { error: 'log in again' } };
    if (method === 'GET' && pathname === `/api/accounts/${account}`) {
      const page = `${server.url}/@${account}`;
      return { status: 200, body: { id: `acc-${account}`, handle: `@${account}`, url: page, followers: 12 } };
    }
    if (method === 'GET' && pathname === '/api/posts/metrics') {
      const ids = searchParams.get('ids')?.split(',') ?? [];
      const counts = { views: 3, reactions: 2, replies: 0, shares: 0 };
      const has = (id: string): boolean => posts.some((post) => post.id === id);
      return { status: 200, body: Object.fromEntries(ids.map((id) => [id, has(id) ? counts : null])) };
    }
    if (method === 'GET' && pathname === '/api/posts') {
      const own = posts.filter((post) => post.account === searchParams.get('account'));
      return { status: 200, body: own.map((post) => ({ ...post, url: pageOf(post) })) };
    }
    if (method === 'POST' && pathname === '/api/posts') {
      const key = String(headers['idempotency-key']);
      const known = posts.find((post) => post.key === key);
      if (known) return { status: 200, body: { id: known.id, url: pageOf(known) } };
      const at = '2026-11-30T08:01:00Z';
      const post = { ...(json as { text: string }), id: `p${posts.length + 1}`, account, key, at };
      posts.push(post);
      return { status: 201, body: { id: post.id, url: pageOf(post) } };
    }
    if (method === 'DELETE') return { status: forget(pathname.split('/').at(-1) ?? '') ? 204 : 404 };
    return { status: 404, body: { error: 'no such thing' } };
  }
  const pageOf = ({ id }: Pick<Post, 'id'>): string => `${server.url}/posts/${id}`;

  return {
    ...server,
    isPublish: ({ method, url }) => method === 'POST' && url.pathname === '/api/posts',
    published: () => posts.map(({ id }) => id),
    forget: (id) => void forget(id),
  };
}
