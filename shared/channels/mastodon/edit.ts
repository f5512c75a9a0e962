import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import { notEditable, refuseFixed } from '../../domain/fixed-parts.ts';
import { type Instant, SECOND } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { reasonOf } from '../outcome.ts';
import type { HttpAnswer, Provider } from '../provider.ts';
import { get, isGone, type MastodonCredential, serverId, toFailure } from './api.ts';
import { limitsOf } from './limits.ts';
import { optionsOf, toStatus } from './status.ts';
import { toOutcome } from './steps.ts';

type Edit = NonNullable<Provider<MastodonCredential>['edit']>;

/**
 * Says the post anew, not what follows it. An edit tells all of a status: files, poll and warning that it leaves out
 * are taken off, so they are told as the server has them. https://docs.joinmastodon.org/methods/statuses/#edit and
 * https://github.com/mastodon/mastodon/blob/main/app/services/update_status_service.rb
 */
export const editOnMastodon: Edit = async (request, context) => {
  const { variant, credential, facts, externalId } = request;
  const options = optionsOf(variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const refused = refuseFixed('Mastodon', request, { options: ['visibility'] });
  if (refused !== undefined) return refused;
  const failed = (answer: HttpAnswer): Awaited<ReturnType<Edit>> => {
    const outcome = toOutcome(answer, credential, context.now());
    return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
  };
  const frame = get(credential, `/api/v1/statuses/${serverId(externalId)}`);
  const read = await context.http(frame);
  if (isGone(read) && read.kind === 'answered') {
    return { kind: 'rejected', code: 'gone', reason: reasonOf(read) };
  }
  const present = statusOf(read, presentSchema);
  if (present === undefined) return failed(read);
  const poll = present.poll ? keptPoll(present.poll, facts, context.now()) : undefined;
  if (poll === 'over') {
    return notEditable('Mastodon would open the poll again: it has ended, or is about to');
  }
  const { visibility: _stays, sensitive = present.sensitive, ...own } = options;
  const mediaIds = present.media_attachments.map(({ id }) => id);
  const status = { ...toStatus(withLink(variant), { ...own, sensitive }, { mediaIds }), poll };
  const answer = await context.http({
    ...frame,
    method: 'PUT',
    headers: { ...frame.headers, 'content-type': 'application/json' },
    body: JSON.stringify(status),
  });
  return statusOf(answer, z.object({ id: z.string() })) === undefined ? failed(answer) : { kind: 'edited' };
};

/** https://docs.joinmastodon.org/entities/Poll/, as far as it is read. */
const pollSchema = z.object({
  expires_at: z.iso.datetime({ offset: true }).nullable(),
  multiple: z.boolean(),
  options: z.array(z.object({ title: z.string(), votes_count: z.int().nullish() })),
});

const presentSchema = z.object({
  sensitive: z.boolean().default(false),
  media_attachments: z.array(z.object({ id: z.string() })).default([]),
  poll: pollSchema.nullish(),
});

const statusOf = <T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined =>
  answer.kind === 'answered' && answer.status === 200 ? schema.safeParse(answer.json).data : undefined;

/**
 * The poll to the letter, with the time that it has left: another option, and `multiple` left out, would take all votes
 * away. `over`: the server takes no end that is as near as this one.
 * https://github.com/mastodon/mastodon/blob/main/app/validators/poll_expiration_validator.rb
 */
function keptPoll(
  { expires_at, multiple, options }: z.infer<typeof pollSchema>,
  facts: ChannelFacts,
  now: Instant,
): Readonly<Record<string, unknown>> | 'over' {
  const seconds = expires_at === null ? undefined : Math.round((Date.parse(expires_at) - now) / SECOND);
  if (seconds !== undefined && seconds < limitsOf(facts).pollMinSeconds) return 'over';
  return {
    options: options.map(({ title }) => title),
    multiple,
    // What hides them tells no counts, https://docs.joinmastodon.org/entities/Poll/#Option-votes_count
    hide_totals: options.some(({ votes_count }) => votes_count === null),
    ...(seconds === undefined ? {} : { expires_in: seconds }),
  };
}
