import { describe, expect, onTestFinished, test } from 'vitest';
import { startLaptop } from '../support/laptop.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import { aClient, eventually, inSeconds, type Stage, speaker } from '../support/stage.ts';

const local = describe.skipIf(Boolean(process.env.E2E_URL));
type Laptop = Awaited<ReturnType<typeof startLaptop>>;

const stageOf = (laptop: Laptop): Stage => ({
  ...speaker(laptop.apiUrl, laptop.apiKey),
  mailsTo: undefined,
  stop: laptop.stop,
});

local('the laptop', () => {
  test('after kill -9 goes on where it was: nothing lost, nothing twice, the same key', async () => {
    const { path: home, remove } = await temporaryFolder();
    onTestFinished(remove);
    const first = await startLaptop({ home });
    const before = stageOf(first);
    const client = await aClient(before, 2);
    const queue = async (seconds: number) =>
      (
        await before.call('POST', `/v1/brands/${client.brandId}/posts`, {
          body: {
            content: { text: `In ${seconds} s` },
            channels: client.channels,
            dueAt: inSeconds(seconds),
          },
        })
      ).body.id as string;
    const posts = [await queue(1), await queue(2), await queue(3), await queue(12)];
    await eventually('one out', async () => {
      const { body } = await before.call('GET', `/v1/posts/${posts[0]}`);
      return body.status === 'published' ? true : undefined;
    });
    await first.kill();

    const second = await startLaptop({ home });
    const after = stageOf(second);
    expect(second.apiKey).toBe(first.apiKey);
    for (const postId of posts) {
      await eventually(
        'published',
        async () => {
          const { body } = await after.call('GET', `/v1/posts/${postId}`);
          return body.status === 'published' ? true : undefined;
        },
        40_000,
      );
    }
    for (const n of [1, 2]) {
      const live = await after.call('GET', `/sandbox/api/posts?account=${client.name}-${n}`, { key: null });
      expect(live.body.map(({ text }: { text: string }) => text).sort()).toEqual([
        'In 1 s',
        'In 12 s',
        'In 2 s',
        'In 3 s',
      ]);
    }
    await second.stop();
  }, 90_000);
});
