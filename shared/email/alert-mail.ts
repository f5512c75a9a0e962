import { excerpt } from '../domain/report-rows.ts';
import type { Instant } from '../domain/time.ts';
import { type Format, formatFor } from './format.ts';
import { webUrl } from './html.ts';
import { mailHtml } from './mail-html.ts';
import { mailText } from './mail-text.ts';
import type { Item, MailView, RenderedMail } from './mail-view.ts';
import { isolated } from './place.ts';
import { type AlertKind, type AlertTexts, type Texts, textsFor } from './texts.ts';
import { alertTextsFor } from './texts-alert.ts';

export type { AlertKind } from './texts.ts';

/** One thing that needs a person. */
export type AlertLine = {
  readonly kind: AlertKind;
  /** The channel, or whoever a mail was for. */
  readonly where: string;
  readonly at: Instant;
  readonly dueAt?: Instant;
  readonly excerpt?: string;
  /** In the words of the network or of our own record. */
  readonly reason?: string;
  /** What the API knows it by. */
  readonly id?: string;
  /** Where to look with one's own eyes. */
  readonly url?: string;
};

export type AlertOptions = {
  readonly brandName: string;
  readonly timeZone: string;
  readonly locale: string;
  /** Where the API is described. */
  readonly docsUrl?: string | undefined;
  readonly unsubscribeUrl?: string | undefined;
};

const MAX_LINES = 20;

/** What needs a person in one brand as a mail: what, why, what to do, and where to look. */
export function renderAlert(lines: readonly AlertLine[], options: AlertOptions): RenderedMail {
  const texts = textsFor(options.locale);
  const alert = alertTextsFor(texts.language);
  const format = formatFor(options.locale, options.timeZone);
  const [first] = lines;
  const summary = first ? alert.what(first.kind, isolated(first.where)) : alert.title;
  const subject = alert
    .subject(isolated(options.brandName), lines.length, summary)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const rest = lines.length - MAX_LINES;
  const items = lines.slice(0, MAX_LINES).map((line) => itemOf(line, alert, texts, format));
  const links = [
    { text: alert.howTo, href: webUrl(options.docsUrl) },
    { text: texts.unsubscribe.link, href: webUrl(options.unsubscribeUrl) },
  ];
  const view: MailView = {
    language: texts.language,
    subject,
    preheader: summary,
    title: alert.title,
    subtitle: isolated(options.brandName),
    sections: [
      {
        blocks: [
          { kind: 'items', items },
          ...(rest > 0 ? [{ kind: 'small', text: alert.more(format.count(rest)) } as const] : []),
        ],
      },
    ],
    footer: [
      { text: alert.grouped },
      ...links.flatMap(({ text, href }) => (href === undefined ? [] : [{ text, href }])),
    ],
  };
  return { subject, html: mailHtml(view), text: mailText(view) };
}

function itemOf(line: AlertLine, alert: AlertTexts, texts: Texts, format: Format): Item {
  const href = webUrl(line.url);
  return {
    title: alert.what(line.kind, isolated(line.where)),
    lines: [
      ...(line.excerpt ? [texts.quoted(isolated(line.excerpt))] : []),
      ...(line.dueAt === undefined ? [] : [alert.due(format.dayTime(line.dueAt))]),
      ...(line.id ? [alert.id(line.id)] : []),
    ],
    told: [...(line.reason ? [alert.why(excerpt(line.reason, 300))] : []), alert.whatToDo(line.kind)],
    isTrouble: line.kind !== 'expiring',
    ...(href === undefined ? {} : { link: { href, label: alert.lookAtChannel } }),
  };
}
