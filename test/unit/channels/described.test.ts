import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { networksFor } from '../../../shared/channels/index.ts';

const NETWORKS = ['bluesky', 'discord', 'discourse', 'ghost', 'mastodon', 'reddit', 'slack', 'telegram'];

/** Fields of a schema that say nothing of themselves; what `GET /v1/networks` shows is this JSON Schema. */
const silent = (schema: z.ZodType): string[] =>
  Object.entries(z.toJSONSchema(schema, { io: 'input' }).properties ?? {}).flatMap(([name, field]) =>
    typeof field === 'object' && (field.description ?? '').length > 5 ? [] : [name],
  );

describe('who connects a channel or sets options need not read our code:', () => {
  test.each([...NETWORKS, 'wordpress', 'webhook', 'xing', 'sandbox'])(
    'every field of %s’s credential says what it is, and every option',
    async (id) => {
      const provider = await networksFor({ sandboxUrl: 'http://127.0.0.1:9' })[id]?.();
      if (provider === undefined) return expect.fail('no such network');
      expect(silent(provider.credential)).toEqual([]);
      expect(silent(provider.options)).toEqual([]);
    },
  );
});
