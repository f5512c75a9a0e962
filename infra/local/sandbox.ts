import { type DurableLines, openLines } from './durable-file.ts';

export type SandboxPost = {
  readonly id: string;
  readonly account: string;
  readonly text: string;
  readonly link?: string;
  /** Names of its images, as `SandboxMedia` keeps them. */
  readonly media?: readonly { readonly name: string; readonly alt: string }[];
  /** Idempotency key it was posted with. */
  readonly key: string;
  /** Epoch ms. */
  readonly at: number;
};

type Line =
  | { readonly kind: 'posted'; readonly post: SandboxPost }
  | { readonly kind: 'removed'; readonly id: string };

/** What the sandbox network knows. Everything is on the disk before anybody is told. */
export type Sandbox = {
  /** The post with this account and key: the one there is, else a new one. A removed one stays its key's answer. */
  post(post: SandboxPost): Promise<{ created: boolean; post: SandboxPost }>;
  /** False when there is no such post. */
  remove(id: string): Promise<boolean>;
  get(id: string): SandboxPost | undefined;
  /** Newest first; of one account, or of all. */
  posts(account?: string): readonly SandboxPost[];
  close(): Promise<void>;
};

export async function openSandbox(path: string): Promise<Sandbox> {
  const lines = await openLines(path);
  const posts = new Map<string, SandboxPost>();
  const byKey = new Map<string, Promise<SandboxPost>>();
  for (const line of lines.before as Line[]) {
    if (line.kind === 'removed') posts.delete(line.id);
    else {
      posts.set(line.post.id, line.post);
      byKey.set(keyOf(line.post), Promise.resolve(line.post));
    }
  }

  return {
    post: async (post) => {
      const key = keyOf(post);
      const before = byKey.get(key);
      if (before) return { created: false, post: await before };
      const writing = written(lines, { kind: 'posted', post }).then(() => post);
      // Whoever comes with the same key meanwhile waits for this one.
      byKey.set(key, writing);
      try {
        await writing;
      } catch (error) {
        byKey.delete(key);
        throw error;
      }
      posts.set(post.id, post);
      return { created: true, post };
    },
    remove: async (id) => {
      if (!posts.has(id)) return false;
      await written(lines, { kind: 'removed', id });
      return posts.delete(id);
    },
    get: (id) => posts.get(id),
    posts: (account) =>
      [...posts.values()].filter((post) => account === undefined || post.account === account).toReversed(),
    close: lines.close,
  };
}

function keyOf(post: { account: string; key: string }): string {
  return `${post.account} ${post.key}`;
}

function written(lines: DurableLines, line: Line): Promise<void> {
  return lines.append(line);
}
