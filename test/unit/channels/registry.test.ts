import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { API_VERSIONS } from '../../../shared/channels/api-versions.ts';
import { networksFor, providersFor } from '../../../shared/channels/index.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const withSandbox = () => networksFor({ sandboxUrl: 'http://127.0.0.1:9' });

describe('the registry', () => {
  test('offers the networks of the README, and the sandbox only where one runs', () => {
    const section = README.slice(README.indexOf('## Networks'), README.indexOf('### Add a network'));
    // The first row is the table's head.
    const listed = [...section.matchAll(/^\| [^|]+ \| `([a-z-]+)` \|/gm)].map(([, id]) => id).slice(1);
    expect(Object.keys(withSandbox()).sort()).toEqual(listed.sort());
    expect(Object.keys(networksFor())).not.toContain('sandbox');
  });

  test('enters every provider under its own id', async () => {
    for (const [id, provider] of Object.entries(await providersFor(withSandbox()))) {
      expect(provider.id).toBe(id);
      expect(provider.name).not.toBe('');
    }
  });

  test('says of every dated API which version is spoken, so that its end is told before it comes', async () => {
    const providers = await providersFor();
    for (const [id, version] of Object.entries(API_VERSIONS)) expect(providers[id]?.api).toEqual(version);
  });

  test.each(Object.keys(withSandbox()))(
    'says what each option of %s does, and what its credential is made of',
    async (id) => {
      const provider = (await withSandbox()[id]?.()) ?? expect.fail('no such network');
      for (const schema of [provider.options, provider.credential]) {
        const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
        for (const [name, field] of Object.entries(properties)) {
          expect(field, `${name} needs its .describe('…'), which the API shows`).toMatchObject({
            description: expect.stringMatching(/.{5}/),
          });
        }
      }
    },
  );

  test('reads an adapter once', async () => {
    const networks = networksFor();
    expect(await networks.x?.()).toBe(await networks.x?.());
  });

  test('has no network by the name of what every object has', () => {
    expect(networksFor().constructor).toBeUndefined();
    expect(networksFor().toString).toBeUndefined();
  });
});
