import type { Variant } from '../domain/content.ts';
import { type Finding, finding } from '../domain/finding.ts';
import { findUrls } from '../domain/text-count.ts';
import type { Provider } from './provider.ts';

/** Findings for a network that takes text, a link and its own options, and nothing else. */
export function checkTextOnly(
  { name, limits, countText, render }: Pick<Provider, 'name' | 'limits' | 'countText' | 'render'>,
  variant: Variant,
): Finding[] {
  const network = name;
  const shown = render(variant);
  const found: Finding[] = [];
  if (shown.trim() === '') found.push(finding('error', 'text_empty', '/text'));
  const count = countText(shown);
  if (limits.text !== null && count > limits.text) {
    const { text: limit, unit } = limits;
    found.push(finding('error', 'text_too_long', '/text', { network, count, unit, limit }));
  }
  if (variant.media?.length) found.push(finding('error', 'media_unsupported', '/media', { network }));
  if (variant.thread?.length) found.push(finding('error', 'thread_unsupported', '/thread', { network }));
  if (variant.firstComment !== undefined) {
    found.push(finding('error', 'first_comment_unsupported', '/firstComment', { network }));
  }
  if (variant.poll !== undefined) found.push(finding('error', 'poll_unsupported', '/poll', { network }));
  return found;
}

/** The text with its link below, unless the text has the link already. */
export function withLink({ text, link }: Pick<Variant, 'text' | 'link'>): string {
  if (link === undefined || findUrls(text).some(({ url }) => url === link)) return text;
  return text.trim() === '' ? link : `${text.trimEnd()}\n\n${link}`;
}
