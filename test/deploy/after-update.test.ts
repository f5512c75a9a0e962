import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { beforeAll, describe, expect, test } from 'vitest';
import { wakeExpression, wakeScheduleName } from '../../shared/adapters/aws/schedule-expressions.ts';
import { eventually, type Stage, stage } from '../support/stage.ts';
import type { Before } from './before-update.ts';

type Given = { readonly before: Before; readonly group: string; readonly queueUrl: string };
const { before, group, queueUrl } = JSON.parse(process.env.DEPLOYED ?? '{}') as Given;

let it: Stage;
beforeAll(async () => {
  it = await stage();
});

const published = (postId: string, withinMs: number) =>
  eventually(
    'published',
    async () => {
      const { body } = await it.call('GET', `/v1/posts/${postId}`);
      return body.status === 'published' ? body : undefined;
    },
    withinMs,
  );

describe.concurrent('a stage that was deployed again', () => {
  test('has its brands, channels and posts, and the key still opens it', async () => {
    const brand = await it.call('GET', `/v1/brands/${before.brandId}`);
    expect(brand.status).toBe(200);
    const posts = await it.call('GET', `/v1/brands/${before.brandId}/posts`);
    expect(posts.body.items.map(({ id }: { id: string }) => id).sort()).toEqual(
      [before.forgotten, before.due, before.later].sort(),
    );
  });

  test('publishes what was queued before', async () => {
    const post = await published(before.due, 50_000);
    expect(post.deliveries[0].latenessMs).toBeGreaterThanOrEqual(0);
  });

  test('finds by its minute’s schedule a post that the queue has forgotten', async () => {
    const post = await published(before.forgotten, 200_000);
    // Rescue looks at what has not moved 90 s after it was due.
    expect(post.deliveries[0].latenessMs).toBeGreaterThan(85_000);
  }, 210_000);

  test('mails the week’s report when its schedule fires', async () => {
    const { mailsTo } = it;
    if (!mailsTo) throw new Error('there is no inbox to look into');
    const mails = await eventually(
      'mailed',
      async () => {
        const found = await mailsTo(before.weekly);
        return found.length > 0 ? found : undefined;
      },
      150_000,
    );
    expect(mails).toHaveLength(1);
  }, 160_000);

  test('has one schedule for a post, five minutes early, which wakes it through the queue and is gone', async () => {
    const scheduler = new SchedulerClient({});
    const { body: post } = await it.call('GET', `/v1/posts/${before.later}`);
    const at = Date.parse(post.deliveries[0].dueAt);
    const Name = wakeScheduleName({ postId: before.later, at });
    const armed = await scheduler.send(new GetScheduleCommand({ GroupName: group, Name }));
    expect(armed).toMatchObject({
      ScheduleExpression: wakeExpression(at),
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'DELETE',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });

    // Instead of waiting for half an hour: its instant is moved to now. What it wakes is early, and waits in the queue.
    const now = new Date(Date.now() - 1_000).toISOString().slice(0, 19);
    await scheduler.send(
      new UpdateScheduleCommand({
        GroupName: group,
        Name,
        ScheduleExpression: `at(${now})`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: armed.FlexibleTimeWindow,
        ActionAfterCompletion: armed.ActionAfterCompletion,
        Target: armed.Target,
      }),
    );
    await eventually('gone', async () => {
      const asked = scheduler.send(new GetScheduleCommand({ GroupName: group, Name }));
      return asked.then(
        () => undefined,
        (error: Error) => error.name === 'ResourceNotFoundException' || undefined,
      );
    });
    await eventually('put back into the queue, with a delay', async () => {
      const waiting = await messagesIn(queueUrl);
      return waiting.some((one) => one.Body.includes(before.later) && !one.IsVisible) || undefined;
    });
  });
});

/** Who looks into a queue by SQS itself takes its messages; the endpoint shows them. */
async function messagesIn(url: string): Promise<{ Body: string; IsVisible: boolean }[]> {
  const query = new URLSearchParams({ QueueUrl: url });
  const answer = await fetch(`${process.env.AWS_ENDPOINT_URL}/_ministack/sqs/messages?${query}`);
  const { messages } = (await answer.json()) as {
    messages: Record<string, Record<string, Record<string, { Body: string; IsVisible: boolean }[]>>>;
  };
  return Object.values(messages)
    .flatMap((regions) => Object.values(regions))
    .flatMap((queues) => Object.values(queues))
    .flat();
}
