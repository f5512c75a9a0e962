import { describe, expect, test } from 'vitest';
import { reportMessage } from '../../../shared/domain/messages.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { rescue } from '../../../shared/usecases/rescue.ts';
import { sendAsk } from '../../../shared/usecases/send-ask.ts';
import { ANNA, assistedWorld, POSTED } from '../../support/assisted-world.ts';
import { DUE_AT } from '../../support/builders.ts';

const ofKind = (messages: readonly unknown[]) => messages.map((one) => reportMessage.parse(one).kind);

describe('at its time', () => {
  test('the person in charge gets one mail, and the delivery waits for them', async () => {
    const it = await assistedWorld();
    const { postId, link } = await it.asked();
    expect(it.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [ANNA, 'Bread & Butter: please publish now on XING'],
    ]);
    expect(link).not.toBe('');
    expect(await it.delivery(postId)).toMatchObject({
      state: 'pending',
      askedAt: DUE_AT,
      nextAttemptAt: DUE_AT + HOUR,
      attempts: 0,
    });
    expect((await it.delivery(postId)).startedAt).toBeUndefined();
  });

  test('a message that comes twice, or a worker that died after asking, makes no second mail', async () => {
    const it = await assistedWorld();
    const { id } = await it.queue();
    const dying = {
      ...it.deps.posts,
      swapDelivery: async (...[ref, expected, next, at]: Parameters<typeof it.deps.posts.swapDelivery>) => {
        if (next.state === 'pending') throw new Error('the table is away');
        return it.deps.posts.swapDelivery(ref, expected, next, at);
      },
    };
    const queue = { send: () => Promise.reject(new Error('and the queue, too')) };
    await expect(it.wakeUp(id, { posts: dying, publishQueue: queue })).rejects.toThrow();
    expect((await it.delivery(id)).state).toBe('publishing');
    it.pass(2 * MINUTE);
    await it.wakeUp(id);
    expect(await it.delivery(id)).toMatchObject({ state: 'pending' });
    expect(it.seen.reportMessages).toHaveLength(2);
    await it.mailOut();
    for (const message of it.seen.reportMessages.map((one) => reportMessage.parse(one))) {
      if (message.kind === 'ask') await sendAsk(it.deps, message);
    }
    expect(it.mails).toHaveLength(1);
  });

  test('is tried again when the question could not be brought to anybody', async () => {
    const it = await assistedWorld();
    const { id } = await it.queue();
    await it.wakeUp(id, { reportQueue: { send: () => Promise.reject(new Error('away')) } });
    expect(await it.delivery(id)).toMatchObject({ state: 'retrying', attempts: 1 });
    await it.wakeUp(id);
    await it.mailOut();
    expect(it.mails).toHaveLength(1);
  });

  test('a mail that is refused for good fails the delivery, and people are told', async () => {
    const it = await assistedWorld();
    it.mailing.answer = { kind: 'refused', reason: 'address is on the suppression list' };
    const { postId } = await it.asked();
    expect(await it.delivery(postId)).toMatchObject({
      state: 'failed',
      code: 'mail_not_sent',
      reason: `The mail to ${ANNA} was refused: address is on the suppression list`,
    });
    expect(ofKind(it.seen.reportMessages)).toEqual(['ask', 'alert']);
  });

  test('a mail service that is away is tried again, and makes one mail', async () => {
    const it = await assistedWorld();
    it.mailing.answer = { kind: 'unavailable', reason: 'throttled' };
    const { postId } = await it.asked();
    expect((await it.delivery(postId)).state).toBe('pending');
    delete it.mailing.answer;
    it.pass(MINUTE);
    await it.mailOut();
    expect(it.mails).toHaveLength(1);
  });

  test('a hold that comes before the mail keeps it back, and the hold names what is under way', async () => {
    const it = await assistedWorld();
    const post = await it.queue();
    await it.wakeUp(post.id);
    const hold = await it.request('POST', '/v1/holds', {
      body: { scope: { brandId: it.brand.id }, reason: 'A mourning in the family' },
    });
    expect(hold.body).toMatchObject({ held: 0, inFlight: [post.deliveries[0].id] });
    await it.mailOut();
    expect(it.mails).toEqual([]);
    await it.request('POST', `/v1/holds/${hold.body.id}/release`, { body: {} });
    await it.mailOut();
    expect(it.mails).toHaveLength(1);
  });
});

describe('while the person has not answered', () => {
  test('they are reminded once, however late the policy would let it be', async () => {
    const it = await assistedWorld();
    const { postId } = await it.asked();
    await it.wakeUp(postId);
    await it.mailOut();
    expect(it.mails.map(({ subject }) => subject)).toEqual([
      'Bread & Butter: please publish now on XING',
      'Bread & Butter: not confirmed yet on XING',
    ]);
    expect(await it.delivery(postId)).toMatchObject({
      state: 'pending',
      askedAt: DUE_AT,
      nextAttemptAt: DUE_AT + 48 * HOUR,
    });
  });

  test('nothing but the person ends it, for two days; then the agency clears it up', async () => {
    const it = await assistedWorld();
    const { postId, link } = await it.asked();
    await it.wakeUp(postId);
    await it.wakeUp(postId);
    expect(await it.delivery(postId)).toMatchObject({ state: 'uncertain', code: 'unclear' });
    expect(ofKind(it.seen.reportMessages)).toContain('alert');
    expect((await it.open(link)).text).toContain('There has been no answer for 48 hours');
    const reply = await it.press(link, { decision: 'published', url: POSTED });
    expect(reply.status).toBe(200);
    expect(await it.delivery(postId)).toMatchObject({ state: 'published', url: POSTED });
  });

  test('a delivery that rescue has to give up is unclear, not failed', async () => {
    const it = await assistedWorld();
    const { postId } = await it.asked();
    for (let days = 1; days <= 6; days++) {
      it.pass(DAY);
      await rescue(it.deps);
    }
    expect((await it.delivery(postId)).state).toBe('uncertain');
  });

  test('a hold stops it, and its release goes on with the same question', async () => {
    const it = await assistedWorld();
    const { postId, link } = await it.asked();
    const hold = await it.request('POST', '/v1/holds', {
      body: { scope: { channelId: it.channelId }, reason: 'Wait' },
    });
    await it.wakeUp(postId);
    expect((await it.delivery(postId)).state).toBe('held');
    expect((await it.open(link)).text).toContain('on hold: please do not publish');
    it.pass(3 * HOUR);
    await it.request('POST', `/v1/holds/${hold.body.id}/release`, { body: {} });
    await it.wakeUp(postId);
    await it.mailOut();
    expect(await it.delivery(postId)).toMatchObject({ state: 'pending', askedAt: DUE_AT });
    expect(it.mails).toHaveLength(2);
    expect((await it.open(link)).text).toContain('It is published');
  });
});

describe('held after somebody was asked', () => {
  const heldWith = async () => {
    const it = await assistedWorld();
    const asked = await it.asked();
    const hold = await it.request('POST', '/v1/holds', {
      body: { scope: { channelId: it.channelId }, reason: 'Wait' },
    });
    await it.wakeUp(asked.postId);
    expect((await it.delivery(asked.postId)).state).toBe('held');
    return { ...it, ...asked, holdId: hold.body.id as string };
  };

  test('it may be out, so it is neither cancelled nor changed, and a late word still counts', async () => {
    const it = await heldWith();
    const cancelled = await it.request('POST', `/v1/posts/${it.postId}/cancel`);
    expect([cancelled.status, cancelled.body.deliveries]).toEqual([409, [it.id]]);
    expect((await it.request('DELETE', `/v1/posts/${it.postId}`)).status).toBe(409);
    const deleted = await it.request('DELETE', `/v1/channels/${it.channelId}?cancel=true`);
    expect([deleted.status, deleted.body.detail]).toEqual([409, expect.stringContaining('resolve')]);
    const edited = await it.request('PATCH', `/v1/posts/${it.postId}`, {
      body: { content: { text: 'Fresh rolls' } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(edited.status).toBe(409);
    expect((await it.press(it.link, { decision: 'published', url: POSTED })).status).toBe(200);
    expect(await it.delivery(it.postId)).toMatchObject({ state: 'published', url: POSTED });
  });

  test('an editor says in its place what became of it', async () => {
    for (const [resolution, state] of [
      [{ outcome: 'published', url: POSTED }, 'published'],
      [{ outcome: 'not_published', then: 'fail' }, 'failed'],
    ] as const) {
      const it = await heldWith();
      const resolved = await it.request('POST', `/v1/deliveries/${it.id}/resolve`, { body: resolution });
      expect([resolved.status, resolved.body.state]).toEqual([200, state]);
      expect(resolved.body.holds).toEqual([]);
    }
  });
});

describe('asked anew', () => {
  test('after a refusal, a retry makes another mail and the old link works again', async () => {
    const it = await assistedWorld();
    const { postId, id, link } = await it.asked();
    await it.press(link, { decision: 'not_published', reason: 'The picture is missing' });
    expect(await it.delivery(postId)).toMatchObject({
      state: 'failed',
      code: 'declined',
      reason: 'The picture is missing',
    });
    it.pass(HOUR);
    expect((await it.request('POST', `/v1/deliveries/${id}/retry`)).status).toBe(200);
    await it.wakeUp(postId);
    await it.mailOut();
    expect(it.mails).toHaveLength(2);
    expect((await it.delivery(postId)).askedAt).toBe(it.time.now);
    expect((await it.open(link)).text).toContain('It is published');
  });

  test('after an edit, the old link says that it was changed, and the new mail says what holds', async () => {
    const it = await assistedWorld();
    const { postId, link } = await it.asked();
    await it.press(link, { decision: 'not_published' });
    const dueAt = DUE_AT + DAY;
    const edited = await it.request('PATCH', `/v1/posts/${postId}`, {
      body: { content: { text: 'Fresh rolls' }, dueAt: new Date(dueAt).toISOString() },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(edited.status, edited.text).toBe(200);
    expect((await it.open(link)).text).toContain('was changed after this e-mail');
    expect((await it.press(link, { decision: 'published' })).status).toBe(409);
    await it.wakeUp(postId);
    await it.mailOut();
    expect(it.mails.at(-1)?.text).toContain('Fresh rolls');
    const fresh = it.linkIn(it.mails.at(-1));
    expect((await it.press(fresh, { decision: 'published' })).status).toBe(200);
    expect((await it.delivery(postId)).state).toBe('published');
  });
});
