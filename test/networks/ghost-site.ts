import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureGhost } from './ghost-install.ts';
import { outsideEnv } from './install.ts';
import { freePort, ready, start } from './processes.ts';

export type GhostSite = {
  readonly siteUrl: string;
  /** Of a custom integration. */
  readonly adminApiKey: string;
  readonly stop: () => Promise<void>;
};

/** A fresh Ghost with SQLite on loopback, set up as its owner would, with an integration. */
export async function startGhost(): Promise<GhostSite> {
  const folder = await ensureGhost();
  const data = await mkdtemp(join(tmpdir(), 'sendeplan-ghost-'));
  await cp(join(folder, 'content'), join(data, 'content'), { recursive: true });
  const port = await freePort();
  const siteUrl = `http://127.0.0.1:${port}`;
  const server = start('node', ['index.js'], {
    cwd: folder,
    env: { ...outsideEnv(), ...settings(siteUrl, port, data) },
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(data, { recursive: true, force: true });
  };
  try {
    await ready(
      'Ghost',
      async () => {
        const answer = await fetch(`${siteUrl}/ghost/api/admin/site/`);
        if (!answer.ok) throw new Error(`${answer.status} ${server.said().slice(-2_000)}`);
      },
      120_000,
    );
    return { siteUrl, adminApiKey: await setUp(siteUrl), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const settings = (siteUrl: string, port: number, data: string): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  url: siteUrl,
  server__host: '127.0.0.1',
  server__port: String(port),
  database__client: 'sqlite3',
  database__connection__filename: join(data, 'ghost.db'),
  database__useNullAsDefault: 'true',
  paths__contentPath: join(data, 'content'),
  mail__transport: 'stub',
  logging__transports: '["stdout"]',
  // Nothing goes outside, and no code by mail is asked for at the login.
  privacy__useUpdateCheck: 'false',
  privacy__useGravatar: 'false',
  privacy__useRpcPing: 'false',
  security__staffDeviceVerification: 'false',
});

/** Through the same routes as Ghost's own pages. @returns the key of a new integration */
async function setUp(siteUrl: string): Promise<string> {
  const owner = { email: 'baker@example.com', password: 'rye-and-spelt-at-seven' };
  let cookie = '';
  const send = async (method: 'POST' | 'PUT', route: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${siteUrl}/ghost/api/admin${route}`, {
      method,
      headers: { 'content-type': 'application/json', origin: siteUrl, ...(cookie === '' ? {} : { cookie }) },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${text.slice(0, 500)}`);
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return text.startsWith('{') ? JSON.parse(text) : undefined;
  };
  await send('POST', '/authentication/setup/', {
    setup: [{ name: 'Eva Muster', blogTitle: 'Bakery', ...owner }],
  });
  await send('POST', '/session/', { username: owner.email, password: owner.password });
  // Off where nobody has switched them on.
  await send('PUT', '/settings/', { settings: [{ key: 'comments_enabled', value: 'all' }] });
  const made = (await send('POST', '/integrations/?include=api_keys', {
    integrations: [{ name: 'Sendeplan' }],
  })) as {
    integrations: { api_keys: { type: string; secret: string }[] }[];
  };
  const key = made.integrations[0]?.api_keys.find(({ type }) => type === 'admin')?.secret;
  if (key === undefined) throw new Error('the integration has no key');
  return key;
}
