import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { dynamoTable } from '../../shared/adapters/aws/table.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import { DAY } from '../../shared/domain/time.ts';
import { aClient, inSeconds, speaker } from '../support/stage.ts';

/** What was in the stage before it was deployed again, for the tests that look at it afterwards. */
export type Before = {
  readonly brandId: string;
  /** Its wake was taken out of the queue, so only rescue can bring it out. */
  readonly forgotten: string;
  /** Due while the stage is deployed again, or just after it. */
  readonly due: string;
  /** Due when its schedule has still to fire. */
  readonly later: string;
  /** Recipient of a weekly report whose schedule fires within two minutes. */
  readonly weekly: string;
};

/** Fills the stage. Nothing else may be on its way, for the queue is emptied. */
export async function fillBeforeUpdate(stage: {
  url: string;
  key: string;
  queueUrl: string;
  tableName: string;
}): Promise<Before> {
  const it = { ...speaker(stage.url, stage.key), mailsTo: undefined, stop: async () => undefined };
  const client = await aClient(it);
  const post = async (text: string, dueAt: string): Promise<string> => {
    const { status, body } = await it.call('POST', `/v1/brands/${client.brandId}/posts`, {
      body: { content: { text }, channels: client.channels, dueAt },
    });
    if (status !== 201) throw new Error(`no post: ${JSON.stringify(body)}`);
    return body.id;
  };
  const forgotten = await post('Forgotten by the queue.', inSeconds(5));
  await new SQSClient({}).send(new PurgeQueueCommand({ QueueUrl: stage.queueUrl }));
  const due = await post('Out in spite of the update.', inSeconds(30));
  const later = await post('Still to be woken by its schedule.', inSeconds(40 * 60));
  return { brandId: client.brandId, forgotten, due, later, weekly: await aWeeklyReport(it, stage.tableName) };
}

/** A brand of last week whose report is due in a minute; the endpoint reads every schedule as UTC. @returns its recipient */
async function aWeeklyReport(it: Parameters<typeof aClient>[0], tableName: string): Promise<string> {
  const email = `weekly-${crypto.randomUUID()}@example.com`;
  const at = new Date(Date.now() + 75_000);
  const weekday = at.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' }).toLowerCase();
  const { brandId } = await aClient(it, 0, {
    timeZone: 'Etc/UTC',
    report: { weekday, time: at.toISOString().slice(11, 16), recipients: [{ email, audience: 'client' }] },
  });
  // A week in which the brand was not there yet has no report, so it is made to be older.
  const { brands } = stores(dynamoTable(new DynamoDBClient({}), tableName));
  const { body: me } = await it.call('GET', '/v1/me');
  const brand = await brands.get(me.agency.id, brandId);
  if (!brand) throw new Error('the new brand is not in the table');
  await brands.replace({ ...brand, createdAt: brand.createdAt - 10 * DAY }, brand.version);
  return email;
}
