import { xing } from '../../shared/channels/xing.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import { reportMessage } from '../../shared/domain/messages.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import type { Deps, Mailer } from '../../shared/ports.ts';
import { sendAsk } from '../../shared/usecases/send-ask.ts';
import { wake } from '../../shared/usecases/wake.ts';
import { givenBrand } from './api-steps.ts';
import { type ApiReply, type ApiWorldOptions, apiWorld } from './api-world.ts';
import { DUE_AT } from './builders.ts';
import { asFunction } from './held-to-rights.ts';

export const ANNA = 'anna@agency.example';
export const PROFILE = 'https://www.xing.com/profile/Anna_Baecker';
export const POSTED = 'https://www.xing.com/discover/detail-activities/1234567890';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A brand whose channel on XING is served by Anna, and the ways in which time, queues and she move. */
export async function assistedWorld(options: ApiWorldOptions & { locale?: string } = {}) {
  const mailing: { answer?: Awaited<ReturnType<Mailer['send']>> } = {};
  const seenMails: { to: string; subject: string; html: string; text: string; mailId: string }[] = [];
  const mailer: Mailer = {
    send: async (mail) => {
      if (mailing.answer !== undefined) return mailing.answer;
      seenMails.push(mail);
      return { kind: 'sent', messageId: `m-${seenMails.length}` };
    },
    wasSent: async () => ({ kind: 'unknown' }),
  };
  const world = await apiWorld({ providers: [xing], ...options, deps: { mailer, ...options.deps } });
  const { deps, agency, time, seen, request } = world;
  const brand = await givenBrand(world, { locale: options.locale ?? 'en', name: 'Bread & Butter' });
  const connected = await request('POST', `/v1/brands/${brand.id}/channels`, {
    body: {
      network: 'xing',
      name: 'Anna on XING',
      credential: { responsible: ANNA, name: 'Anna', profileUrl: PROFILE },
    },
  });
  if (connected.status !== 201) throw new Error(connected.text);

  const queue = async (content: object = { text: 'Fresh <bread>' }): Promise<ApiReply['body']> => {
    const queued = await request('POST', `/v1/brands/${brand.id}/posts`, {
      body: { content, channels: [connected.body.id], dueAt: new Date(DUE_AT).toISOString() },
    });
    if (queued.status !== 201) throw new Error(queued.text);
    return queued.body;
  };
  const delivery = async (postId: string) => {
    const found = (await deps.posts.get(agency.id, postId))?.deliveries[0];
    if (!found) throw new Error('the post is gone');
    return found;
  };
  /** What the publish queue would bring at this delivery's next instant. */
  const wakeUp = async (postId: string, over: Partial<Deps> = {}): Promise<void> => {
    const at = (await delivery(postId)).nextAttemptAt ?? time.now;
    time.now = Math.max(time.now, at);
    const message = { kind: 'wake', agencyId: agency.id, postId, at, tries: 0 } as const;
    await asFunction('publish', () => wake({ ...deps, ...over }, message, false));
  };
  /** What the report queue would bring: only what asks somebody, each message once. */
  let read = 0;
  const mailOut = async (): Promise<void> => {
    const fresh = seen.reportMessages.slice(read);
    read = seen.reportMessages.length;
    for (const message of fresh.map((one) => reportMessage.parse(one))) {
      if (message.kind === 'ask') await asFunction('report', () => sendAsk(deps, message));
    }
  };
  const linkIn = (mail: { text: string } | undefined): string =>
    /https:\/\/api\.agency\.example(\/v1\/assist\/[\w-]+)$/m.exec(mail?.text ?? '')?.[1] ?? '';
  /** Queued, due, asked, mailed. */
  const asked = async (content?: object) => {
    const post = await queue(content);
    await wakeUp(post.id);
    await mailOut();
    return { postId: post.id as string, id: deliveryId(post.id, 1), link: linkIn(seenMails.at(-1)) };
  };
  const open = (link: string, headers: Record<string, string> = {}) =>
    request('GET', link, { key: null, headers });
  const press = (link: string, form: Record<string, string>) =>
    request('POST', link, { key: null, body: new URLSearchParams(form).toString(), headers: FORM });
  const pass = (ms: number = MINUTE): void => {
    time.now += ms;
  };
  return {
    ...world,
    brand,
    channelId: connected.body.id as string,
    mailing,
    mails: seenMails,
    queue,
    delivery,
    wakeUp,
    mailOut,
    linkIn,
    asked,
    open,
    press,
    pass,
  };
}
