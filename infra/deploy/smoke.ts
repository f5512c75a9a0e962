/** Asks the deployed API for a little of everything. Stops at the first answer that is not as it should be. */
export async function smokeTest(
  apiUrl: string,
  expected: { readonly stage: string },
  key: string | undefined,
  tell: (line: string) => void,
): Promise<void> {
  const health = await ready(() => ask(apiUrl, undefined, 'GET', '/v1/health'));
  expectStatus(health, 200);
  if (health.body.stage !== expected.stage) {
    throw new Error(`${apiUrl} is the stage ${health.body.stage}, not ${expected.stage}`);
  }
  tell('the API answers');
  expectStatus(await ask(apiUrl, undefined, 'GET', '/v1/openapi.json'), 200);
  tell('its documentation is there');
  if (key === undefined) return;

  const made: string[] = [];
  try {
    const brand = await ask(apiUrl, key, 'POST', '/v1/brands', {
      name: 'Smoke test',
      timeZone: 'Europe/Berlin',
      locale: 'de',
    });
    expectStatus(brand, 201);
    made.unshift(`/v1/brands/${brand.body.id}`);
    tell('a brand is stored, and its schedule armed');
    // A network at which people publish: connecting it asks nobody outside.
    const channel = await ask(apiUrl, key, 'POST', `/v1/brands/${brand.body.id}/channels`, {
      network: 'xing',
      name: 'Smoke test',
      credential: {
        responsible: 'nobody@example.com',
        profileUrl: `https://www.xing.com/pages/${brand.body.id}`,
      },
    });
    expectStatus(channel, 201);
    made.unshift(`/v1/channels/${channel.body.id}`);
    tell('a channel’s login is sealed and stored');
    const post = { content: { text: 'Smoke test' }, channels: [channel.body.id], dueAt: 'now' };
    expectStatus(
      await ask(apiUrl, key, 'POST', '/v1/posts/validate', { brandId: brand.body.id, ...post }),
      200,
    );
    tell('a post is checked');
  } finally {
    for (const path of made) expectStatus(await ask(apiUrl, key, 'DELETE', path), 204);
  }
  tell('and all of it is deleted again');
}

type Answer = {
  readonly asked: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
};

async function ask(
  apiUrl: string,
  key: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  return {
    asked: `${method} ${path}`,
    status: answer.status,
    body: isJson && text !== '' ? JSON.parse(text) : {},
  };
}

function expectStatus({ asked, status, body }: Answer, wanted: number): void {
  if (status === wanted) return;
  throw new Error(
    `${asked} was answered with ${status}, not ${wanted}: ${JSON.stringify(body).slice(0, 500)}`,
  );
}

/** A new API's name and its first function need a moment. */
async function ready(look: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const last = tries === 15;
    try {
      const answer = await look();
      if (answer.status === 200 || last) return answer;
    } catch (error) {
      if (last) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}
