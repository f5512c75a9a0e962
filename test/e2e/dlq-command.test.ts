import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { startLaptop } from '../support/laptop.ts';
import { clientConfig } from '../support/laptop-engines.ts';
import { eventually } from '../support/stage.ts';

const command = (home: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [resolve(import.meta.dirname, '../../infra/dlq.ts'), ...args], {
    // Whatever AWS set-up the person has must not lead the command elsewhere.
    env: { ...process.env, SENDEPLAN_HOME: home, AWS_PROFILE: 'somebody', AWS_REGION: 'us-east-1' },
  });

describe.skipIf(Boolean(process.env.E2E_URL))('npm run dlq', () => {
  test('lists a poison message with its reason, leaves it there, and sends it back', async () => {
    const laptop = await startLaptop();
    try {
      const environment = JSON.parse(await readFile(join(laptop.home, 'engines.json'), 'utf8'));
      const client = new SQSClient(clientConfig(environment.AWS_ENDPOINT_URL_SQS));
      const agencyId = `agy_${'0'.repeat(20)}`;
      const poison = JSON.stringify({ kind: 'wake', agencyId, postId: 'Our secret launch' });
      await client.send(
        new SendMessageCommand({ QueueUrl: environment.PUBLISH_QUEUE_URL, MessageBody: poison }),
      );
      const list = async () => (await command(laptop.home, 'list', '--queue', 'publish')).stdout;
      const listed = await eventually('listed', async () => {
        const said = await list();
        return said.includes('1 dead letter') ? said : undefined;
      });
      expect(listed).toContain(`wake  ${agencyId}`);
      expect(listed).toContain('received 1 times; not as expected: /postId');
      expect(listed).not.toContain('secret');
      expect(await list()).toBe(listed);

      const { stdout } = await command(laptop.home, 'redrive');
      expect(stdout).toBe(
        'publish: 1 sent back\nmeasure: 0 sent back\nreport: 0 sent back\nschedule: 0 sent back\n',
      );
      // It is as unreadable as before, so it comes back, as another message.
      const again = await eventually('listed again', async () => {
        const said = await list();
        return said.includes('1 dead letter') ? said : undefined;
      });
      expect(idIn(again)).not.toBe(idIn(listed));
    } finally {
      await laptop.stop();
    }
  });

  test('says what to do when nothing runs, and how it is used', async () => {
    const fault = (...args: string[]) =>
      command('/nonexistent', ...args).catch((error: { stderr: string; code: number }) => error);
    expect(await fault('list')).toMatchObject({ code: 1, stderr: expect.stringContaining('npm start') });
    for (const args of [['purge'], ['list', 'publish'], ['list', '--queue', 'other']]) {
      expect(await fault(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('usage:') });
    }
  });
});

const idIn = (listed: string): string | undefined => /id (\S+)/.exec(listed)?.[1];
