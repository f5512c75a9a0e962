import { startLaptop } from './laptop.ts';

/**
 * A running Sendeplan, spoken to over HTTP only: the laptop, or with `E2E_URL` and `E2E_KEY` a deployed stage, whose
 * mails are at `E2E_INBOX_URL`, if there is such a place.
 */
export type Stage = {
  readonly apiUrl: string;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Reply>;
  /** Mails in the inbox to this address; undefined where there is no inbox to look into. */
  readonly mailsTo:
    | ((address: string) => Promise<readonly { to: string; subject: string; html: string }[]>)
    | undefined;
  readonly stop: () => Promise<void>;
};

export type CallOptions = {
  /** JSON, or a text that is sent as it stands. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another key; null sends none. */
  readonly key?: string | null;
};

export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what came over HTTP has no type
  readonly body: any;
};

export async function stage(): Promise<Stage> {
  const { E2E_URL: url, E2E_KEY: key, E2E_INBOX_URL: inboxUrl } = process.env;
  if (url && key) {
    return {
      ...speaker(url, key),
      mailsTo: inboxUrl ? inboxAt(inboxUrl) : undefined,
      stop: async () => undefined,
    };
  }
  const laptop = await startLaptop();
  return { ...speaker(laptop.apiUrl, laptop.apiKey), mailsTo: inboxAt(laptop.inboxUrl), stop: laptop.stop };
}

function inboxAt(inboxUrl: string): NonNullable<Stage['mailsTo']> {
  return async (address) => {
    const answer = await fetch(inboxUrl, { headers: { accept: 'application/json' } });
    const mails = (await answer.json()) as { to: string; subject: string; html: string }[];
    return mails.filter(({ to }) => to.includes(address));
  };
}

export function speaker(apiUrl: string, apiKey: string): Pick<Stage, 'apiUrl' | 'call'> {
  return {
    apiUrl,
    call: async (method, path, { body, headers = {}, key = apiKey } = {}) => {
      const answer = await fetch(`${apiUrl}${path}`, {
        method,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json = /[/+]json/.test(answer.headers.get('content-type') ?? '') && text !== '';
      return { status: answer.status, headers: answer.headers, body: json ? JSON.parse(text) : text };
    },
  };
}

/** Looks until there is something to see. @throws when there is not in time */
export async function eventually<Value>(
  what: string,
  look: () => Promise<Value | undefined>,
  withinMs = 20_000,
): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`not ${what} within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** A brand of its own for one test, with sandbox channels. */
export async function aClient(it: Stage, channels = 1, over: Record<string, unknown> = {}) {
  const name = crypto.randomUUID().slice(0, 8);
  const brand = await it.call('POST', '/v1/brands', {
    body: { name: `Client ${name}`, timeZone: 'Europe/Berlin', locale: 'de', ...over },
  });
  if (brand.status !== 201) throw new Error(`no brand: ${JSON.stringify(brand.body)}`);
  const ids: string[] = [];
  for (let n = 1; n <= channels; n++) {
    const channel = await it.call('POST', `/v1/brands/${brand.body.id}/channels`, {
      body: { network: 'sandbox', name: `Channel ${n}`, credential: { account: `${name}-${n}` } },
    });
    if (channel.status !== 201) throw new Error(`no channel: ${JSON.stringify(channel.body)}`);
    ids.push(channel.body.id);
  }
  return { brandId: brand.body.id as string, channels: ids, name };
}

export const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
