import * as z from 'zod';
import { ok, unverified } from '../outcome.ts';
import type { Context, Verified } from '../provider.ts';
import { type DiscourseCredential, discourseCall, discourseFailure, forumOf, profileOf } from './api.ts';

/** Whether the key opens its user's profile; a key that is wrong is refused also for what everybody may see. */
export async function verifyDiscourse(credential: DiscourseCredential, context: Context): Promise<Verified> {
  const get = (route: string) => context.http(discourseCall(credential, 'GET', route));
  const answer = await get(profileOf(credential));
  const user = ok(answer, userSchema)?.user;
  if (user === undefined) {
    if (answer.kind === 'answered' && answer.status < 400) {
      return { kind: 'refused', reason: 'There is no Discourse API at this address.' };
    }
    return unverified(discourseFailure(answer, context.now()));
  }
  const forum = forumOf(credential);
  const place = forum.replace(/^https?:\/\//, '');
  const version = ok(await get('/about.json'), aboutSchema)?.about.version;
  return {
    kind: 'verified',
    account: {
      id: `${place}#${user.id}`,
      handle: `${user.username}@${place}`,
      url: `${forum}/u/${encodeURIComponent(user.username)}`,
    },
    facts: version !== undefined && takesTagObjects(version) ? { tagObjects: true } : {},
  };
}

/** Since 2026.1 tags go as objects, and their bare names only for a while longer; forums before it know names alone. */
export function takesTagObjects(version: string): boolean {
  const [year = 0, month = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return year > 2026 || (year === 2026 && month >= 1);
}

const userSchema = z.object({ user: z.object({ id: z.int(), username: z.string().min(1) }) });
const aboutSchema = z.object({ about: z.object({ version: z.string() }) });
