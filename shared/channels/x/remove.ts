import * as z from 'zod';
import type { Context, HttpAnswer, Provider } from '../provider.ts';
import { call, successJson, toFailure, toRefusal, type XAccess, type XCredential } from './api.ts';

type Removed = Awaited<ReturnType<NonNullable<Provider<XCredential>['remove']>>>;

const deleted = z.object({ data: z.object({ deleted: z.literal(true) }) });

/** Takes a post and what belongs to it off X, the last one first: what fails can be asked for again. */
export async function removePosts(
  access: XAccess,
  ids: readonly string[],
  context: Context,
): Promise<Removed> {
  let last: Removed = { kind: 'absent' };
  for (const id of ids.toReversed()) {
    const answer = await context.http(call(access, 'DELETE', `/2/tweets/${encodeURIComponent(id)}`));
    last = toRemoved(answer, context);
    if (last.kind !== 'removed' && last.kind !== 'absent') return last;
  }
  return last;
}

const notFound = z.object({ type: z.string().regex(/\/resource-not-found$/) });

function toRemoved(answer: HttpAnswer, context: Context): Removed {
  const json = answer.kind === 'answered' ? answer.json : undefined;
  if (deleted.safeParse(successJson(answer)).success) return { kind: 'removed' };
  const { errors = [] } = z.object({ errors: z.array(z.unknown()).optional() }).safeParse(json).data ?? {};
  if ([json, ...errors].some((one) => notFound.safeParse(one).success)) return { kind: 'absent' };
  const outcome = toRefusal(answer, context.now());
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
}
