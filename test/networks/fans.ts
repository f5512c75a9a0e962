import type { BlueskyNetwork } from './bluesky-network.ts';
import type { WordPressSite } from './wordpress-site.ts';

/** What another account does with a publication, by the networks' own APIs: not a line of ours in between. */
export async function blueskyFan({ serviceUrl, fan }: BlueskyNetwork) {
  const call = async (method: string, body: unknown, token?: string) => {
    const answer = await fetch(`${serviceUrl}/xrpc/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
    return (await answer.json()) as { accessJwt: string; uri: string; cid: string };
  };
  const { accessJwt } = await call('com.atproto.server.createSession', {
    identifier: fan.handle,
    password: fan.appPassword,
  });
  const create = (collection: string, record: Record<string, unknown>) =>
    call(
      'com.atproto.repo.createRecord',
      {
        repo: fan.did,
        collection,
        record: { $type: collection, createdAt: new Date().toISOString(), ...record },
      },
      accessJwt,
    );
  const refOf = async (uri: string) => {
    const [, , repo = '', collection = '', rkey = ''] = uri.split('/');
    const query = new URLSearchParams({ repo, collection, rkey });
    const answer = await fetch(`${serviceUrl}/xrpc/com.atproto.repo.getRecord?${query}`);
    const { cid, value } = (await answer.json()) as { cid: string; value: Record<string, unknown> };
    return { uri, cid, value };
  };
  return {
    /** The record as it stands on the network. */
    read: async (uri: string) => (await refOf(uri)).value,
    like: async (uri: string) => {
      const { cid } = await refOf(uri);
      await create('app.bsky.feed.like', { subject: { uri, cid } });
    },
    repost: async (uri: string) => {
      const { cid } = await refOf(uri);
      await create('app.bsky.feed.repost', { subject: { uri, cid } });
    },
    reply: async (uri: string, text: string) => {
      const { cid } = await refOf(uri);
      await create('app.bsky.feed.post', { text, reply: { root: { uri, cid }, parent: { uri, cid } } });
    },
  };
}

export function wordPressFan({ siteUrl, fan }: WordPressSite) {
  const authorization = `Basic ${Buffer.from(`${fan.username}:${fan.applicationPassword}`).toString('base64')}`;
  return {
    comment: async (postId: string, content: string): Promise<void> => {
      const answer = await fetch(`${siteUrl}/wp-json/wp/v2/comments`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ post: Number(postId), content }),
      });
      if (!answer.ok) throw new Error(`comment: ${answer.status} ${await answer.text()}`);
    },
    /** What everybody can read there, newest first. */
    posts: async (): Promise<
      readonly { id: number; link: string; title: { rendered: string }; content: { rendered: string } }[]
    > => {
      const answer = await fetch(`${siteUrl}/wp-json/wp/v2/posts?per_page=100`);
      return (await answer.json()) as never;
    },
  };
}
