import { excerpt } from '../domain/report-rows.ts';
import { type AssistView, assistParts } from './assist-parts.ts';
import { formatFor } from './format.ts';
import { webUrl } from './html.ts';
import { mailHtml } from './mail-html.ts';
import { mailText } from './mail-text.ts';
import type { Block, Item, MailView, RenderedMail, Section } from './mail-view.ts';
import { isolated } from './place.ts';
import { type AssistTexts, assistTextsFor } from './texts-assist.ts';

/** A mail stays readable, and below what mailboxes cut off; the page has all of it. */
const LONGEST = 4_000;

/** Asks somebody to publish by hand: what, where, and the way to the page that takes the answer. */
export function renderAssist(
  view: AssistView,
  { pageUrl, reminder }: { pageUrl: string; reminder: boolean },
): RenderedMail {
  const texts = assistTextsFor(view.locale);
  const { network } = view;
  const [brandName, channelName] = [isolated(view.brandName), isolated(view.channelName)];
  const due = formatFor(view.locale, view.timeZone).dayTime(view.dueAt);
  const subject = texts
    .subject(network, brandName, reminder)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const mail: MailView = {
    language: texts.language,
    subject,
    preheader: excerpt(view.text, 120),
    title: texts.title(network),
    subtitle: texts.subtitle(brandName, channelName, due),
    sections: [
      {
        tone: 'request',
        blocks: [
          { kind: 'text', text: `${texts.hello(view.name)}\n${texts.ask(network, reminder)}` },
          { kind: 'text', text: texts.steps.join('\n') },
          { kind: 'items', items: [linkItem(texts.openPage, pageUrl, texts)] },
        ],
      },
      ...assistParts(view).map(({ heading, text }): Section => ({ heading, blocks: [cutText(text, texts)] })),
      ...mediaSection(view, texts),
      { blocks: [{ kind: 'items', items: whereTo(view, texts) }] },
    ],
    footer: [{ text: texts.why(isolated(view.agencyName), channelName) }],
  };
  return { subject, html: mailHtml(mail), text: mailText(mail) };
}

function cutText(text: string, texts: AssistTexts): Block {
  const whole = [...text];
  return {
    kind: 'text',
    text: whole.length <= LONGEST ? text : `${whole.slice(0, LONGEST).join('')}\n${texts.cut}`,
  };
}

function mediaSection({ media }: AssistView, texts: AssistTexts): Section[] {
  if (media.length === 0) return [];
  const items = media.map(
    ({ name, alt, url }): Item => ({
      title: name,
      lines: alt === '' ? [] : [texts.alt(alt)],
      link: { href: url, label: texts.download(name) },
    }),
  );
  return [{ heading: texts.media, blocks: [{ kind: 'items', items }] }];
}

function whereTo({ network, deepLink, profileUrl }: AssistView, texts: AssistTexts): Item[] {
  const links = [
    { label: texts.openForm(network), href: webUrl(deepLink) },
    { label: texts.openProfile, href: webUrl(profileUrl) },
  ];
  return links.flatMap(({ label, href }) => (href === undefined ? [] : [linkItem(label, href, texts)]));
}

const linkItem = (title: string, href: string, { open }: AssistTexts): Item => ({
  title,
  lines: [],
  link: { href, label: open },
});
