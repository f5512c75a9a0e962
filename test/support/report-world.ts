import { stores } from '../../shared/adapters/store/stores.ts';
import type { Agency } from '../../shared/domain/agency.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { contentHash } from '../../shared/domain/content.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { sha256 } from '../../shared/domain/ids.ts';
import type { ReportMessage } from '../../shared/domain/messages.ts';
import { told } from '../../shared/domain/metrics.ts';
import { DAY, HOUR, type Instant, SECOND } from '../../shared/domain/time.ts';
import type { AnyProvider, Deps, Mail } from '../../shared/ports.ts';
import { sendAlerts } from '../../shared/usecases/send-alerts.ts';
import { sendReport } from '../../shared/usecases/send-report.ts';
import { weeklyReport } from '../../shared/usecases/weekly-report.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { aBrand, aChannel, aContent, aDelivery, anAgency, anId, aPost } from './builders.ts';
import { asFunction, heldToRights } from './held-to-rights.ts';
import { REPORT_AT, WEEK_FROM } from './report-data.ts';

export type MailOutcome = Awaited<ReturnType<Deps['mailer']['send']>>;
export type ReportWorldOptions = {
  readonly brand?: Partial<Brand>;
  readonly now?: Instant;
  /** Can the mail service be asked whether it took a mail? AWS cannot, the laptop can. */
  readonly lookUp?: boolean;
  /** What the mail service does with a mail; undefined: it takes it. */
  readonly mailService?: (mail: Mail, now: Instant) => Exclude<MailOutcome, { kind: 'sent' }> | undefined;
};
export type ReportWorld = Awaited<ReturnType<typeof reportWorld>>;
type Queued = { readonly message: ReportMessage; readonly at: Instant };

export const CLIENT = 'client@bakery.example';
export const BOSS = 'boss@bakery.example';
export const AGENT = 'agent@agency.example';

/**
 * One brand with a Mastodon and a WordPress channel on Monday, 30 November 2026, 08:00 in Berlin; stores in
 * memory, a queue with a clock, and a mail service that remembers what it took.
 */
export async function reportWorld(options: ReportWorldOptions = {}) {
  const time = { now: options.now ?? REPORT_AT };
  const accepted: Mail[] = [];
  const queue: Queued[] = [];
  const events: { id: string; type: string; data: Readonly<Record<string, unknown>> }[] = [];
  const disarmed: string[] = [];
  let drawn = 0;
  const beyond: string[] = [];
  const held = heldToRights((what) => void beyond.push(what));
  const deps = held.deps({
    ...stores(held.table(memoryTable()), () => time.now),
    clock: { now: () => time.now, monotonic: () => time.now, sleep: async () => {} },
    random: { bytes: (count: number) => Buffer.from(sha256(`random ${drawn++}`), 'hex').subarray(0, count) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    settings: {
      stage: 'test',
      laptop: false,
      mailFrom: 'reports@agency.example',
      publicUrl: 'https://api.agency.example',
    },
    scheduler: { disarmReport: async (brandId: string) => void disarmed.push(brandId) },
    reportQueue: {
      send: async (message: ReportMessage, { delaySeconds = 0 }: { delaySeconds?: number } = {}) => {
        if (delaySeconds > 900 || !Number.isInteger(delaySeconds)) throw new Error(`delay ${delaySeconds}`);
        queue.push({ message, at: time.now + delaySeconds * SECOND });
      },
    },
    bus: { announce: async (told: typeof events) => void events.push(...told) },
    mailer: {
      send: async (mail: Mail): Promise<MailOutcome> => {
        const refusal = options.mailService?.(mail, time.now);
        if (refusal && refusal.kind !== 'uncertain') return refusal;
        accepted.push(mail);
        return refusal ?? { kind: 'sent', messageId: `message-${accepted.length}` };
      },
      wasSent: async (mailId: string) => {
        if (options.lookUp === false) return { kind: 'unknown' };
        const index = accepted.findIndex((mail) => mail.mailId === mailId);
        return index < 0 ? { kind: 'absent' } : { kind: 'sent', messageId: `message-${index + 1}` };
      },
    },
    vault: {
      seal: async (agency: Agency, owner: string, field: string, plain: string) =>
        JSON.stringify([agency.id, owner, field, plain]),
      open: async (agency: Agency, owner: string, field: string, sealed: string) => {
        const [agencyId, sealedFor, sealedAs, plain] = JSON.parse(sealed) as string[];
        if (agencyId !== agency.id || sealedFor !== owner || sealedAs !== field)
          throw new Error('sealed elsewhere');
        return plain ?? '';
      },
    },
    provider: (network: string) => PROVIDERS[network],
  } as unknown as Deps);

  const brand = aBrand({
    alerts: { recipients: [AGENT] },
    report: {
      weekday: 'monday',
      time: '08:00',
      recipients: [
        { email: CLIENT },
        { email: BOSS, locale: 'en-GB' },
        { email: AGENT, audience: 'agency', locale: 'en' },
      ],
    },
    createdAt: WEEK_FROM - 70 * DAY,
    ...options.brand,
  });
  await deps.agencies.create(anAgency());
  await deps.brands.create(brand);
  const mastodon = aChannel({ name: 'Bäckerei Müller' });
  const blog = aChannel({ id: anId('chn', 'blog'), network: 'wordpress', name: 'Backstubenblog' });
  for (const channel of [mastodon, blog]) await deps.channels.create(channel);

  return {
    deps,
    time,
    brand,
    mastodon,
    blog,
    accepted,
    queue,
    events,
    disarmed,
    where: { agencyId: brand.agencyId, brandId: brand.id },
    /** Works the queue off as time goes by, until it is empty or `until` has come. */
    drain: async (until = time.now + DAY, work: Work = handle) => {
      for (;;) {
        const next = queue.toSorted((a, b) => a.at - b.at)[0];
        if (!next || next.at > until) return;
        queue.splice(queue.indexOf(next), 1);
        time.now = Math.max(time.now, next.at);
        await asFunction('report', () => work(next.message, deps));
        if (beyond.length > 0) throw new Error(`on AWS refused: ${beyond.join('; ')}`);
      }
    },
    addPost: (name: string, delivery: Partial<Delivery>, post: AddedPost = {}) =>
      addPost(deps, name, delivery, { channel: mastodon, ...post }),
  };
}

export type Work = (message: ReportMessage, deps: Deps) => Promise<void>;

/** What the function does with a message. */
export const handle: Work = async (message, deps) => {
  if (message.kind === 'weekly') return weeklyReport(deps, message);
  if (message.kind === 'send') return sendReport(deps, message);
  return sendAlerts(deps, message);
};

type AddedPost = {
  readonly channel?: Channel;
  readonly text?: string;
  /** After 24 h; without it, not measured. */
  readonly reactions?: number;
  /** The brand it belongs to, if not the world's own. */
  readonly brandId?: string;
};

async function addPost(
  deps: Deps,
  name: string,
  over: Partial<Delivery>,
  { channel = aChannel(), text = `Text of ${name}`, reactions, brandId = anId('brd') }: AddedPost,
): Promise<string> {
  const content = aContent({ base: { text } });
  const delivery = aDelivery({ channelId: channel.id, network: channel.network, ...over });
  const post = aPost({
    id: anId('post', name),
    brandId,
    contentHash: contentHash(content),
    deliveries: [delivery],
  });
  await deps.posts.putContent(post.agencyId, post.id, post.revision, post.contentHash, content);
  await deps.posts.create(post);
  if (delivery.publishedAt !== undefined) await deps.posts.addPointer(post, delivery.publishedAt);
  if (reactions !== undefined) {
    const at = (delivery.publishedAt ?? 0) + 24 * HOUR;
    const metrics = told({ reactions, replies: 0, shares: 0 });
    await deps.posts.addSwept(post.agencyId, brandId, at, [
      { postId: post.id, n: 1, age: '24h', at, metrics },
    ]);
  }
  return post.id;
}

/** A delivery that went out at `at`. */
export const out = (at: Instant, over: Partial<Delivery> = {}): Partial<Delivery> => ({
  state: 'published',
  dueAt: at - 400,
  startedAt: at - 300,
  publishedAt: at,
  externalId: String(at),
  url: 'https://social.example/p',
  ...over,
});

const PROVIDERS: Readonly<Record<string, AnyProvider>> = {
  mastodon: {
    name: 'Mastodon',
    metrics: { told: { reactions: 'favourites', replies: 'replies', shares: 'boosts' } },
  } as unknown as AnyProvider,
  wordpress: { name: 'WordPress' } as unknown as AnyProvider,
};
