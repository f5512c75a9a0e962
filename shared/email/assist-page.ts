import type { Instant } from '../domain/time.ts';
import { type AssistView, assistParts } from './assist-parts.ts';
import { formatFor } from './format.ts';
import { type Html, html, NOTHING, webUrl } from './html.ts';
import { isolated } from './place.ts';
import { smallPage } from './small-page.ts';
import { type AssistTexts, assistTextsFor } from './texts-assist.ts';

/** How things stand with what somebody was asked to publish. */
export type AssistStanding = {
  readonly standing: 'open' | 'held' | 'moving' | 'published' | 'failed' | 'off' | 'changed';
  /** Asked for so long that the agency has to clear it up. */
  readonly late: boolean;
  readonly publishedAt?: Instant | undefined;
  readonly url?: string | undefined;
  readonly reason?: string | undefined;
  /** What a button has just done: something, or nothing, because it was settled before. */
  readonly answered?: 'said' | 'nothing' | undefined;
  /** Why what was sent could not be taken, and the address as it was sent. */
  readonly problem?: { readonly words: string; readonly url: string } | undefined;
};

/**
 * The page behind the link in a mail: what to publish, and two forms that say what became of it. A GET only shows,
 * because mail scanners open every link; a button POSTs to the same address.
 */
export function assistPage(view: AssistView, now: AssistStanding): string {
  const texts = assistTextsFor(view.locale);
  const format = formatFor(view.locale, view.timeZone);
  const due = format.dayTime(view.dueAt);
  const head = html`<p>${texts.subtitle(isolated(view.brandName), isolated(view.channelName), due)}</p>`;
  const publishedAt = now.publishedAt === undefined ? undefined : format.dayTime(now.publishedAt);
  return smallPage(
    texts.language,
    texts.title(view.network),
    html`${head}${content(view, now, publishedAt, texts)}`,
  );
}

/** What stands behind a link that is forged, cut off, or about something that is gone. */
export function deadAssistPage(locale: string): string {
  const texts = assistTextsFor(locale);
  return smallPage(texts.language, 'Sendeplan', html`<p>${texts.dead}</p>`);
}

function content(
  view: AssistView,
  now: AssistStanding,
  publishedAt: string | undefined,
  texts: AssistTexts,
): Html {
  switch (now.standing) {
    case 'open': {
      const late = now.late ? html`<p><strong>${texts.late}</strong></p>` : NOTHING;
      return html`${late}${toPublish(view, texts)}${publishedForm(now, texts)}${refusedForm(texts)}`;
    }
    case 'held':
      return html`<p><strong>${texts.held}</strong></p><p>${texts.heldBut}</p>${publishedForm(now, texts)}`;
    case 'moving':
      return html`<p>${texts.moving}</p>`;
    case 'published':
      return html`${answered(now, texts)}<p>${texts.isPublished(publishedAt)}</p>${look(now.url, texts)}`;
    case 'failed':
      return html`${answered(now, texts)}<p>${texts.isFailed(now.reason)}</p><p>${texts.noted}</p>`;
    case 'off':
      return html`<p><strong>${texts.off}</strong></p>`;
    case 'changed':
      return html`<p><strong>${texts.changed}</strong></p>`;
  }
}

function answered({ answered: done }: AssistStanding, texts: AssistTexts): Html {
  if (done === undefined) return NOTHING;
  return html`<p>${done === 'said' ? texts.thanks : texts.nothingChanged}</p>`;
}

function look(url: string | undefined, texts: AssistTexts): Html {
  const href = webUrl(url);
  return href === undefined ? NOTHING : html`<p><a href="${href}" rel="noreferrer">${texts.look}</a></p>`;
}

function toPublish(view: AssistView, texts: AssistTexts): Html {
  const parts = assistParts(view).map(({ heading, text }, index) => {
    const rows = Math.min(16, text.split('\n').length + Math.ceil(text.length / 50));
    return html`<p><label for="part-${index}">${heading}</label><textarea id="part-${index}" readonly rows="${rows}">\n${text}</textarea></p>`;
  });
  const files = view.media.map(({ name, alt, url }) => {
    const described = alt === '' ? NOTHING : html`<br>${texts.alt(alt)}`;
    return html`<li><a href="${url}">${texts.download(name)}</a>${described}</li>`;
  });
  const media = files.length === 0 ? NOTHING : html`<p>${texts.media}</p><ul>${files}</ul>`;
  const links = [
    { label: texts.openForm(view.network), href: webUrl(view.deepLink) },
    { label: texts.openProfile, href: webUrl(view.profileUrl) },
  ].map(({ label, href }) =>
    href === undefined ? NOTHING : html`<p><a href="${href}" rel="noreferrer">${label}</a></p>`,
  );
  return html`${texts.steps.map((step) => html`<p>${step}</p>`)}${parts}${media}${links}`;
}

function publishedForm({ problem }: AssistStanding, texts: AssistTexts): Html {
  const words = problem === undefined ? NOTHING : html`<p role="alert"><strong>${problem.words}</strong></p>`;
  return html`<form method="post">${words}<p><label for="url">${texts.url}</label><input id="url" name="url" inputmode="url" autocomplete="off" maxlength="2048" placeholder="https://" value="${problem?.url ?? ''}"></p><p><button type="submit" name="decision" value="published">${texts.published}</button></p></form>`;
}

function refusedForm(texts: AssistTexts): Html {
  return html`<hr><form method="post"><p>${texts.cannot}</p><p><label for="reason">${texts.reason}</label><input id="reason" name="reason" maxlength="500" autocomplete="off"></p><p><button type="submit" name="decision" value="not_published">${texts.notPublished}</button></p></form>`;
}
