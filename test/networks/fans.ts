import type { BlueskyNetwork } from './bluesky-network.ts';
import type { WordPressSite } from './wordpress-site.ts';

export type ThreadView = {
  readonly post: {
    readonly uri: string;
    readonly record: { readonly text: string };
    readonly embed?: {
      readonly $type: string;
      readonly images?: readonly { alt: string; aspectRatio?: unknown; fullsize: string }[];
    };
  };
  readonly replies?: readonly ThreadView[];
};

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
  const query = async (method: string, parameters: Record<string, string>): Promise<unknown> => {
    const answer = await fetch(`${serviceUrl}/xrpc/${method}?${new URLSearchParams(parameters)}`, {
      headers: { authorization: `Bearer ${accessJwt}` },
    });
    return answer.ok ? answer.json() : undefined;
  };
  return {
    /** A post as the appview shows it to others, with what answers to it; undefined while it does not know it. */
    view: async (uri: string): Promise<ThreadView | undefined> => {
      const told = await query('app.bsky.feed.getPostThread', { uri, depth: '10' });
      return (told as { thread: ThreadView } | undefined)?.thread;
    },
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

type WordPressPost = {
  readonly id: number;
  readonly link: string;
  readonly content: { readonly rendered: string };
  readonly featured_media: number;
  readonly _embedded: {
    readonly 'wp:featuredmedia'?: readonly { alt_text: string; source_url: string; mime_type: string }[];
    readonly 'wp:term': readonly (readonly { name: string; taxonomy: string }[])[];
  };
};

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
    /** One post as everybody can read it, with its image, categories and tags. */
    post: async (id: string): Promise<WordPressPost> => {
      const answer = await fetch(`${siteUrl}/wp-json/wp/v2/posts/${id}?_embed=1`);
      return (await answer.json()) as WordPressPost;
    },
    /** How many files the library has. */
    libraryCount: async (): Promise<number> => {
      const answer = await fetch(`${siteUrl}/wp-json/wp/v2/media?per_page=1`, { headers: { authorization } });
      return Number(answer.headers.get('x-wp-total'));
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
