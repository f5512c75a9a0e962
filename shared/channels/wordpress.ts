import * as z from 'zod';
import type { Variant } from '../domain/content.ts';
import { type Finding, finding } from '../domain/finding.ts';
import { codePoints } from '../domain/text-count.ts';
import { checkContent, withLink } from './check-content.ts';
import { measureFailure, ok, reasonOf } from './outcome.ts';
import type { HttpAnswer, Provider } from './provider.ts';
import {
  call,
  errorCode,
  usesQueryRoutes,
  type WordpressCredential,
  wordpressCredential,
} from './wordpress/api.ts';
import { editOnWordpress } from './wordpress/edit.ts';
import { findOnSite } from './wordpress/find.ts';
import { WORDPRESS_IMAGE } from './wordpress/media.ts';
import { readComments, readStatuses } from './wordpress/metrics.ts';
import { optionsOf, titleFor, type WordpressOptions, wordpressOptions } from './wordpress/post.ts';
import { nextStep } from './wordpress/steps.ts';
import { verifySite } from './wordpress/verify.ts';

/** A WordPress site of one's own, by its REST API and an application password. */
export const wordpress: Provider<WordpressCredential, WordpressOptions> = {
  id: 'wordpress',
  name: 'WordPress',
  limits: {
    text: null,
    unit: 'characters',
    media: { least: 0, most: 20, alt: 2_000, image: WORDPRESS_IMAGE },
  },
  countText: codePoints,
  credential: wordpressCredential,
  options: wordpressOptions,
  render: withLink,
  check: (variant) => [...checkContent(wordpress, variant), ...checkTitle(variant)],
  verify: verifySite,

  // A request that the site has read is carried out though nobody listens any more: PHP notices a closed connection
  // only when it writes (ignore_user_abort), and WordPress writes its answer after the post stands. That takes parts
  // of a second as a rule, and 30 s of its own work are all that PHP grants a request (max_execution_time): what is
  // absent then was not carried out. A site that had us wait for an answer is given five times that wait (settle).
  // https://www.php.net/manual/en/features.connection-handling.php
  safety: { kind: 'findable', findAfterSeconds: 30, marked: true },

  publish: nextStep,
  poll: nextStep,

  find: findOnSite,

  metrics: {
    told: { replies: 'approved comments' },
    batch: 20,
    async fetch({ credential, facts, externalIds }, context) {
      const ids = externalIds.filter((id) => /^\d+$/.test(id));
      if (ids.length === 0) return new Map();
      const get = (route: string, query: Readonly<Record<string, string>>): Promise<HttpAnswer> =>
        context.http(call(credential, usesQueryRoutes(facts), 'GET', route, { query }));
      const statuses = await readStatuses(ids, get, context.now());
      if (!(statuses instanceof Map)) return statuses;
      return readComments(ids, statuses, get, context.now());
    },
    followers: async () => null,
  },

  edit: editOnWordpress,

  // Its images stay: the library has no trash, so they would be deleted for good, also where other posts show them,
  // and the post could not come back out of the trash as it was.
  async remove({ credential, facts, externalId }, context) {
    const route = `/posts/${encodeURIComponent(externalId)}`;
    const answer = await context.http(call(credential, usesQueryRoutes(facts), 'DELETE', route));
    if (ok(answer, z.object({ id: z.int() }))) return { kind: 'removed' };
    const code = errorCode(answer);
    if (code === 'rest_post_invalid_id' || code === 'rest_already_trashed') return { kind: 'absent' };
    // 501 where a site keeps no trash: deleting for good is nothing to do on the side.
    if (answer.kind === 'answered' && (answer.status === 403 || answer.status === 501)) {
      return { kind: 'rejected', code: code ?? `http_${answer.status}`, reason: reasonOf(answer) };
    }
    return measureFailure(answer, context.now());
  },
};

function checkTitle(variant: Variant): Finding[] {
  const network = wordpress.name;
  if (optionsOf(variant).title !== undefined) return [];
  const title = titleFor(variant);
  if (title !== '') return [finding('warning', 'title_from_text', '/options/title', { network, title })];
  // A site refuses a post without any words; an image at its head is none.
  const severity = variant.link === undefined ? 'error' : 'warning';
  return [finding(severity, 'title_missing', '/options/title', { network })];
}
