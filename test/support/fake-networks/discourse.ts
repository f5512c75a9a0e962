import { type FakeNetwork, type Received, type Reply, startServer } from './server.ts';

export const DISCOURSE_KEY = '1a'.repeat(32);

type Post = { id: number; topic: number; raw: string };
type Topic = {
  id: number;
  title: string;
  slug: string;
  external_id?: string;
  tags?: unknown;
  category_id?: number;
  at: number;
  deleted?: true;
};
type Asked = {
  title?: string;
  raw?: string;
  topic_id?: number;
  external_id?: string;
  category?: number;
  tags?: unknown;
};

export type FakeForum = FakeNetwork & {
  readonly topics: readonly Topic[];
  readonly posts: readonly Post[];
  readonly uploads: readonly string[];
  /** From now on everything must be seen by a moderator first. */
  readonly moderate: () => void;
  /** What the moderators do with what waits longest; an approved topic bears no external id. */
  readonly decide: (how: 'approve' | 'reject' | { readonly retitle: string }) => void;
};

const refusal = (status: number, error_type: string, ...errors: string[]): Reply => ({
  status,
  body: { action: 'create_post', errors, error_type },
});
const NOT_PERMITTED = refusal(403, 'invalid_access', 'You are not permitted to view the requested resource.');
const GONE = refusal(404, 'not_found', 'The requested URL or resource could not be found.');

/** As much of Discourse as posting needs: external ids given out once, redirects to topics, the moderators’ queue. */
export async function fakeDiscourse({
  path = '',
  username = 'baker',
  category = 5,
  version = '2026.3.0-latest',
  now,
}: {
  path?: string;
  username?: string;
  /** The one in which this user may write. */
  category?: number;
  version?: string;
  now: () => number;
}): Promise<FakeForum> {
  const topics: Topic[] = [];
  const posts: Post[] = [];
  const uploads: string[] = [];
  const queue: (Asked & { id: number })[] = [];
  let moderated = false;
  const server = await startServer((request) => respond(request));

  function respond(request: Received): Reply {
    const { method, headers, url } = request;
    if (!url.pathname.startsWith(`${path}/`)) return { status: 404, headers: HTML, body: '<p>404' };
    const route = url.pathname.slice(path.length);
    if (headers['api-key'] !== DISCOURSE_KEY || headers['api-username'] !== username) return NOT_PERMITTED;
    if (route === `/u/${username}.json`) return { status: 200, body: { user: { id: 7, username } } };
    if (route === '/about.json') return { status: 200, body: { about: { title: 'Forum', version } } };
    if (route === '/uploads.json' && method === 'POST') return upload(request);
    if (route === '/posts.json' && method === 'POST') return create(request.json as Asked);
    if (route === `/posts/${username}/pending.json`) {
      const shown = queue.map(({ id, title, raw, topic_id }) => ({
        id,
        title,
        raw_text: raw,
        topic_id: topic_id ?? null,
      }));
      return { status: 200, body: { pending_posts: shown } };
    }
    if (route === `/topics/created-by/${username}.json`) {
      const own = topics.filter(({ deleted }) => !deleted);
      return {
        status: 200,
        body: {
          topic_list: {
            topics: own.map(({ at, ...topic }) => ({ ...topic, created_at: new Date(at).toISOString() })),
          },
        },
      };
    }
    const mark = /^\/t\/external_id\/([\w-]{1,50})\.json$/.exec(route)?.[1];
    if (mark !== undefined) {
      const topic = topics.find((one) => one.external_id === mark && !one.deleted);
      return topic
        ? { status: 301, headers: { location: `${server.url}${path}/t/${topic.slug}/${topic.id}.json` } }
        : GONE;
    }
    const edited = /^\/posts\/(\d+)\.json$/.exec(route)?.[1];
    if (edited !== undefined && method === 'PUT') return revise(Number(edited), request);
    const id = /^\/t\/(?:[\w-]+\/)?(\d+)\.json$/.exec(route)?.[1];
    const topic = topics.find((one) => String(one.id) === id && !one.deleted);
    if (!topic) return GONE;
    if (method === 'DELETE') {
      topic.deleted = true;
      return { status: 200 };
    }
    if (method === 'PUT') return retitle(topic, request.json as { title?: string; category_id?: number });
    return { status: 200, body: shown(topic, url.searchParams.has('include_raw')) };
  }

  function create(asked: Asked): Reply {
    const { raw = '', title = '', topic_id, external_id, tags } = asked;
    if (raw.trim().length < 5) return refusal(422, 'invalid_record', 'Body is too short');
    if (topic_id === undefined && title.length < 5)
      return refusal(422, 'invalid_record', 'Title is too short');
    if (external_id !== undefined && !/^[\w-]{1,50}$/.test(external_id))
      return refusal(422, 'x', 'External is invalid');
    if (topics.some((one) => external_id !== undefined && one.external_id === external_id)) {
      return refusal(422, 'invalid_record', 'External has already been taken');
    }
    if (asked.category !== undefined && asked.category !== category) return NOT_PERMITTED;
    if (moderated) {
      const id = 900 + queue.length;
      queue.push({ ...asked, id });
      return {
        status: 200,
        body: { action: 'enqueued', success: true, pending_count: 1, pending_post: { id, raw } },
      };
    }
    return { status: 200, body: keep({ raw, title, topic_id, external_id, tags, category: asked.category }) };
  }

  function revise(id: number, { json }: Received): Reply {
    const post = posts.find((one) => one.id === id);
    if (!post || topics.find((one) => one.id === post.topic)?.deleted) return GONE;
    const raw = (json as { post?: { raw?: string } } | undefined)?.post?.raw;
    if (raw === undefined) return refusal(400, 'invalid_parameters', 'param is missing: post');
    if (raw.trim().length < 5) return refusal(422, 'invalid_record', 'Body is too short');
    const poll = /\[poll[\s\S]*\[\/poll\]/;
    if (poll.exec(post.raw)?.[0] !== poll.exec(raw)?.[0]) {
      return refusal(422, 'invalid_record', 'You cannot change a poll after the first 5 minutes.');
    }
    post.raw = raw;
    return { status: 200, body: { post: { id, raw, topic_id: post.topic } } };
  }

  /** Reads the top of the body; what stands deeper is not looked at. */
  function retitle(topic: Topic, { title, category_id }: { title?: string; category_id?: number }): Reply {
    if (title !== undefined && title.length < 5) return refusal(422, 'invalid_record', 'Title is too short');
    if (category_id !== undefined && category_id !== category) return NOT_PERMITTED;
    if (title !== undefined) topic.title = title;
    if (category_id !== undefined) topic.category_id = category_id;
    return { status: 200, body: { basic_topic: { id: topic.id, title: topic.title } } };
  }

  function keep({
    raw = '',
    title = '',
    topic_id,
    external_id,
    tags,
    category: category_id,
  }: { [Field in keyof Asked]?: Asked[Field] | undefined }) {
    const known = topics.find(({ id }) => id === topic_id);
    const topic: Topic = known ?? {
      id: 40 + topics.length,
      title,
      slug: 'a-topic',
      at: now(),
      tags,
      ...(external_id === undefined ? {} : { external_id }),
      ...(category_id === undefined ? {} : { category_id }),
    };
    if (!known) topics.push(topic);
    const post = { id: 100 + posts.length, topic: topic.id, raw: tidied(raw) };
    posts.push(post);
    return { id: post.id, raw: post.raw, topic_id: topic.id, topic_slug: topic.slug, post_number: 1 };
  }

  function upload({ headers, body }: Received): Reply {
    const isForm = String(headers['content-type']).startsWith('multipart/form-data; boundary=');
    const name = /name="file"; filename="[^"]+\.(jpg|png|gif|webp)"/.exec(body);
    if (!isForm || !/name="upload_type"\r\n\r\ncomposer\r\n/.test(body) || name === null) {
      return refusal(
        422,
        'invalid_parameters',
        'Sorry, the file you are trying to upload is not authorized.',
      );
    }
    const short_url = `upload://u${uploads.length}.${name[1]}`;
    uploads.push(short_url);
    return { status: 200, body: { id: uploads.length, url: '//x', short_url, width: 1200, height: 900 } };
  }

  const shown = (topic: Topic, withRaw: boolean) => {
    const own = posts.filter((post) => post.topic === topic.id);
    return {
      id: topic.id,
      slug: topic.slug,
      title: topic.title,
      category_id: topic.category_id ?? 1,
      views: 11,
      like_count: 3,
      posts_count: own.length,
      post_stream: {
        posts: own.map(({ id, raw }) => (withRaw ? { id, raw } : { id })),
        stream: own.map(({ id }) => id),
      },
    };
  };

  return {
    ...server,
    topics,
    posts,
    uploads,
    moderate: () => {
      moderated = true;
    },
    decide: (how) => {
      const { id: _id, external_id: _mark, ...first } = queue.shift() ?? { id: 0 };
      if (how === 'reject') return;
      moderated = false;
      keep(typeof how === 'object' ? { ...first, title: how.retitle } : first);
    },
    isPublish: ({ method, url }) => method === 'POST' && url.pathname === `${path}/posts.json`,
    published: () => topics.filter(({ deleted }) => !deleted).map(({ id }) => String(id)),
    forget: (id) => {
      for (const topic of topics) if (String(topic.id) === id) topic.deleted = true;
    },
  };
}

const HTML = { 'content-type': 'text/html' };

/** Every kind of space becomes a plain one: TextCleaner.normalize_whitespaces of discourse/discourse, lib/text_cleaner.rb */
const tidied = (raw: string): string =>
  raw.replace(/[\u00A0\u2000-\u200A\u2028\u2029\u202F\u3000]/g, ' ').trimEnd();
